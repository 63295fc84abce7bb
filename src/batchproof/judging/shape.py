"""Shapes: which requirement-bearing keywords were applied to a body, and which of them it breaks.

Works on the *list* output of JSON Schema 2020-12 (section 12.4.2). Unknown keywords are annotations there,
so ``x-requirement`` arrives in the output at the very subschema that carries it.
"""

import json
import re
from collections import Counter
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from batchproof.contract import pointer
from batchproof.contract.shapes import ANNOTATION, Owner, Shapes
from batchproof.history import Recorded
from batchproof.judging.evidence import Evidence
from batchproof.judging.exercised import Rows, exercised, observed_by
from batchproof.judging.memo import Memo, ObjectMemo
from batchproof.judging.pieces import Piece, pieces, smaller
from batchproof.judging.words import Worded
from batchproof.judging.words.shapes import Spot, broken_in_words, condition, missing_in_words
from batchproof.judging.words.values import kind

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema_rs import OutputUnit

# keywords whose next segment is a name or an index, not a keyword
_NAMED = frozenset(
    {"properties", "patternProperties", "$defs", "dependentSchemas", "allOf", "anyOf", "oneOf", "prefixItems"}
)
_DYNAMIC = re.compile(
    r"/(?:additionalProperties|unevaluatedProperties|unevaluatedItems|patternProperties/[^/]+|items|prefixItems/[0-9]+|contains)(?=/|\Z)"
)
_WORDED = frozenset({"type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern"})


class Violation(NamedTuple):
    """One keyword that a body breaks, so many times; the rest is about the first time."""

    requirement: str
    rule: str
    pointer: str
    pattern: str
    message: str
    expected: str
    observed: Any
    times: int = 1
    words: Worded = Worded("")


class _Looked(NamedTuple):
    """What one schema finds of one body: how often it exercised which requirements, and what it breaks."""

    observed: Mapping[str, int]
    violations: Sequence[Violation]


_MEMOS: WeakKeyDictionary[Shapes, Memo[_Looked]] = WeakKeyDictionary()
_SAME: WeakKeyDictionary[Shapes, ObjectMemo[_Looked]] = WeakKeyDictionary()


def judge_shape(
    shapes: Shapes, file: str, body: Any, exchange: Recorded, evidence: Evidence, fallback: str, at: str = ""
) -> None:
    """Judges ``body`` by the schema in ``file``; what no keyword owns is charged to ``fallback``.

    ``at`` is where ``body`` stands in what was sent.
    """
    memo = _MEMOS.setdefault(shapes, Memo())
    if evidence.counting:
        looked = memo.of(
            body, partial(_looked, shapes, file, body, fallback, evidence.rows), by=(_looked, file, fallback)
        )
    else:
        find = partial(
            memo.of,
            body,
            partial(_violated, shapes, file, body, fallback),
            by=(_violated, file, fallback),
        )
        # who judges the very same bodies again and again need not even read them
        same = _SAME.setdefault(shapes, ObjectMemo())
        looked = same.of((body, file, fallback), find) if evidence.again else find()
    for identifier, times in looked.observed.items():
        evidence.observe(identifier, times)
    for violation in looked.violations:
        evidence.contradict(
            violation.requirement,
            rule=violation.rule,
            message=violation.message,
            expected=violation.expected,
            observed=violation.observed,
            exchanges=[exchange],
            pointer=at + violation.pointer,
            pattern=at + violation.pattern,
            times=violation.times,
            words=violation.words,
        )


def rows_broken(shapes: Shapes, file: str, body: Any) -> frozenset[str]:
    """The requirements that the keywords of the schema in ``file`` find broken in ``body``."""
    return frozenset(item.requirement for item in _violated(shapes, file, body, "").violations) - {""}


def _looked(shapes: Shapes, file: str, body: Any, fallback: str, rows: Rows) -> _Looked:
    violations: list[Violation] = []
    observed = exercised(shapes, file, body, rows)
    if observed is None:
        found, violations = _broken(shapes, file, body, fallback)
        observed = Counter(found)
    broken = {violation.requirement for violation in violations} | {fallback}
    return _Looked({**dict.fromkeys(broken, 1), **observed}, violations)


def _violated(shapes: Shapes, file: str, body: Any, fallback: str) -> _Looked:
    """What a body breaks, without what it exercises."""
    validator = shapes.validator(file)
    if validator.is_valid(body):
        return _Looked({}, [])
    return _Looked({}, _broken(shapes, file, body, fallback)[1])


def _broken(shapes: Shapes, file: str, body: Any, fallback: str) -> tuple[list[str], list[Violation]]:
    """What a body that does not fit exercises, once for each time, and what it breaks."""
    validator = shapes.validator(file)
    observed: list[str] = []
    violations: dict[Hashable, Violation] = {}
    for piece in pieces(body):
        units = validator.evaluate(piece.value).list()["details"]
        observed += observed_by(shapes, units, piece)
        _collect(_violations(shapes, units, piece, fallback, violations), violations)
    if not violations:
        # what is wrong is about more rows than one piece has
        part = smaller(body, lambda half: not validator.is_valid(half))
        units = validator.evaluate(part).list()["details"]
        _collect(_violations(shapes, units, Piece(part, str), fallback, violations), violations)
    return observed, list(violations.values())


def _collect(found: Iterable[Violation], violations: dict[Hashable, Violation]) -> None:
    """Adds what was found to ``violations``: thousands of rows may break the same keyword."""
    for violation in found:
        key = (violation.requirement, violation.rule, violation.pattern)
        known = violations.get(key)
        violations[key] = violation if known is None else known._replace(times=known.times + 1)


