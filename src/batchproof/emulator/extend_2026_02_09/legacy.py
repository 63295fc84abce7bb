"""Runs that an older version created: their configuration lists fields, and their output is a map of them.

This version shows both and creates neither (Get Extract Run, config and output).
"""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

from .store import Run

CONFIG: JsonObject = {
    "baseProcessor": "extraction_performance",
    "baseVersion": "3.1.0",
    "fields": [
        {"id": "field_1", "name": "vendor_name", "type": "string", "description": "Who sent the invoice"},
        {"id": "field_2", "name": "total", "type": "currency", "description": "The amount due"},
    ],
}

_VALUES = {"string": "Example Ltd.", "currency": {"amount": 129.5, "iso_4217_currency_code": "EUR"}}


def is_legacy(run: Run) -> bool:
    """Whether a run has a configuration of the older kind."""
    return "fields" in run.config


def of_run(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """The output: each field by its name, under the kind `legacy_output`."""
    body = {_name(field): _field(behaviour, run, field, call) for field in run.config["fields"]}
    return behaviour.shape("legacy_output", body, run, call)


def _name(field: JsonObject) -> str:
    return str(field.get("name") or field["id"])


def _field(behaviour: Behaviour, run: Run, field: JsonObject, call: Call) -> JsonObject:
    box = {"left": 10, "top": 10, "right": 90, "bottom": 20}
    place = {"id": field["id"], "fieldName": _name(field), "page": 1, "boundingBoxes": [box]}
    body = {
        "id": field["id"],
        "type": field["type"],
        "value": _VALUES.get(field["type"]),
        "confidence": 0.97,
        "references": [behaviour.shape("legacy_reference", place, run, call)],
    }
    return behaviour.shape("legacy_field", body, run, call)
