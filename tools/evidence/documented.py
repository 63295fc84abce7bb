"""The properties that a schema documents, at every depth, with what it says of their values."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from batchproof.contract import Contract, pointer
from batchproof.contract.shapes import ANNOTATION, Owner, ids_of

_BRANCHES = ("allOf", "anyOf", "oneOf")
_SINGLE = ("then", "else")


class Property(NamedTuple):
    """A documented property. ``at`` is a pointer with ``*`` for array indices; ``owner`` the row that documents it."""

    at: str
    types: tuple[str, ...]
    values: tuple[Any, ...]
    time: bool
    owner: str | None


class _Seen(NamedTuple):
    """One subschema of a property; ``near``: an annotation stands at it and is not inherited."""

    at: str
    node: dict[str, Any]
    owner: str | None
    near: bool


def properties(contract: Contract, file: str) -> list[Property]:
    """The properties that ``file`` documents, in its order; a recursion is followed once."""
    found: dict[str, list[_Seen]] = {}
    for seen in _traverse(contract, contract.shapes.uri(file), contract.shapes.document(file), "", None, ()):
        if seen.at:
            found.setdefault(seen.at, []).append(seen)
    return [_merged(at, all_of_it) for at, all_of_it in found.items()]


def is_must(contract: Contract, owner: str | None) -> bool:
    """Whether a row is a MUST that can fail a run."""
    row = contract.requirements.get(owner or "")
    return (
        row is not None and row.level == "MUST" and not row.interpretations and row.untestable_because is None
    )


def _merged(at: str, seen: list[_Seen]) -> Property:
    named = [item.owner for item in seen if item.near] or [item.owner for item in seen if item.owner]
    types = [kind for item in seen for kind in _listed(item.node.get("type"))]
    values = max((_values(item.node) for item in seen), key=len)
    return Property(
        at=at,
        types=tuple(dict.fromkeys(types)),
        values=values,
        time=any(item.node.get("format") == "date-time" for item in seen),
        owner=named[0] if named else None,
    )


def _values(node: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(value for value in node.get("enum", ()) if value is not None)


def _listed(kind: Any) -> list[str]:
    return [kind] if isinstance(kind, str) else list(kind or ())


def _traverse(
    contract: Contract, uri: str, node: Any, at: str, inherited: str | None, trail: tuple[str, ...]
) -> Iterator[_Seen]:
    if not isinstance(node, dict):
        return
    own = _main(node.get(ANNOTATION))
    owner = own or inherited
    yield _Seen(at, node, owner, own is not None)
    if "$ref" in node:
        address = urljoin(uri, node["$ref"])
        if address not in trail:
            base, there = address.partition("#")[0], contract.shapes.at(address)
            yield from _traverse(contract, base, there, at, owner, (*trail, address))
    for keyword in _BRANCHES:
        for child in node.get(keyword, ()):
            yield from _traverse(contract, uri, child, at, owner, trail)
    for keyword in _SINGLE:
        yield from _traverse(contract, uri, node.get(keyword), at, owner, trail)
    for name, child in node.get("properties", {}).items():
        yield from _traverse(contract, uri, child, at + pointer.join([name]), owner, trail)
    yield from _traverse(contract, uri, node.get("items"), at + "/*", owner, trail)


def _main(owner: Owner | None) -> str | None:
    """The row that speaks for the property itself, where several speak keyword by keyword."""
    if isinstance(owner, dict):
        return owner.get("type") or owner.get("*") or min(ids_of(owner), default=None)
    return owner
