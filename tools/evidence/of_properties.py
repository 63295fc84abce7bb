"""Mutants of documented properties: one property of one look, of an object, of a view, or of everything that has it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from .changing import first_of, rewritten, same
from .documented import Property
from .looks import Healthy, Look
from .mutants import ANY, Changes, Key, Mutant, Scope
from .paths import changed, values
from .values import ALONE, Operator, drifted, kind

# an object that was looked at more often is no better evidence
_OFTEN = 6


class _Where(NamedTuple):
    """Looks of one scope that have a property."""

    scope: Scope
    operation: str
    view: str
    state: str
    looks: Sequence[Look]


def of_properties(healthy: Healthy) -> Iterator[Mutant]:
    """Every operator on every property in every scope; a wider scope with one look in it is none of its own."""
    for about, where in _places(healthy):
        if where.scope != "once" and len(where.looks) == 1:
            continue
        for name, make in _operators(healthy, about, where):
            yield Mutant(
                key=Key(
                    healthy.contract.id,
                    where.operation,
                    where.view,
                    where.state,
                    about.at,
                    name,
                    where.scope,
                ),
                make=make,
                owner=about.owner,
            )


def _places(healthy: Healthy) -> Iterator[tuple[Property, _Where]]:
    groups: dict[tuple[str, str, str], list[Look]] = defaultdict(list)
    for look in healthy.looks:
        groups[look.operation, look.view, look.state].append(look)
    views: dict[tuple[str, str], list[Look]] = defaultdict(list)
    for look in healthy.looks:
        views[look.operation, look.view].append(look)
    kinds: dict[tuple[str, str], list[Look]] = defaultdict(list)
    for look in healthy.looks:
        kinds[look.resource or look.view, ""].append(look)
    for (operation, view, state), looks in groups.items():
        for about in looks[0].properties:
            best = _best(healthy, _having(looks, about))
            if best is not None:
                yield about, _Where("once", operation, view, state, [best])
    for (operation, view), looks in views.items():
        for about in looks[0].properties:
            yield from _of_objects(healthy, about, operation, view, looks)
            having = _having(looks, about)
            if having:
                yield about, _Where("view", operation, view, ANY, having)
    for looks in kinds.values():
        if len({(look.operation, look.view) for look in looks}) > 1:
            by_name = {about.at: about for look in looks for about in look.properties}
            for about in by_name.values():
                having = _having(looks, about)
                if having:
                    yield about, _Where("all", ANY, looks[0].resource or looks[0].view, ANY, having)


def _of_objects(
    healthy: Healthy, about: Property, operation: str, view: str, looks: Sequence[Look]
) -> Iterator[tuple[Property, _Where]]:
    """One object; of what stands in no other object, one for each state in which objects were last seen."""
    ends: dict[str, list[Look]] = defaultdict(list)
    nested = about.at.count("/") > 1
    for look in _having(looks, about):
        if look.id:
            ends[ANY if nested else healthy.by_object[look.resource, look.id][-1].state].append(look)
    for state, found in ends.items():
        best = _best(healthy, found)
        assert best is not None
        own = [look for look in found if look.id == best.id]
        yield about, _Where("object", operation, view, state, own)


def _having(looks: Sequence[Look], about: Property) -> list[Look]:
    return [look for look in looks if any(True for _ in values(look.value, about.at))]


def _best(healthy: Healthy, looks: Sequence[Look]) -> Look | None:
    """The look that most can be said of: it shows a value, of an object of this run that was often looked at."""
    return max(
        looks,
        key=lambda look: (
            (look.resource, look.id) in healthy.created,
            min(_OFTEN, len(healthy.by_object.get((look.resource, look.id), ()))),
            -healthy.size(look.number),
            -look.number,
        ),
        default=None,
    )


def _operators(
    healthy: Healthy, about: Property, where: _Where
) -> Iterator[tuple[str, Callable[[], Changes]]]:
    def on_values(change: Callable[[Look, Any], Any]) -> Callable[[], Changes]:
        def rewrite(look: Look) -> Any:
            return changed(look.value, about.at, partial(change, look))

        return lambda: rewritten(healthy, where.looks, rewrite)

    kinds = {kind(value) for look in where.looks[:50] for value in values(look.value, about.at)}
    for name, operator in ALONE.items():
        if name in _fitting(kinds, about):
            yield name, on_values(partial(_alone, operator, about))
    if kinds - {"null"}:
        yield "neighbour", on_values(lambda look, value: _neighbour(look, about, value))
    others = _others(healthy, about, where)
    yield "before", on_values(others)
    if where.scope in ("view", "all"):
        firsts_of_all = (first_of(look, about.at) for look in where.looks)
        shown = next((value for value in firsts_of_all if value is not None), None)
        yield "constant", on_values(lambda _, value: shown if kind(value) == kind(shown) else value)
    if where.scope != "once" and kinds & {"time", "string", "integer", "number", "boolean"}:
        steps = cache(partial(_steps, where.looks))
        yield "drifting", on_values(lambda look, value: drifted(value, steps()[look.number, look.at]))
    if "time" in kinds or about.time:
        firsts = cache(partial(_firsts, healthy, about))
        yield "frozen", on_values(lambda look, value: firsts().get((look.resource, look.id), value))


def _alone(operator: Operator, about: Property, _look: Look, value: Any) -> Any:
    return operator(value, about)


def _fitting(kinds: set[str], about: Property) -> set[str]:
    """The operators that can change a value of these kinds."""
    found = {"missing", "type"}
    found |= {"null"} if kinds - {"null"} else set()
    found |= {"empty"} if kinds & {"string", "time", "array", "object"} else set()
    found |= {"value"} if about.values or "boolean" in kinds else set()
    found |= {"more", "less"} if kinds & {"integer", "number"} else set()
    found |= {"rounded"} if kinds & {"integer", "number", "time"} else set()
    found |= {"earlier", "later", "1970"} if "time" in kinds else set()
    return found


def _neighbour(look: Look, about: Property, value: Any) -> Any:
    """The value of the next property beside it that has one of the same kind."""
    parent, _, _ = about.at.rpartition("/")
    names = [
        item.at
        for item in look.properties
        if item.at.rpartition("/")[0] == parent and "*" not in item.at[len(parent) :]
    ]
    if about.at not in names:
        return value
    position = names.index(about.at)
    for name in [*names[position + 1 :], *names[:position]]:
        for other in values(look.value, name):
            if kind(other) == kind(value) and not same(other, value):
                return other
    return value


def _others(healthy: Healthy, about: Property, where: _Where) -> Callable[[Look, Any], Any]:
    """The value of the same property of the object before, else of the one after, in the same view."""

    @cache
    def shown() -> list[tuple[Look, Any]]:
        first = where.looks[0]
        return [
            (look, value)
            for look in healthy.looks
            if where.operation == ANY or (look.operation, look.view) == (first.operation, first.view)
            if look.resource == first.resource
            for value in [first_of(look, about.at)]
            if value is not None
        ]

    @cache
    def spelled() -> dict[str, set[bytes]]:
        found: dict[str, set[bytes]] = defaultdict(set)
        for _, value in shown():
            found[kind(value)].add(msgspec.json.encode(value))
        return found

    def other(look: Look, value: Any) -> Any:
        known = shown()
        # most properties have one value, and many looks show it
        if value is not None and spelled()[kind(value)] <= {msgspec.json.encode(value)}:
            return value
        position = bisect_left(known, (look.number, look.at), key=lambda item: (item[0].number, item[0].at))
        for candidate, fresh in chain(reversed(known[:position]), known[position:]):
            if (
                (candidate.id != look.id or not look.id)
                and (value is None or kind(fresh) == kind(value))
                and not same(fresh, value)
            ):
                return fresh
        return value

    return other


def _steps(looks: Sequence[Look]) -> dict[tuple[int, str], int]:
    """How many looks at the same object came before each look."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    found: dict[tuple[int, str], int] = {}
    for look in looks:
        found[look.number, look.at] = seen[look.resource, look.id]
        seen[look.resource, look.id] += 1
    return found


def _firsts(healthy: Healthy, about: Property) -> dict[tuple[str, str], Any]:
    """The first time that each object showed."""
    found: dict[tuple[str, str], Any] = {}
    for look in healthy.looks:
        value = first_of(look, about.at)
        if look.id and isinstance(value, str):
            found.setdefault((look.resource, look.id), value)
    return found
