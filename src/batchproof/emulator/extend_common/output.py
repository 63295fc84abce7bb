"""Made-up extraction results which fit the schema of the run."""

from collections.abc import Iterator
from typing import Any

from batchproof.emulator.exchange import JsonObject

DEFAULT_CONFIG: JsonObject = {
    "baseProcessor": "extraction_performance",
    "baseVersion": "4.5.0",
    "schema": {
        "type": "object",
        "properties": {
            "invoice_number": {"type": ["string", "null"], "description": "The number of the invoice"},
            "total": {"type": ["number", "null"], "description": "The amount due"},
            "line_items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "description": {"type": ["string", "null"]},
                        "amount": {"type": ["number", "null"]},
                    },
                    "required": ["description", "amount"],
                    "additionalProperties": False,
                },
            },
        },
        "required": ["invoice_number", "total", "line_items"],
        "additionalProperties": False,
    },
}

_SAMPLES = {"string": "A-1001", "number": 129.5, "integer": 3, "boolean": True}


def value_for(schema: Any) -> Any:
    """A value that a supported schema accepts (Extraction, Schema: nullable primitives, objects, arrays)."""
    if not isinstance(schema, dict):
        return None
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return choices[0]
    declared = schema.get("type")
    types = declared if isinstance(declared, list) else [declared]
    if "object" in types:
        properties = schema.get("properties")
        return {k: value_for(v) for k, v in properties.items()} if isinstance(properties, dict) else {}
    if "array" in types:
        return [value_for(schema["items"])] if "items" in schema else []
    return next((_SAMPLES[t] for t in types if isinstance(t, str) and t in _SAMPLES), None)


def paths(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field path of a value, such as `line_items[0].amount`: arrays, items and properties."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, child in value.items():
            yield from paths(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from paths(child, f"{path}[{index}]")