def _violations(
    shapes: Shapes,
    units: "list[OutputUnit]",
    piece: Piece,
    fallback: str,
    known: Container[Hashable],
) -> Iterator[Violation]:
    """What is broken, in no words where it is ``known``: by requirement, rule and pattern."""
    if units[0]["valid"]:
        return
    location = {unit["evaluationPath"]: unit["schemaLocation"] for unit in units}
    for unit in units:
        path: str = unit["evaluationPath"]
        if "errors" not in unit or not _asserted(path):
            continue
        place = piece.place(unit["instanceLocation"])
        if place is None:
            continue
        where = condition(shapes, unit, location, piece.value)
        for keyword, text in unit["errors"].items():
            instance = pointer.first(piece.value, unit["instanceLocation"])
            general = _general(path, place)
            if unit["schemaLocation"].endswith("/required"):
                yield from _missing(shapes, unit, place, instance, location, general, fallback, where)
                continue
            rule = f"schema:{unit['schemaLocation']}"
            requirement = _owner(shapes, path, keyword, location) or fallback
            declared = shapes.at(unit["schemaLocation"])
            described = (requirement, rule, general) in known
            yield Violation(
                requirement=requirement,
                rule=rule,
                pointer=place,
                pattern=general,
                # it takes time to find the words, and only those of the first one are used
                message="" if described else _worded(keyword, declared, instance, text),
                expected=_expected(keyword, declared),
                observed=instance,
                words=Worded("")
                if described
                else broken_in_words(
                    Spot(requirement, unit["schemaLocation"], place, where), keyword, declared, instance
                ),
            )


def _asserted(path: str) -> bool:
    """False for what stands strictly below an ``if`` or ``not``: it may fail without anything being wrong."""
    parts = iter(pointer.parse(path))
    for part in parts:
        if part in _NAMED:
            next(parts, None)
        elif part == "if":
            return False
        elif part == "not":
            return next(parts, None) is None
    return True


def _missing(
    shapes: Shapes,
    unit: "OutputUnit",
    place: str,
    instance: Any,
    location: dict[str, str],
    general: str,
    fallback: str,
    where: str,
) -> Iterator[Violation]:
    subschema = unit["schemaLocation"].removesuffix("/required")
    for name in shapes.at(unit["schemaLocation"]):
        if name in instance:
            continue
        requirement = _property_owner(shapes.at(subschema), name) or _owner(
            shapes, unit["evaluationPath"], "required", location
        )
        yield Violation(
            requirement=requirement or fallback,
            rule=f"schema:{unit['schemaLocation']}/{name}",
            pointer=place + pointer.join([name]),
            pattern=general + pointer.join([name]),
            message=f"the property {name!r} is missing",
            expected=f"the property {name!r} is present",
            observed=sorted(instance),
            words=missing_in_words(Spot(requirement or fallback, subschema, place, where), name, instance),
        )


def _property_owner(subschema: dict[str, Any], name: str) -> str | None:
    child = subschema.get("properties", {}).get(name)
    owner: Owner | None = child.get(ANNOTATION) if isinstance(child, dict) else None
    if owner is None or isinstance(owner, str):
        return owner
    return owner.get("required") or owner.get("type") or owner.get("*")


def _owner(shapes: Shapes, path: str, keyword: str, location: dict[str, str]) -> str | None:
    """The requirement nearest above the keyword at ``path``."""
    while path:
        path = path.rpartition("/")[0]
        if path not in location:
            continue
        owner = shapes.owner(location[path])
        if isinstance(owner, str):
            return owner
        if owner is not None:
            named = owner.get(keyword) or owner.get("*")
            if named is not None:
                return named
    return None


def _general(path: str, instance_location: str) -> str:
    """The instance location without indices, and without keys that the schema does not name."""
    if not _DYNAMIC.search(path):
        return instance_location
    names: list[str] = []
    parts = iter(pointer.parse(path))
    for part in parts:
        if part == "properties":
            names.append(next(parts, ""))
        elif part in (
            "additionalProperties",
            "unevaluatedProperties",
            "unevaluatedItems",
            "items",
            "contains",
        ):
            names.append("*")
        elif part in ("patternProperties", "prefixItems"):
            next(parts, "")
            names.append("*")
    return pointer.join(names)


def _worded(keyword: str, value: Any, instance: Any, otherwise: str) -> str:
    """What is wrong, in the words of jsonschema, which names all that is allowed."""
    if keyword not in _WORDED:
        return otherwise
    errors = _speaker(keyword, json.dumps(value)).iter_errors(instance)
    return next((error.message for error in errors), otherwise)


@lru_cache(maxsize=1024)
def _speaker(keyword: str, value: str) -> "Draft202012Validator":
    # with its format checkers it takes a second to load, and only findings need its words
    import jsonschema  # noqa: PLC0415

    return jsonschema.Draft202012Validator({keyword: json.loads(value)})


def _expected(keyword: str, value: Any) -> str:
    match keyword:
        case "type":
            return kind(value)
        case "enum":
            return "one of " + ", ".join(map(str, value))
        case "const":
            return f"exactly {json.dumps(value, ensure_ascii=False)}"
        case "format":
            return f"format {value}"
        case "falseSchema":
            return "no value at all"
        case "not":
            return "something other than what the schema excludes"
        case _:
            return (
                f"{keyword} {value}"
                if isinstance(value, str | int | float)
                else f"a value that satisfies {keyword}"
            )
