"""The properties that a schema documents, at every depth, with what it says of their values."""

from typing import NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.contract.schema_traversal import Child, Visit
from batchproof.contract.shapes import ANNOTATION, Owner, ids_of
from batchproof.json_values import Json, JsonObject

_FOLLOWED = ("$ref", "allOf", "anyOf", "oneOf", "then", "else", "properties", "items")


class Property(NamedTuple):
    """A documented property. ``at`` is a pointer with ``*`` for array indices; ``owner`` the row that documents it."""

    at: str
    types: tuple[str, ...]
    values: tuple[Json, ...]
    time: bool
    owner: str | None


class _Seen(NamedTuple):
    """One subschema of a property; ``near``: an annotation stands at it and is not inherited."""

    node: JsonObject
    owner: str | None
    near: bool


class _About(NamedTuple):
    """The place of what a subschema is about, and the row that speaks for it unless it names its own."""

    at: str
    owner: str | None


def properties(contract: Contract, file: str) -> list[Property]:
    """The properties that ``file`` documents, in its order; a recursion is followed once."""
    found: dict[str, list[_Seen]] = {}
    for visit in contract.shapes.traverse(file, _About("", None), _about, _FOLLOWED):
        at, owner = visit.state
        if at:
            own = _main(visit.schema.get(ANNOTATION))
            found.setdefault(at, []).append(_Seen(visit.schema, own or owner, own is not None))
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


def _values(node: JsonObject) -> tuple[Json, ...]:
    return tuple(value for value in node.get("enum", ()) if value is not None)


def _listed(kind: Json) -> list[str]:
    return [kind] if isinstance(kind, str) else list(kind or ())


def _about(visit: Visit[_About], child: Child) -> _About:
    at, owner = visit.state
    if child.keyword == "properties":
        at += pointer.join([str(child.key)])
    elif child.keyword == "items":
        at += "/*"
    return _About(at, _main(visit.schema.get(ANNOTATION)) or owner)


def _main(owner: Owner | None) -> str | None:
    """The row that speaks for the property itself, where several speak keyword by keyword."""
    if isinstance(owner, dict):
        return owner.get("type") or owner.get("*") or min(ids_of(owner), default=None)
    return owner
