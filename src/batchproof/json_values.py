"""JSON as it is read, before anybody has looked at it."""

from typing import Any, TypeAlias

# what a JSON value is only its schema can tell: a union of all kinds would make every reader check what was checked before
Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Json]
