"""Mutants of what looks at one object tell in their order: states undone, skipped, left; bodies of two objects swapped."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from batchproof.contract import pointer

from .changing import rewritten
from .looks import Healthy, Look
from .mutants import Changes, Key, Mutant, Scope
from .paths import changed

_ORDER = "(order)"


def of_sequences(healthy: Healthy) -> Iterator[Mutant]:
    """For each resource, and each two of its states, of objects that were looked at often enough."""
    for (name, _), looks in _first_of_each_kind(healthy):
        resource = healthy.contract.manifest.resources[name]
        if resource.lifecycle is not None and resource.status is not None:
            known = healthy.contract.manifest.lifecycles[resource.lifecycle]
            states = list(
                dict.fromkeys(
                    [
                        *known.edges,
                        *(one for to in known.edges.values() for one in to),
                        *known.terminal,
                        *known.tolerated,
                    ]
                )
            )
            yield from _of_object(healthy, looks, resource.status, states, known.terminal)
    yield from _swaps(healthy)


def _first_of_each_kind(healthy: Healthy) -> Iterator[tuple[tuple[str, str], list[Look]]]:
    """Of the objects that went through the same states, the one that was looked at most."""
    best: dict[tuple[str, ...], tuple[tuple[str, str], list[Look]]] = {}
    for key, looks in healthy.by_object.items():
        path = (key[0], *dict.fromkeys(look.state for look in looks))
        if path not in best or len(looks) > len(best[path][1]):
            best[path] = (key, looks)
    yield from best.values()


def _of_object(
    healthy: Healthy, looks: list[Look], status: str, states: Sequence[str], ends: Sequence[str]
) -> Iterator[Mutant]:
    seen = list(dict.fromkeys(look.state for look in looks))
    contract, resource = healthy.contract.id, looks[0].resource
    for position, look in enumerate(looks):
        first_here = look.state not in {item.state for item in looks[:position]}
        after = looks[position + 1 :]
        if not first_here or not after or look.state not in states:
            continue
        here = [item for item in after if item.state == look.state] or after[:1]
        targets = [state for state in states if state != look.state]
        for state in targets:
            if look.state in ends:
                described = "left"
            elif state not in ends and state in states[: states.index(look.state)]:
                described = "undone"
            else:
                continue
            for scope, chosen in _scopes(here):
                key = Key(contract, resource, "looks", f"{look.state}→{state}", _ORDER, described, scope)
                yield Mutant(key, partial(_shown_as, healthy, chosen, looks, status, state))
    if seen[-1] in ends and seen[-1] != seen[0]:
        early = [look for look in looks if look.state != seen[-1]]
        for scope, chosen in _scopes(early):
            key = Key(contract, resource, "looks", f"{seen[0]}→{seen[-1]}", _ORDER, "skipped", scope)
            yield Mutant(key, partial(_shown_as, healthy, chosen, looks, status, seen[-1]))


def _scopes(looks: Sequence[Look]) -> Iterator[tuple[Scope, Sequence[Look]]]:
    if looks:
        yield "once", looks[-1:]
    if len(looks) > 1:
        yield "object", looks


def _shown_as(
    healthy: Healthy, chosen: Sequence[Look], looks: Sequence[Look], status: str, state: str
) -> Changes:
    """The looks as they were in another state, or, where that was never seen in this view, with that state only."""

    def rewrite(look: Look) -> object:
        alike = [
            item.value
            for item in looks
            if item.state == state and (item.view, item.operation) == (look.view, look.operation)
        ] or [item.value for item in looks if item.state == state and item.view == look.view]
        return alike[0] if alike else changed(look.value, status, lambda _: state)

    return rewritten(healthy, chosen, rewrite)


def _swaps(healthy: Healthy) -> Iterator[Mutant]:
    """Two objects of one view, in one state, each shown as the other: with its id, or with all but the id."""
    groups: dict[tuple[str, str, str], list[Look]] = defaultdict(list)
    for look in healthy.looks:
        if look.id:
            groups[look.operation, look.view, look.state].append(look)
    for (operation, view, state), looks in groups.items():
        made = [look for look in looks if (look.resource, look.id) in healthy.created] or looks
        one = made[len(made) // 2]
        other = next((look for look in made if look.id != one.id and look.value != one.value), None)
        if other is None:
            continue
        for described, keep in (("swapped", False), ("swapped-but-id", True)):
            for scope in ("once", "object"):
                chosen = (
                    [one, other]
                    if scope == "once"
                    else [look for look in looks if look.id in (one.id, other.id)]
                )
                key = Key(healthy.contract.id, operation, view, state, "(body)", described, scope)
                yield Mutant(key, partial(_swapped, healthy, chosen, one, other, keep=keep))


def _swapped(healthy: Healthy, chosen: Sequence[Look], one: Look, other: Look, *, keep: bool) -> Changes:
    at = healthy.contract.manifest.resources[one.resource].id

    def rewrite(look: Look) -> object:
        fresh = other.value if look.id == one.id else one.value
        return changed(fresh, at, lambda _: pointer.first(look.value, at)) if keep else fresh

    return rewritten(healthy, chosen, rewrite)
