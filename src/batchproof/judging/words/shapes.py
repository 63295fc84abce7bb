"""What is wrong with the shape of an answer, in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from batchproof.contract import pointer
from batchproof.contract.shapes import Shapes
from batchproof.judging.words.values import any_of, counted, cut, described, kind, of_kind, place
from batchproof.judging.words.worded import Worded, worded

if TYPE_CHECKING:
    from jsonschema_rs import OutputUnit

_DEEP = 6


class Spot(NamedTuple):
    """Where a keyword is broken.

    ``location`` is that of the keyword in the schemas, ``at`` the place in the body, and ``where`` what the schema makes
    the keyword depend on, in words.
    """

    requirement: str
    location: str
    at: str
    where: str = ""

    @property
    def subject(self) -> str:
        """What a requirement speaks about: the first part of its id."""
        return self.requirement.partition(".")[0]

    def headline(self, text: str) -> str:
        """``text`` about this place, with its condition."""
        return f"{self.subject}: {text}" + (f" where {self.where}" if self.where else "")


def condition(shapes: Shapes, unit: "OutputUnit", location: Mapping[str, str], body: Any) -> str:
    """What the keyword of a ``unit`` depends on: the properties that the ``if`` above looks at, with their values.

    ``location`` says for each evaluation path where the subschema stands.
    """
    above, then, below = unit["evaluationPath"].rpartition("/then")
    asked = location.get(f"{above}/if/$ref") or location.get(f"{above}/if")
    if not then or asked is None:
        return ""
    declared = shapes.at(asked)
    segments = pointer.parse(unit["instanceLocation"])
    owner = pointer.first(body, pointer.join(segments[: len(segments) - _depth(below)]))
    names = declared.get("properties", {}) if isinstance(declared, dict) else {}
    if not isinstance(owner, dict):
        return ""
    return " and ".join(f"{name} is {described(owner[name])}" for name in list(names)[:2] if name in owner)


def _depth(path: str) -> int:
    """How many steps into a body a path in a schema takes."""
    steps = 0
    parts = iter(pointer.parse(path))
    for part in parts:
        if part in ("properties", "patternProperties", "prefixItems"):
            next(parts, None)
            steps += 1
        elif part in ("items", "additionalProperties", "contains"):
            steps += 1
    return steps


def missing_in_words(spot: Spot, name: str, value: Any) -> Worded:
    """Words for a property that is not there; ``value`` is the object that lacks it."""
    names = ", ".join(cut(key) for key in sorted(value)[:_DEEP]) if isinstance(value, dict) else ""
    names += f" and {len(value) - _DEEP} more" if isinstance(value, dict) and len(value) > _DEEP else ""
    at, location = spot.at, spot.location
    return worded(
        spot.headline(f"{_inner(at, location, name)} is missing"),
        f"{_where(at)} has {names or 'no property'}",
    )


def broken_in_words(spot: Spot, keyword: str, declared: Any, value: Any) -> Worded:
    """Words for a ``keyword`` that ``value`` breaks."""
    at = spot.at
    name = _inner(at, spot.location, None)
    documented = _expected(keyword, declared)
    return worded(
        spot.headline(f"{name} {_wrong(keyword, declared, value)}"),
        f"{described(value)} at {_where(at)}",
        documented,
    )


def _where(at: str) -> str:
    return place(pointer.parse(at)) or "the whole body"


def _inner(at: str, location: str, name: str | None) -> str:
    """The place as far as the schema of the subject goes: ``status`` rather than ``batches[3].status``."""
    fragment = location.partition("#")[2]
    depth = _depth(fragment)
    segments = pointer.parse(at)
    inner: list[str] = segments[max(len(segments) - max(depth, 1), 0) :] if segments else []
    if name is not None:
        inner = [*(segments[len(segments) - depth :] if depth else []), name]
    while len(inner) > 1 and inner[0].isdigit():
        inner = inner[1:]
    return place(inner[-_DEEP:]) or "the body"


def _wrong(keyword: str, declared: Any, value: Any) -> str:
    match keyword:
        case "type":
            return f"is {of_kind(value)}, not {kind(declared)}"
        case "enum":
            return f"is {described(value)}, which is none of the documented values"
        case "const":
            return f"is {described(value)}, not {described(declared)}"
        case "minLength" | "maxLength":
            bound = "at least" if keyword == "minLength" else "at most"
            return f"has {counted(len(value), 'character')}, documented are {bound} {declared}"
        case "minItems" | "maxItems":
            bound = "at least" if keyword == "minItems" else "at most"
            return f"has {counted(len(value), 'element')}, documented are {bound} {declared}"
        case "minimum" | "exclusiveMinimum":
            return f"is {described(value)}, less than {described(declared)}"
        case "maximum" | "exclusiveMaximum":
            return f"is {described(value)}, more than {described(declared)}"
        case "pattern":
            return f"is {described(value)}, which has another form than documented"
        case "format":
            return f"is {described(value)}, which is no {declared}"
        case "falseSchema":
            return f"is {described(value)}, and should not be there"
        case "not":
            return f"is {described(value)}, which is not documented"
        case "additionalProperties" | "unevaluatedProperties" | "propertyNames":
            return "has a property that should not be there"
        case "uniqueItems":
            return "holds the same element twice"
    return f"is {described(value)}, which no documented form allows ({keyword})"


def _expected(keyword: str, declared: Any) -> str:
    """What is documented, where it is short."""
    match keyword:
        case "enum":
            return any_of([described(value) for value in declared])
        case "const":
            return described(declared)
        case "type":
            return kind(declared)
    return ""
