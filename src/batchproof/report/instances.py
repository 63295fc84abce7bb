"""Two instances of a requirement: one that it lets pass, and one that it does not.

Both are made from the documented examples in the contract folder: one value is changed at a time, and the change counts when
the requirement's own keywords, or its own rule, refuse it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import islice
from typing import NamedTuple

from batchproof.contract import CompiledInvariant, Contract, pointer
from batchproof.contract.expressions import Bindings, NotEvaluable
from batchproof.contract.keywords import refused_by
from batchproof.contract.kinds import KINDS
from batchproof.contract.linked import Lifecycle, Operation
from batchproof.contract.model import Probe, Requirement
from batchproof.json_values import Json, JsonObject
from batchproof.judging.shape import rows_broken
from batchproof.report.delivered import of_deliveries
from batchproof.report.kept_examples import kept_examples
from batchproof.report.pair import Instances
from batchproof.report.testing import places_of

_LONGEST = 120
# values that are added, and those that hardly any property may have
_USUAL: tuple[Json, ...] = ("text", 1, True, [], {}, None)
_ODD: tuple[Json, ...] = (7, -1, True, {}, [], "other")
# of one example and one requirement
_MOST_CHANGES = 300
_OF_SERVERS = 500
# bodies that are tried with changes that seldom tell anything, and properties that are added to one
_FEW = 8
_MOST_ADDED = 60
# of a whole body
_NAMES = 4

# how an instance tells which of two looks is changed
_LATER = ", after a look with the first of the two values"
# what an invariant compares with a word, or a status with a number
_COMPARED = re.compile(r"\b(query\.\w+|response\.code) == '([^']*)'")
_WORD = re.compile(r"[A-Za-z_]\w*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
_NUMBERS = re.compile(r"\bint\(query\.(\w+)\)")
_QUOTED = re.compile(r"'([^']+)'")
_STATUS = re.compile(r"\bstatus == (\d{3})\b")


class Absent(Enum):
    """What stands for a property that is not there."""

    ABSENT = "absent"


class Example(NamedTuple):
    """A documented body, the schema that it fits, the rows that this states, and what changes were found to break."""

    file: str
    body: Json
    stated: set[str]
    broken: dict[tuple[str, str], frozenset[str]]


class _Change(NamedTuple):
    """Where a value is changed, what stands there, and what shall stand there."""

    at: str
    before: Json
    after: Json | Absent


def _kept(contract: Contract) -> Mapping[str, Instances]:
    return kept_examples(contract.folder)


def instances(contract: Contract, row: Requirement) -> Instances | None:
    """The first two instances that can be made for ``row``, or were made beforehand; None where there are none."""
    if row.untestable_because is not None or row.interpretations:
        return None
    kept = contract.kept(_kept).get(row.id)
    return documented(contract, row) or kept or declared(contract, row)


def documented(contract: Contract, row: Requirement) -> Instances | None:
    """Two instances that the documented examples, or the sections of the contract, are enough for."""
    ways = (_of_keywords, _of_invariants, _of_probes, _of_lifecycles, _of_operations)
    return next((found for way in ways for found in way(contract, row)), None)


def declared(contract: Contract, row: Requirement) -> Instances | None:
    """Two instances of what a contract declares about several answers: plainer than what evidence shows."""
    ways = (_of_pages, of_deliveries, _of_generation)
    return next((found for way in ways for found in way(contract, row)), None)


def _of_keywords(contract: Contract, row: Requirement) -> Iterator[Instances]:
    yield from of_bodies(contract, row, examples(contract))


def of_bodies(contract: Contract, row: Requirement, bodies: Sequence["Example"]) -> Iterator[Instances]:
    """What keywords let pass, and what not: bodies that fit their schemas, and the same with one change."""
    places = places_of(contract, row.id)
    named = {name for _, at in places if (name := _property(at)) is not None}
    stating = [body for body in bodies if row.id in body.stated]
    for body in stating:
        for change in islice(_changes(body.body, named, row), _MOST_CHANGES):
            if row.id in _broken(contract, body, change):
                yield _described(change)
    constants = _constants(contract, places)
    inner = _inner_names(contract, places)
    named |= inner
    around = [_way(at) for _, at in places]
    below = [_Way(way.above, [*way.names, name]) for way in around for name in sorted(inner)]
    ways = [way for way in (*around, *below) if way.names]
    for body in stating[:_FEW]:
        whole = _Change("", body.body, [])
        others = (
            *_to_constants(body.body, named, constants),
            *(_changes(body.body, inner, row) if inner else ()),
        )
        yield from (
            _described(change)
            for change in (*others[:_MOST_CHANGES], whole)
            if row.id in _broken(contract, body, change)
        )
        yield from _of_additions(contract, row, body, ways, constants)


def _constants(contract: Contract, places: Sequence[tuple[str, str]]) -> list[Json]:
    """What the subschemas that speak for a requirement name, allowed or not."""
    pending: list[Json] = [*_spoken(contract, places)]
    for condition in _conditions(contract, places):
        pending += condition.get("properties", {}).values()
    found: list[Json] = []
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            found += [*node.get("enum", []), *([node["const"]] if "const" in node else [])]
            pending += [node.get("not"), node.get("items")]
    return list({json.dumps(value): value for value in found}.values())


def _inner_names(contract: Contract, places: Sequence[tuple[str, str]]) -> set[str]:
    """The properties that a subschema speaks of below the place where it stands, or on which it depends."""
    return {
        name
        for node in (*_spoken(contract, places), *_conditions(contract, places))
        for name in (*node.get("properties", {}), *node.get("required", []))
    }


def _spoken(contract: Contract, places: Sequence[tuple[str, str]]) -> list[JsonObject]:
    """The subschemas that stand at these places."""
    nodes = (pointer.first(contract.shapes.document(file), at) for file, at in places)
    return [node for node in nodes if isinstance(node, dict)]


def _conditions(contract: Contract, places: Sequence[tuple[str, str]]) -> list[JsonObject]:
    """What the subschemas at these places depend on."""
    return _spoken(
        contract, [(file, at.removesuffix("then") + "if") for file, at in places if at.endswith("/then")]
    )


def _to_constants(body: Json, named: set[str], constants: Sequence[Json]) -> Iterator[_Change]:
    for at in _positions(body):
        if _last_name(at) in named and isinstance(before := pointer.first(body, at), str):
            yield from (_Change(at, before, value) for value in constants if value != before)


class _Way(NamedTuple):
    """The ``names`` of properties that a place in a schema is below; ``above`` them is an array of this name."""

    above: str | None
    names: list[str]


def _way(at: str) -> _Way:
    above, names = None, list[str]()
    parts = pointer.parse(at)
    for before, part in zip(["", *parts], parts, strict=False):
        if before == "properties":
            names.append(part)
        elif part == "items":
            above, names = (names[-1] if names else None), []
        elif part == "additionalProperties":
            above, names = None, []
    return _Way(above, names)


def _of_additions(
    contract: Contract,
    row: Requirement,
    body: "Example",
    ways: Sequence[_Way],
    constants: Sequence[Json],
) -> Iterator[Instances]:
    """Properties that may be missing, and are so in ``body``: with one value, and with another one."""
    tried = 0
    for at in ("", *_positions(body.body)):
        above = pointer.first(body.body, at)
        for inside in {
            tuple(way.names[-depth:]): None
            for way in ways
            if isinstance(above, dict) and way.above in (None, _last_name(at))
            for depth in range(1, len(way.names) + 1)
        }:
            if inside[0] in above or tried > _MOST_ADDED:
                continue
            tried += 1
            # beside words another word says more than a number
            odd = _ODD[::-1] if any(isinstance(item, str) for item in constants) else _ODD
            refused = _first_added(contract, row, body, at, inside, odd, broken=True)
            if refused is None:
                continue
            accepted = _first_added(contract, row, body, at, inside, [*constants, *_USUAL], broken=False)
            if accepted is not None:
                yield _described(_Change(at + pointer.join(inside), accepted.after, refused.after))


def _first_added(
    contract: Contract,
    row: Requirement,
    body: "Example",
    at: str,
    inside: Sequence[str],
    values: Iterable[Json],
    *,
    broken: bool,
) -> _Change | None:
    """The first of ``values`` that breaks ``row``, or nothing at all, where it is added below ``at``."""
    for value in values:
        added = value
        for name in reversed(inside[1:]):
            added = {name: added}
        change = _Change(at + pointer.join(inside[:1]), Absent.ABSENT, added)
        found = _broken(contract, body, change)
        if row.id in found if broken else not found:
            return change._replace(after=value)
    return None


def _of_invariants(contract: Contract, row: Requirement) -> Iterator[Instances]:
    for compiled in contract.invariants:
        invariant = compiled.invariant
        if invariant.requirement != row.id or invariant.interpretation is not None or compiled.rule is None:
            continue
        kind = KINDS[invariant.each]
        if kind.example == "answer":
            yield from _of_answers(contract, compiled, row)
        if kind.example != "object":
            continue
        for found in _objects(contract, invariant.on, invariant.view):
            for before in _befores(contract, compiled, found):
                if _holds(compiled, {**before, "self": found}) is not True:
                    continue
                # of two looks the later one is changed
                for change in _changes(
                    found, _names(compiled), row, _QUOTED.findall(compiled.invariant.when or "")
                ):
                    if _holds(compiled, {**before, "self": _with(found, change)}) is False:
                        of = (
                            ", after a creation as documented"
                            if "request" in before
                            else (_LATER if "oldSelf" in kind.names else "")
                        )
                        yield _described(change, of)


def _befores(contract: Contract, compiled: CompiledInvariant, found: Json) -> Iterator[JsonObject]:
    """What came before a look at ``found``: another look, or the request that created it, as far as the invariant asks for one."""
    invariant = compiled.invariant
    if "oldSelf" in KINDS[invariant.each].names:
        yield {"oldSelf": found}
    elif "request" not in f"{invariant.when} {invariant.rule}":
        yield {}
    else:
        for example in examples(contract):
            if example.file.startswith("requests/create"):
                yield {"request": _agreeing(example.body, found), "created": True}


def _agreeing(request: JsonObject, found: JsonObject) -> JsonObject:
    """``request``, naming what the object that it created shows."""
    named = {
        name: {**value, "id": shown["id"]}
        for name, value in request.items()
        if isinstance(value, dict)
        and isinstance(shown := found.get(name), dict)
        and "id" in value
        and "id" in shown
    }
    return {**request, **named}


def _of_answers(contract: Contract, compiled: CompiledInvariant, row: Requirement) -> Iterator[Instances]:
    """Answers to requests whose parameters and statuses the invariant itself names."""
    text = f"{compiled.invariant.when or ''} {compiled.invariant.rule or ''}"
    named = [(name, word) for name, word in _COMPARED.findall(text)]
    queries = [
        {},
        *({name.removeprefix("query."): word} for name, word in named if name.startswith("query.")),
    ]
    queries.append(dict(pair for query in queries for pair in query.items()))
    queries += [{name: "1"} for name in _NUMBERS.findall(text)]
    codes = [word for name, word in named if name == "response.code"]
    for example, status in _answers_of(contract, compiled.invariant.on, compiled.invariant.answered, text):
        body = {**example, "code": codes[-1]} if codes and isinstance(example, dict) else example
        for query in queries:
            about = {"query": query, "path": {}, "status": status}
            if _holds(compiled, {**about, "response": body}) is not True:
                continue
            for change in _changes(
                body, _names(compiled), row, _QUOTED.findall(compiled.invariant.when or "")
            ):
                if _holds(compiled, {**about, "response": _with(body, change)}) is False:
                    asked = " and ".join(f"{name} {word}" for name, word in query.items())
                    answered = (
                        f", of an answer with {status}" if compiled.invariant.answered == "error" else ""
                    )
                    yield _described(change, f", asked with {asked}" if asked else answered)


def _answers_of(contract: Contract, name: str, answered: str, text: str) -> Iterator[tuple[Json, int]]:
    """Documented bodies with the statuses that they may come with."""
    operations = list(contract.operations.values()) if name == "*" else [contract.operation(name)]
    statuses = [int(number) for number in _STATUS.findall(text)]
    for operation in operations:
        for example in examples(contract):
            if answered != "error" and example.file == operation.success.schema:
                yield example.body, operation.success.statuses[0]
            if answered != "success" and example.file == contract.manifest.error:
                yield from ((example.body, status) for status in statuses or operation.errors.statuses[:1])


def _of_probes(contract: Contract, row: Requirement) -> Iterator[Instances]:
    for probe in contract.probes.values():
        if probe.requirement == row.id and not probe.interpretations:
            yield _answers(contract, probe)


def _answers(contract: Contract, probe: Probe) -> Instances:
    operation = contract.operation(probe.operation)
    accepted = operation.success.described
    if probe.refused is None:
        refused = operation.errors.statuses
        return Instances(
            f"the changed request is answered {accepted}", f"it is answered {refused[0] if refused else 400}"
        )
    statuses = " or ".join(map(str, probe.refused.statuses))
    code = f" with {' or '.join(probe.refused.codes)}" if probe.refused.codes else ""
    return Instances(
        f"the changed request is answered {statuses}{code}", f"it is answered {accepted}, as the control is"
    )


def _of_lifecycles(contract: Contract, row: Requirement) -> Iterator[Instances]:
    for lifecycle in contract.lifecycles.values():
        if row.id in (lifecycle.requirement, lifecycle.terminal_requirement):
            yield from _steps(lifecycle, ended=row.id == lifecycle.terminal_requirement)


def _steps(lifecycle: Lifecycle, *, ended: bool) -> Iterator[Instances]:
    after = lifecycle.after
    kept = next((state for state in lifecycle.terminal if state in after), None)
    right = next(((state, later) for state, states in lifecycle.edges.items() for later in states), None)
    if right is None or kept is None:
        return
    starts = [kept] if ended else [state for state in after if state not in lifecycle.terminal]
    for state in starts:
        for later in after:
            if later not in after[state]:
                passes = f"{kept}, then {kept}" if ended else f"{right[0]}, then {right[1]}"
                yield Instances(f"{passes} at a later look", f"{state}, then {later} at a later look")


def _of_operations(contract: Contract, row: Requirement) -> Iterator[Instances]:
    for name, operation in contract.operations.items():
        success, errors = operation.success, operation.errors
        if row.id == success.requirement:
            yield Instances(
                f"{name} is answered {success.described}",
                f"a valid request to {name} is answered {_other(operation)}",
            )
        if row.id == errors.requirement and errors.statuses:
            yield Instances(
                f"an error of {name} is {errors.statuses[0]}", f"an error of {name} is {_other(operation)}"
            )
        if operation.deletes is not None and row.id == operation.deletes.requirement:
            yield Instances(
                f"after {name} the {operation.deletes.resource} is answered 404", "it is answered 200 again"
            )
        if operation.deletes is not None and row.id == operation.deletes.list_requirement:
            yield Instances(
                f"after {name} no list shows the {operation.deletes.resource}", "a list shows it again"
            )


def _of_pages(contract: Contract, row: Requirement) -> Iterator[Instances]:
    for name, operation in contract.manifest.operations.items():
        asked = f"{operation.method} {operation.path}, asked for with the token of the page before"
        if operation.pages is not None and row.id == operation.pages.answered:
            refused = operation.errors.statuses[0]
            yield Instances(
                f"{name} is answered {operation.success.described}", f"it is answered {refused}", asked
            )
        if operation.pages is not None and row.id == operation.pages.leads:
            yield Instances(
                f"{name} shows rows of its own", "it shows the rows of the page before again", asked
            )


def _of_generation(contract: Contract, row: Requirement) -> Iterator[Instances]:
    if row.id == contract.manifest.crash:
        yield Instances(
            "a generated request with a text of 10,000 characters is answered 400",
            "it is answered 500",
        )
    for operation in contract.manifest.operations.values():
        if operation.request is None:
            continue
        for way, node in _properties(contract.shapes.document(operation.request.schema)):
            if node.get("type") == "string" and row.id == refused_by(
                contract.shapes, operation.request.schema, f"{way}/type"
            ):
                place = pointer.join(_way(way).names)
                refused = next(status for status in operation.errors.statuses if status < _OF_SERVERS)
                yield Instances(
                    f"with 7 at {place} of the request, where a text is documented, it is answered {refused}",
                    f"it is answered {operation.success.described}",
                    f"{operation.method} {operation.path}",
                )


def _properties(node: Json, at: str = "") -> Iterator[tuple[str, JsonObject]]:
    """The properties of a schema and of the objects below it, with where they stand."""
    for name, child in node.get("properties", {}).items():
        if isinstance(child, dict):
            inside = at + pointer.join(["properties", name])
            yield inside, child
            yield from _properties(child, inside)


def _other(operation: Operation) -> int:
    """A status that the operation does not document."""
    known = {*operation.success.statuses, *operation.errors.statuses, *operation.errors.open}
    return next(status for status in (418, 406, 451) if status not in known)


def examples(contract: Contract) -> list[Example]:
    """The documented bodies that fit their schemas; who explains all rows reads them once."""
    return contract.whole.kept(_examples)


def _examples(contract: Contract) -> list[Example]:
    files = sorted((contract.folder / "examples").glob("*.json"))
    read = [json.loads(file.read_text("utf-8")) for file in files]
    stated = {file: contract.shapes.stated(file) for file in {item["schema"] for item in read}}
    return [
        Example(item["schema"], item["instance"], stated[item["schema"]], {})
        for item in read
        if item["valid"]
    ]


def _objects(contract: Contract, resource: str, view: str | None) -> Iterator[Json]:
    """The objects of ``resource`` that documented answers show in ``view``."""
    shown = {
        (operation.success.schema, item.at)
        for operation in contract.operations.values()
        for item in operation.success.shows
        if item.resource.name == resource and view in (None, item.view)
    }
    for example in examples(contract):
        for file, at in sorted(shown):
            if file == example.file:
                yield from (value for _, value in pointer.find(example.body, at))


def _holds(compiled: CompiledInvariant, variables: JsonObject) -> bool | None:
    """Whether an invariant holds for what its variables stand for; None where it says nothing."""
    bindings = Bindings(variables)
    try:
        if compiled.when is not None and not compiled.when.holds(bindings):
            return None
        return compiled.rule is None or compiled.rule.holds(bindings)
    except NotEvaluable:
        return None


def _names(compiled: CompiledInvariant) -> set[str]:
    """The words of the invariant, properties among them."""
    return set(_WORD.findall(compiled.invariant.rule or ""))


def _property(at: str) -> str | None:
    """The last property that a place in a schema is about."""
    parts = pointer.parse(at)
    named = [part for before, part in zip(["", *parts], parts, strict=False) if before == "properties"]
    return named[-1] if named else None


def _changes(body: Json, named: set[str], row: Requirement, words: Iterable[str] = ()) -> Iterator[_Change]:
    """One change to ``body`` after the other; only properties that are ``named`` are changed, or all where none is.

    Other texts than those that stand there are the ``words``, before all else.
    """
    for at in _positions(body):
        if named and _last_name(at) not in named:
            continue
        before = pointer.first(body, at)
        if isinstance(before, str):
            yield from (_Change(at, before, word) for word in words if word != before)
        for after in _others(before, absent_first=row.aspect == "presence"):
            yield _Change(at, before, after)


def _broken(contract: Contract, example: Example, change: _Change) -> frozenset[str]:
    """The requirements that ``example`` with ``change`` breaks; rows about one property share what was found of it."""
    key = (change.at, repr(change.after))
    if key not in example.broken:
        example.broken[key] = rows_broken(contract.shapes, example.file, _with(example.body, change))
    return example.broken[key]


def _positions(value: Json, at: str = "") -> Iterator[str]:
    children: Iterable[tuple[str | int, Json]] = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        # other elements are like the first
        children = enumerate(value[:1])
    for name, child in children:
        inside = at + pointer.join([name])
        yield inside
        yield from _positions(child, inside)


def _last_name(at: str) -> str | None:
    return next((part for part in reversed(pointer.parse(at)) if not part.isdigit()), None)


def _others(value: Json, *, absent_first: bool) -> Iterator[Json | Absent]:
    """Other values, those that differ least first."""
    if absent_first:
        yield Absent.ABSENT
    match value:
        case bool():
            yield from (not value, None, "true")
        case int() | float():
            yield from (-1, value + 1, value + 0.5, 2**53, None, str(value))
        case str():
            if _MOMENT.match(value):
                yield from (f"{year}{value[4:]}" for year in ("2001", "2099"))
            yield from (text for text in (value.lower(), "other", "", "x" * 300) if text != value)
            yield from (None, 7)
        case list():
            yield from ([], [*value, *value], None, {})
        case dict():
            yield from ({}, {**value, "other": True}, None, [])
        case None:
            yield from ("other", 7, {})
    if not absent_first:
        yield Absent.ABSENT


def _with(body: Json, change: _Change) -> Json:
    if not change.at:
        return change.after
    if change.after is Absent.ABSENT:
        return pointer.without(body, change.at)
    return pointer.put(body, change.at, change.after)


def _described(change: _Change, of: str = "") -> Instances:
    if not change.at:
        return Instances(f"the body is {_whole(change.before)}", f"the body is {_whole(change.after)}")
    return Instances(
        f"{_text(change.before)} at {change.at}{of}", f"{_text(change.after)} at {change.at}{of}"
    )


def _whole(body: Json) -> str:
    if not isinstance(body, dict):
        return "an empty array"
    names = list(body)
    return f"an object with {', '.join(names[:_NAMES])}" + (" and more" if len(names) > _NAMES else "")


def _text(value: Json) -> str:
    if value is Absent.ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict) and len(text) > _LONGEST:
        return _whole(value)
    if isinstance(value, list) and len(text) > _LONGEST:
        return f"{len(value)} element{'' if len(value) == 1 else 's'}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
