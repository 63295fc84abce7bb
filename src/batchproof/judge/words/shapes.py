"""What is wrong with the shape of an answer, in words."""

from typing import Any

from batchproof.contract import pointer
from batchproof.judge.words.values import any_of, counted, kind, listed, of_kind, place, told
from batchproof.judge.words.worded import Worded, worded

_DEEP = 6


def subject(location: str) -> str:
    """What a schema describes: the name of its file, or of the definition in it that holds the keyword."""
    address, _, fragment = location.partition("#")
    segments = pointer.parse(fragment) if fragment.startswith("/") else []
    if "$defs" in segments:
        return segments[len(segments) - 1 - segments[::-1].index("$defs") + 1]
    return address.rpartition("/")[2].removesuffix(".json")


def missing_in_words(location: str, at: str, name: str, value: Any) -> Worded:
    """Words for a property that is not there; ``at`` is where the object ``value`` stands."""
    names = listed(sorted(value)) if isinstance(value, dict) else ""
    return worded(
        f"{subject(location)}: {_inner(at, location, name)} is missing",
        f"{_where(at)} has {names or 'no property'}",
    )


def broken_in_words(location: str, at: str, keyword: str, declared: Any, value: Any) -> Worded:
    """Words for a ``keyword`` that the ``value`` at ``at`` breaks."""
    name = _inner(at, location, None)
    documented = _expected(keyword, declared)
    return worded(
        f"{subject(location)}: {name} {_wrong(keyword, declared, value)}",
        f"{told(value)} at {_where(at)}" + (f"; documented: {documented}" if documented else ""),
    )


def _where(at: str) -> str:
    return place(pointer.parse(at)) or "the whole body"


def _inner(at: str, location: str, name: str | None) -> str:
    """The place as far as the schema of the subject goes: ``status`` rather than ``batches[3].status``."""
    fragment = location.partition("#")[2]
    depth = sum(segment in ("properties", "items") for segment in pointer.parse(fragment) if fragment)
    segments = pointer.parse(at)
    inner: list[str] = segments[max(len(segments) - max(depth, 1), 0) :] if segments else []
    if name is not None:
        inner = [*(segments[len(segments) - depth :] if depth else []), name]
    while len(inner) > 1 and inner[0].isdigit():
        inner = inner[1:]
    return place(inner[-_DEEP:]) or "the whole"


def _wrong(keyword: str, declared: Any, value: Any) -> str:
    match keyword:
        case "type":
            return f"is {of_kind(value)}, not {kind(declared)}"
        case "enum":
            return f"is {told(value)}, which is none of the documented values"
        case "const":
            return f"is {told(value)}, not {told(declared)}"
        case "minLength" | "maxLength":
            bound = "at least" if keyword == "minLength" else "at most"
            return f"has {counted(len(value), 'character')}, documented are {bound} {declared}"
        case "minItems" | "maxItems":
            bound = "at least" if keyword == "minItems" else "at most"
            return f"has {counted(len(value), 'element')}, documented are {bound} {declared}"
        case "minimum" | "exclusiveMinimum":
            return f"is {told(value)}, less than {told(declared)}"
        case "maximum" | "exclusiveMaximum":
            return f"is {told(value)}, more than {told(declared)}"
        case "pattern":
            return f"is {told(value)}, which has another form than documented"
        case "format":
            return f"is {told(value)}, which is no {declared}"
        case "falseSchema" | "not":
            return f"is {told(value)}, and should not be there"
        case "additionalProperties" | "unevaluatedProperties" | "propertyNames":
            return "has a property that should not be there"
        case "uniqueItems":
            return "holds the same element twice"
    return f"is {told(value)}, which no documented form allows ({keyword})"


def _expected(keyword: str, declared: Any) -> str:
    """What is documented, where it is short."""
    match keyword:
        case "enum":
            return any_of([told(value) for value in declared])
        case "const":
            return told(declared)
        case "type":
            return kind(declared)
    return ""
