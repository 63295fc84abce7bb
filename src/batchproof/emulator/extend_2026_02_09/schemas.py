"""Reading the JSON Schema of an extraction: a subset of the standard (Extraction, Schema)."""

import re
from typing import Any

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.errors import refuse
from batchproof.emulator.extend_common.requests import schema_root, structure

_PRIMITIVES = ("string", "number", "integer", "boolean")
_UNSUPPORTED = frozenset({"anyOf", "oneOf", "allOf", "const", "pattern", "if", "then", "else"})
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_DEEPEST = 5


def schema(value: Any, where: str) -> JsonObject:
    """Read a schema; its root is an object, which is no level of its own."""
    root = schema_root(value, where)
    _properties(root, where, 0)
    return root


def _properties(holder: JsonObject, where: str, level: int) -> None:
    if level > _DEEPEST:
        refuse(f"{where} must not be nested deeper than {_DEEPEST} levels.")
    for name, field in structure(holder.get("properties", {}), f"{where}.properties").items():
        if not _NAME.fullmatch(name):
            refuse(f"{where}.properties must have names of letters, numbers, underscores and hyphens.")
        _field(structure(field, f"{where}.properties.{name}"), f"{where}.properties.{name}", level)


def _field(field: JsonObject, where: str, level: int) -> None:
    if unsupported := sorted(_UNSUPPORTED & field.keys()):
        refuse(f"{where} must not have {', '.join(unsupported)}.")
    if "enum" in field:
        _enum(field["enum"], where)
        return
    match field.get("type"):
        case "object":
            _properties(field, where, level + 1)
        case "array":
            _items(structure(field.get("items", {}), f"{where}.items"), f"{where}.items", level)
        case [kind, "null"] | ["null", kind] if kind in _PRIMITIVES:
            pass
        case _:
            refuse(f"{where}.type must be object, array or a primitive type that can be null.")


def _items(items: JsonObject, where: str, level: int) -> None:
    """Items are objects or primitives; of these, nothing says that they can be null."""
    if items.get("type") not in _PRIMITIVES:
        _field(items, where, level)


def _enum(values: Any, where: str) -> None:
    if not isinstance(values, list) or None not in values:
        refuse(f"{where}.enum must hold null.")
    if not all(value is None or isinstance(value, str) for value in values):
        refuse(f"{where}.enum must hold strings only, and null.")
