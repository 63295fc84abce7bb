"""The files of a contract folder as JSON Schemas, made from the model: what editors complete by, and what `check` explains by."""

from functools import cache
from typing import Any

import msgspec

from batchproof.contract.model import Client, Contradiction, Hole, Law, Manifest, Probe, Requirement

# the file of a folder, by its name without .yaml
FILES: dict[str, Any] = {
    "contract": Manifest,
    "requirements": list[Requirement],
    "laws": list[Law],
    "probes": list[Probe],
    "contradictions": list[Contradiction],
    "holes": list[Hole],
    "clients": list[Client],
}


@cache
def schema_of(kind: Any) -> dict[str, Any]:
    """The JSON Schema (Draft 2020-12) of a value that is read as ``kind``."""
    (schema,), definitions = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    return {**schema, "$defs": definitions}
