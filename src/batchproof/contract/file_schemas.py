"""What is read from a contract folder as JSON Schema, made from the model: editors complete by it, and `check` explains by it."""

import copy
from functools import cache
from typing import Any

import msgspec

from batchproof.contract.kinds import KINDS


def schema_of(kind: Any) -> dict[str, Any]:
    """The JSON Schema (Draft 2020-12) of a value that is read as ``kind``."""
    schema = copy.deepcopy(_of_the_model(kind))
    if "Invariant" in schema["$defs"]:
        schema["$defs"]["Invariant"]["properties"]["each"] = {"enum": sorted(KINDS)}
    return schema


@cache
def _of_the_model(kind: Any) -> dict[str, Any]:
    (schema,), definitions = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    return {**schema, "$defs": definitions}
