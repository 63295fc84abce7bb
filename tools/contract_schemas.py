"""Writes the JSON Schemas of the files of a contract folder, for editors that complete and check while one writes.

    python -m tools.contract_schemas

They are made from the model, go to ``schemas/batchproof/contract/``, and are named in the first line of each YAML file.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

from batchproof.contract.examples import Example
from batchproof.contract.families import FOR, ITEMS
from batchproof.contract.file_schemas import schema_of
from batchproof.contract.model import Client, Contradiction, Hole, Invariant, Manifest, Probe, Requirement
from batchproof.places import schemas_dir
from batchproof.upgrade.model import Migration

from .evidence.openings import Opening

# the files of a folder, by name; and what each of them is read as
FILES: dict[str, Any] = {
    "contract": Manifest,
    "requirements": list[Requirement],
    "invariants": list[Invariant],
    "probes": list[Probe],
    "contradictions": list[Contradiction],
    "holes": list[Hole],
    "clients": list[Client],
    "open": list[Opening],
    "migration": Migration,
    "example": Example,
}
# what `for` may stand in
_OF_LISTS = ("Requirement", "Invariant", "Probe", "Contradiction", "Hole", "Client")
_OF_SECTIONS = ("Document", "Fixture", "Resource", "Lifecycle", "Operation", "Flow", "Capability")
_FOLDER = schemas_dir() / "batchproof" / "contract"
_FAMILIES = {
    "description": "The families (see `families` in contract.yaml) that this is made for, or each with words of its own.",
    "anyOf": [
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        {"type": "object", "additionalProperties": {"type": "object"}, "minProperties": 1},
    ],
}

_WORD = {
    "description": "A word of the families that stands for the value.",
    "type": "string",
    "pattern": "^<[A-Za-z_]+>(?![\\s\\S])",
}


def written() -> Iterator[tuple[str, str]]:
    """The name and the text of each schema file."""
    for name, kind in FILES.items():
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"https://batchproof.dev/schemas/batchproof/contract/{name}.json",
            **_with_families(copy.deepcopy(schema_of(kind))),
        }
        yield f"{name}.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def first_line(name: str) -> str:
    """The line that names the schema of a YAML file ``schemas/<vendor>/<version>/<name>.yaml``."""
    return f"# yaml-language-server: $schema=../../batchproof/contract/{name}.json\n"


def _with_families(schema: dict[str, Any]) -> dict[str, Any]:
    definitions = schema["$defs"]
    if "Manifest" in definitions:
        for kind in _OF_SECTIONS:
            _allow_families(definitions, kind)
    kind = schema.get("items", {}).get("$ref", "").rpartition("/")[2]
    if kind in _OF_LISTS:
        _allow_families(definitions, kind)
        definitions["Group"] = {
            "title": "Group",
            "description": "Items that are made for each of the families, one family after the other.",
            "type": "object",
            "properties": {FOR: _FAMILIES, ITEMS: {"type": "array", "items": schema["items"]}},
            "required": [FOR, ITEMS],
            "additionalProperties": False,
        }
        chosen = {"if": {"required": [ITEMS]}, "then": {"$ref": "#/$defs/Group"}, "else": schema["items"]}
        schema["items"] = chosen
    return schema


def _allow_families(definitions: dict[str, Any], kind: str) -> None:
    """Adds `for` to a kind of thing, and a word in place of each of its values that is no text anyway."""
    properties = definitions[kind]["properties"]
    for name, schema in properties.items():
        if schema and schema.get("type") != "string":
            about = {key: schema.pop(key) for key in ("description", "default") if key in schema}
            properties[name] = {**about, "anyOf": [schema, {"$ref": "#/$defs/Word"}]}
    properties[FOR] = _FAMILIES
    definitions["Word"] = _WORD


def main() -> None:
    """Writes the schemas, and the first lines of YAML files that lack them."""
    _FOLDER.mkdir(exist_ok=True)
    for name, text in written():
        (_FOLDER / name).write_text(text, encoding="utf-8")
    for file in sorted(schemas_dir().glob("*/*/*.yaml")):
        text = file.read_text(encoding="utf-8")
        if not text.startswith(first_line(file.stem)):
            file.write_text(first_line(file.stem) + text, encoding="utf-8")


if __name__ == "__main__":
    main()
