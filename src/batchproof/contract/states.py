"""States: whether a contract folder spells those of its objects in one way.

What a life cycle and the invariants call a state is compared with the enumeration that the schemas have for the status, if they have one.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from batchproof.contract import pointer
from batchproof.contract.kinds import KINDS
from batchproof.contract.linked import linked_lifecycle
from batchproof.contract.model import Invariant, Lifecycle, Manifest
from batchproof.contract.problems import Problem
from batchproof.contract.reach import states_of
from batchproof.contract.schema_traversal import Child, Visit
from batchproof.contract.shapes import Shapes
from batchproof.json_values import JsonObject

_TEXT = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def check_lifecycles(file: Path, manifest: Manifest, shapes: Shapes) -> Iterator[Problem]:
    """Each state that leads nowhere or that no schema knows, and each order that forbids nothing."""
    for name, lifecycle in manifest.lifecycles.items():
        at = ("lifecycles", name)
        known = {*lifecycle.edges, *lifecycle.terminal}
        for state, after in lifecycle.edges.items():
            for following in after:
                if following not in known:
                    remedy = f"leads to {following!r}, which has no edges and is not terminal; use one of: {_described(known)}"
                    yield Problem(file, ".".join((*at, "edges", state)), remedy, (*at, "edges", state))
        if lifecycle.requirement is not None and not linked_lifecycle(name, lifecycle).orders:
            remedy = f"is {lifecycle.requirement}, which cannot fail: from each state every other can follow; remove it, or an edge"
            yield Problem(file, ".".join((*at, "requirement")), remedy, (*at, "requirement"))
    for name, resource in manifest.resources.items():
        used = manifest.lifecycles.get(resource.lifecycle or "")
        if used is None or resource.lifecycle is None:
            continue
        documented = documented_states(manifest, shapes, name)
        for state in states_of(used):
            leads_on = state in used.edges or state in used.terminal
            if documented and leads_on and state not in documented:
                at = ("lifecycles", resource.lifecycle)
                remedy = f"names the state {state!r}, which no schema of {name} knows; use one of: {_described(documented)}"
                yield Problem(file, ".".join(at), remedy, _written(used, at, state))


def _written(lifecycle: Lifecycle, at: tuple[str, ...], state: str) -> tuple[str | int, ...]:
    """Where a life cycle names a state first."""
    if state in lifecycle.edges:
        return (*at, "edges", state)
    return (*at, "terminal", lifecycle.terminal.index(state))


def check_states_of_invariant(
    file: Path, manifest: Manifest, shapes: Shapes, index: int, invariant: Invariant
) -> Iterator[Problem]:
    """Each state that an invariant about objects compares their status with, and that does not exist."""
    resource = manifest.resources.get(invariant.on)
    looks = [variable.name for variable in KINDS[invariant.each].variables if variable.is_subject]
    if not looks or resource is None or resource.status is None or resource.lifecycle is None:
        return
    lifecycle = manifest.lifecycles.get(resource.lifecycle)
    if lifecycle is None:
        return
    documented = documented_states(manifest, shapes, invariant.on)
    known = {*documented, *states_of(lifecycle), *lifecycle.tolerated}
    steps = [re.escape(part) for part in pointer.parse(resource.status)]
    status = ".".join([f"(?:{'|'.join(looks)})", *steps])
    compared = re.compile(rf"\b{status}\s*(?:[!=]=\s*('[^']*'|\"[^\"]*\")|in\s*\[([^\]]*)\])")
    for part in ("when", "rule"):
        for alone, listed in compared.findall(getattr(invariant, part) or ""):
            for state in (one or other for one, other in _TEXT.findall(alone or listed)):
                if documented and state not in known:
                    remedy = f"compares with the state {state!r}, which {invariant.on} does not have; use one of: {_described(known)}"
                    yield Problem(file, invariant.requirement, remedy, (index, part))


def documented_states(manifest: Manifest, shapes: Shapes, name: str) -> set[str]:
    """The values that the schemas of the answers allow for the status of a resource; none when they do not say."""
    status = manifest.resources[name].status
    found: set[str] = set()
    for operation in manifest.operations.values():
        for shown in operation.success.shows:
            if shown.resource == name and status is not None:
                steps = [*pointer.parse(shown.at), *pointer.parse(status)]
                nodes = _at(shapes, operation.success.schema, steps)
                values = [value for node in nodes for value in node.get("enum", [])]
                found.update(value for value in values if isinstance(value, str))
    return found


def _at(shapes: Shapes, file: str, steps: Sequence[str]) -> Iterator[JsonObject]:
    """The subschemas that always apply to what stands ``steps`` below what ``file`` describes."""
    visits = shapes.traverse(file, tuple(steps), _left, ("$ref", "allOf", "items", "properties"), once=True)
    return (visit.schema for visit in visits if not visit.state)


def _left(visit: Visit[tuple[str, ...]], child: Child) -> tuple[str, ...] | None:
    """The steps that are left in a child; None where another one leads on."""
    if child.keyword in ("$ref", "allOf"):
        return visit.state
    step = "*" if child.keyword == "items" else child.key
    return visit.state[1:] if visit.state[:1] == (step,) else None


def _described(states: set[str]) -> str:
    return ", ".join(sorted(states))
