"""The part of JSON Schema 2020-12 that every validator understands alike; the loader refuses the rest.

A misspelled keyword or format would check nothing, and a pattern that two validators read differently would make a verdict
depend on the tool. What differs was measured between jsonschema and jsonschema-rs; ECMA-262 is what the specification asks for.
"""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from batchproof.contract import pointer
from batchproof.contract.problems import Problem
from batchproof.contract.schema_traversal import subschemas
from batchproof.contract.shapes import Shapes
from batchproof.json_values import Json, JsonObject

KEYWORDS = frozenset(
    {
        *("$schema", "$id", "$ref", "$defs", "$comment"),
        *("title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"),
        *("type", "enum", "const", "format"),
        *("minLength", "maxLength", "pattern"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("items", "prefixItems", "contains", "minContains", "maxContains"),
        *("minItems", "maxItems", "uniqueItems", "unevaluatedItems"),
        *(
            "properties",
            "patternProperties",
            "additionalProperties",
            "unevaluatedProperties",
            "propertyNames",
        ),
        *("required", "dependentRequired", "dependentSchemas", "minProperties", "maxProperties"),
        *("allOf", "anyOf", "oneOf", "not", "if", "then", "else"),
    }
)
FORMATS = frozenset({"date-time", "date", "uuid", "uri", "ipv4", "ipv6"})
# what is passed over: an escaped backslash or bracket, and [\s\S], which is any character
_PASSED_OR_UNLIKE = re.compile(
    r"\\[\\\[]|\[(?:\\s\\S|\\S\\s)\]|(?P<unlike>\\[dDwWsSbBpPAZzkc]|\(\?(?:P|[a-zA-Z]|<[^=!]))"
)
_ESCAPE_OR_CLASS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]", re.DOTALL)


def check_dialect(folder: Path, shapes: Shapes) -> Iterator[Problem]:
    """Every keyword that not all validators understand alike."""
    for file in shapes.files:
        for at, problem in _problems(shapes.document(file)):
            yield Problem(folder / file, at, problem, tuple(pointer.parse(at)))


def _problems(document: JsonObject) -> Iterator[tuple[str, str]]:
    """``(JSON Pointer, what is wrong)``."""
    for at, node in subschemas(document):
        for keyword, value in node.items():
            problem = unlike(keyword, value, root=not at)
            if problem is not None:
                yield at + pointer.join([keyword]), problem


def unlike(keyword: str, value: Json, *, root: bool) -> str | None:
    """Why not all validators understand a keyword alike, or None where they do."""
    if keyword.startswith("x-"):
        return None
    if keyword not in KEYWORDS:
        return "is no keyword that is used here, so it would check nothing; annotations of your own begin with x-"
    if keyword in ("$id", "$schema") and not root:
        return "stands at the root of a file only; refer to parts by file name and JSON Pointer"
    if keyword == "format" and value not in FORMATS:
        return f"{value!r} is not checked alike by all validators; use one of {', '.join(sorted(FORMATS))}, or a pattern"
    if keyword == "multipleOf" and value != int(value):
        return f"{value} is a fraction, and fractions are not exact; use whole numbers"
    patterns = {"pattern": [value], "patternProperties": value}.get(keyword, [])
    return next((found for found in map(_in_pattern, patterns) if found is not None), None)


def _in_pattern(pattern: str) -> str | None:
    for token in _PASSED_OR_UNLIKE.finditer(pattern):
        if token["unlike"]:
            return f"{pattern!r} uses {token['unlike']}, which validators read differently; write the characters out, like [0-9]"
    if "$" in _ESCAPE_OR_CLASS.sub("", pattern):
        return f"{pattern!r} uses $, which some validators let match before a last line break; write (?![\\s\\S])"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
    except (re.error, FutureWarning) as error:
        return f"{pattern!r} is no regular expression for all validators: {error}"
    return None
