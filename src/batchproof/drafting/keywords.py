"""Keywords of OpenAPI's schemas as JSON Schema 2020-12 has them. What shows a value, and does not restrict it, is left out."""

import re

from batchproof.contract.dialect import FORMATS, KEYWORDS, unlike
from batchproof.drafting.document import Node
from batchproof.drafting.notes import Notes
from batchproof.json_values import Json, JsonObject

# restrictions of a value itself, which are kept as they are
OF_VALUES = (
    "type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains",
    "minProperties", "maxProperties", "dependentRequired",
)  # fmt: skip
_BESIDE = frozenset(
    {
        "$comment", "$defs", "$ref", "$schema", "default", "deprecated", "description", "discriminator", "example", "examples",
        "externalDocs", "nullable", "readOnly", "required", "title", "writeOnly", "xml", "contentEncoding",
        "contentMediaType",
    }
)  # fmt: skip
_STRUCTURE = KEYWORDS - frozenset(OF_VALUES)
# formats that say how a value is stored or shown
_STORED = frozenset({"int32", "int64", "float", "double", "binary", "byte", "password"})
_CLASSES = {r"\d": "0-9", r"\w": "A-Za-z0-9_"}
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def of_values(node: Node, notes: Notes, *, is_30: bool) -> JsonObject:
    """The keywords of a schema that restrict its value; what cannot be said is noted."""
    schema: JsonObject = node.value
    kept: JsonObject = {}
    for keyword in (name for name in OF_VALUES if name in schema):
        value = _portable(keyword, schema, kept, is_30=is_30)
        if value is None:
            continue
        described = unlike(keyword, value, root=False)
        if described is None:
            kept[keyword] = value
        elif value not in _STORED:
            notes.add(node.at, f"{keyword} is left out: {described}")
    if _nullable(schema) and ("type" in kept or "enum" in kept):
        _allow_null(kept)
    if "discriminator" in schema:
        notes.add(
            node.at, "the discriminator is ignored: the branches of a choice are told apart by their shapes"
        )
    for keyword in schema:
        if (
            keyword not in _BESIDE
            and keyword not in OF_VALUES
            and keyword not in _STRUCTURE
            and keyword[:2] != "x-"
        ):
            notes.add(node.at, f"{keyword!r} is no keyword of JSON Schema that is read, and is left out")
    return kept


def nullable_beside(schema: JsonObject, kept: JsonObject) -> bool:
    """Whether null is allowed besides what a reference or a combination of a schema allows."""
    return _nullable(schema) and "type" not in kept and "enum" not in kept


def _nullable(schema: JsonObject) -> bool:
    return schema.get("nullable") is True


def _allow_null(kept: JsonObject) -> None:
    types = kept.get("type", [])
    types = types if isinstance(types, list) else [types]
    if types and "null" not in types:
        kept["type"] = [*types, "null"]
    if isinstance(kept.get("enum"), list) and None not in kept["enum"]:
        kept["enum"] = [*kept["enum"], None]


def _portable(keyword: str, schema: JsonObject, kept: JsonObject, *, is_30: bool) -> Json:
    """The value of a keyword as 2020-12 and every validator read it; None where it restricts nothing."""
    value = schema[keyword]
    if keyword in ("exclusiveMinimum", "exclusiveMaximum") and isinstance(value, bool):
        # in OpenAPI 3.0 it changes what the bound beside it means
        return kept.pop(keyword.replace("exclusiveM", "m"), None) if value and is_30 else None
    if keyword == "pattern" and isinstance(value, str):
        return portable_pattern(value)
    if keyword == "format" and value not in FORMATS and schema.get("type") not in (None, "string"):
        return None
    if keyword == "uniqueItems" and value is False:
        return None
    return value


def portable_pattern(pattern: str) -> str:
    """``pattern`` without what validators read differently, as far as it can be said otherwise."""

    def otherwise(found: re.Match[str]) -> str:
        part = found[0]
        if part == "$":
            return r"(?![\s\S])"
        if part in _CLASSES:
            return f"[{_CLASSES[part]}]"
        if part.startswith("["):
            return re.sub(r"\\.", lambda one: _CLASSES.get(one[0], one[0]), part)
        return part

    return _TOKEN.sub(otherwise, pattern)
