"""What is read from a contract folder as JSON Schema, made from the model: editors complete by it, and `check` explains by it."""

from functools import cache
from typing import Any

import msgspec

from batchproof.json_values import JsonObject


def schema_of(kind: type[Any]) -> JsonObject:
    """The JSON Schema (Draft 2020-12) of a value that is read as ``kind``."""
    # mypy takes no type for hashable
    return _schema(kind)  # type: ignore[arg-type]


@cache
def _schema(kind: type[Any]) -> JsonObject:
    (schema,), definitions = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    return {**schema, "$defs": definitions}
