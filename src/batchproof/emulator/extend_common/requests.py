"""Reading the members of request bodies that all versions know."""

import json
import re
from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.json_body import BadBodyError, read_object

from .behaviour import Limits
from .errors import invalid, refuse

_TAGS = "extend:usage_tags"
_TAG_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")


def body_of(call: Call) -> JsonObject:
    """The JSON object in the body of a POST."""
    try:
        return read_object(call.headers, call.body)
    except BadBodyError as error:
        raise invalid(str(error)) from None


def priority(body: JsonObject, limits: Limits) -> None:
    """Check `priority`: an integer of 1 to 100, lower means earlier (Create Extract Run, priority)."""
    value = body.get("priority")
    if value is None:
        return
    whole = type(value) is int or (isinstance(value, float) and value.is_integer())
    if not whole or not 1 <= value <= limits.priority:
        refuse(f"priority must be an integer from 1 to {limits.priority}.")


def metadata(value: Any, where: str, limits: Limits) -> JsonObject | None:
    """Read `metadata`: any object of up to 10 KB; usage tags lose characters that are not allowed in them."""
    if value is None:
        return None
    found = structure(value, where)
    if len(json.dumps(found)) > limits.metadata_bytes:
        refuse(f"{where} must not be larger than {limits.metadata_bytes} bytes.")
    tags = found.get(_TAGS)
    if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags):
        found = {**found, _TAGS: [_TAG_FORBIDDEN.sub("", tag) for tag in tags]}
    return found


def schema_root(value: Any, where: str) -> JsonObject:
    """Read a JSON Schema for extraction: its root has the type object and properties (Extraction, Schema)."""
    schema = structure(value, where)
    properties = structure(schema.get("properties"), f"{where}.properties")
    if schema.get("type") != "object" or not all(isinstance(item, dict) for item in properties.values()):
        refuse(f"{where} must be a JSON Schema whose root has the type object.")
    return schema


def structure(value: Any, where: str) -> JsonObject:
    """A member that must be an object."""
    if not isinstance(value, dict):
        refuse(f"{where} must be an object.")
    return value


def text(value: Any, where: str) -> str:
    """A member that must be a non-empty string."""
    if not isinstance(value, str) or not value:
        refuse(f"{where} must be a non-empty string.")
    return value


def optional_text(value: Any, where: str) -> str | None:
    """A member that may be missing or null."""
    return None if value is None else text(value, where)
