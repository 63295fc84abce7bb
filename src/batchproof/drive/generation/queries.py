"""Queries: every documented value, boundaries, and what breaks the schema of a parameter."""

from collections.abc import Iterator
from typing import Any

from batchproof.contract import Contract, pointer
from batchproof.contract.keywords import GENERATE, broken
from batchproof.drive.generation.values import TEXTS
from batchproof.drive.generation.variation import Variation
from batchproof.drive.requests import query_text
from batchproof.history.events import CaseMode

_NO_NUMBERS = ("abc", "1e1", "0x10", "\u0661", "1 ", "--1", "9" * 30)


def valid(contract: Contract, operation: str) -> Iterator[Variation]:
    """One parameter at a time: each listed value, the bounds of numbers, odd texts where any text may stand."""
    for name, schema in _parameters(contract, operation):
        place = "query/properties" + pointer.join([name])
        mode: CaseMode = "valid" if schema.get(GENERATE) == "free" else "open"
        if GENERATE not in schema:
            continue
        for value in _allowed(schema):
            yield Variation(mode, f"{name}={value}", place, {"query": {name: value}})
        if schema.get("type") == "string" and "enum" not in schema:
            for text in TEXTS:
                yield Variation("open", f"{name}: {text.about}", place, {"query": {name: text.value}})
            yield Variation("open", f"{name}: a NUL character", place, {"query": {name: "a\u0000b"}})


def invalid(contract: Contract, operation: str) -> Iterator[Variation]:
    """One parameter with a value that its schema refuses; and what no schema speaks about."""
    declared = contract.manifest.operations[operation]
    assert declared.query is not None
    for name, schema in _parameters(contract, operation):
        for about, value in _refused(schema):
            found = broken(contract.shapes, declared.query, {name: typed(value)})
            if len(found) == 1:
                place = "query" + found[0].keyword
                yield Variation("invalid", f"{name}: {about}", place, {"query": {name: value}})
        known = next(iter(_allowed(schema)), "1")
        twice = [(name, known), (name, known)]
        changes = {"query": {name: known}, "more_query": twice[1:]}
        yield Variation("open", f"{name} twice", "query/properties" + pointer.join([name]), changes)
        yield Variation("open", f"{name} without a value", "query", {"query": {name: ""}})
    yield Variation("open", "an unknown parameter", "query", {"query": {"batchproof": "1"}})
    yield Variation(
        "open", "a parameter in brackets", "query", {"more_query": [("batchproof[]", "1"), ("a[b]", "")]}
    )
    yield Variation("open", "a query of 4,000 characters", "query", {"query": {"batchproof": "x" * 4_000}})


def typed(text: str) -> Any:
    """A value of a query as its schema sees it."""
    if text in ("true", "false"):
        return text == "true"
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 18 else text


def _parameters(contract: Contract, operation: str) -> list[tuple[str, dict[str, Any]]]:
    declared = contract.manifest.operations[operation]
    schema = contract.shapes.document(declared.query) if declared.query is not None else {}
    return [(name, item) for name, item in schema.get("properties", {}).items() if isinstance(item, dict)]


def _allowed(schema: dict[str, Any]) -> Iterator[str]:
    if "enum" in schema:
        yield from map(query_text, schema["enum"])
    elif schema.get("type") == "integer":
        low, high = schema.get("minimum", 1), schema.get("maximum")
        yield from map(query_text, dict.fromkeys([low, low + 1, *([high] if high is not None else [])]))
    elif schema.get("type") == "boolean":
        yield from ("true", "false")


def _refused(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "enum" in schema:
        yield "a value that is not listed", "batchproof"
    if schema.get("type") == "integer":
        yield from ((f"{text!r} is no number", text) for text in _NO_NUMBERS)
        yield from (
            (f"{value} is out of range", str(value))
            for value in (schema.get("minimum", 0) - 1, schema.get("maximum", 2**62) + 1, -(2**31))
        )
    if "maxLength" in schema:
        yield "too long", "x" * (schema["maxLength"] + 1)
