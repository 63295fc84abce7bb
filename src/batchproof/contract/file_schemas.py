"""What is read from a contract folder as JSON Schema, made from the model: editors complete by it, and `check` explains by it."""

from functools import cache
from typing import Any

import msgspec


@cache
def schema_of(kind: Any) -> dict[str, Any]:
    """The JSON Schema (Draft 2020-12) of a value that is read as ``kind``."""
    (schema,), definitions = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    return {**schema, "$defs": definitions}
