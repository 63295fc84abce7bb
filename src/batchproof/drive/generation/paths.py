"""Hostile ids in paths."""

from collections.abc import Callable, Iterator

from batchproof.contract import Contract
from batchproof.drive.api import Api
from batchproof.drive.errors import Stopped, Unmet
from batchproof.drive.generation.variation import Variation
from batchproof.drive.refs import Ref

LONGEST_ID = 255

_ODD: tuple[tuple[str, str], ...] = (
    ("an encoded slash", "a/b"),
    ("dots", ".."),
    ("dots and slashes", "../../etc/passwd"),
    ("a space", "a b"),
    ("letters beyond ASCII", "größe"),
    ("characters beyond the basic plane", "🧾"),
    ("a NUL character", "a\u0000b"),
    ("a line break", "a\r\nb"),
    ("a percent sign", "100%25"),
    ("a question mark and a hash", "a?b#c"),
    ("quotes", "'\"`;--"),
    ("braces", "{id}"),
    ("null", "null"),
    ("a number", "0"),
    ("a path parameter", "a;b=c"),
)


def hostile(
    api: Api, operation: str, known: str | None, of_kind: Callable[[str], Ref | None]
) -> Iterator[Variation]:
    """Ids that name nothing. ``known`` is one that does; ``of_kind`` finds an object of another resource."""
    for about, value in _ODD:
        yield Variation("open", f"an id with {about}", "path/id", {"path": {"id": value}})
    yield _nothing("an id of 255 characters", ("batchproof" * 26)[:255])
    yield _nothing("an id of 256 characters", ("batchproof" * 26)[:256])
    if known is not None:
        if len(known) < LONGEST_ID:
            longest = known.ljust(LONGEST_ID, "x")
            yield _nothing(f"a known id, with more behind it, {LONGEST_ID} characters long", longest)
        yield _nothing("a known id, with more behind it", known + "batchproof")
    for resource, identifier in _of_other_kinds(api, operation, of_kind):
        # where ids are numbers, it may be the id of an object of this kind, too
        yield Variation("open", f"the id of a {resource}", "path/id", {"path": {"id": identifier}})


def how_many(contract: Contract) -> int:
    """How many ids ``hostile`` gives at most."""
    return len(_ODD) + 4 + len(contract.manifest.resources) - 1


def own_id(api: Api, operation: str) -> str | None:
    """The id of an object of this run that the operation could be about, if there can be one."""
    resource = resource_of(api.contract, operation)
    ref = own(api, resource) if resource is not None else None
    return ref.id if ref is not None else None


def own(api: Api, resource: str) -> Ref | None:
    """An object of this run, if there can be one."""
    try:
        return api.supply.own(resource)
    except (Unmet, Stopped):
        return None


def _nothing(about: str, value: str) -> Variation:
    return Variation("invalid", about, "path/id", {"path": {"id": value}})


def resource_of(contract: Contract, operation: str) -> str | None:
    """The kind of object that a call of the operation is about."""
    declared = contract.manifest.operations[operation]
    if declared.reads is not None:
        return declared.reads
    if declared.deletes is not None:
        return declared.deletes.resource
    return declared.success.shows[0].resource if declared.success.shows else None


def _of_other_kinds(
    api: Api, operation: str, of_kind: Callable[[str], Ref | None]
) -> Iterator[tuple[str, str]]:
    same = resource_of(api.contract, operation)
    for resource in api.contract.manifest.resources:
        if resource == same:
            continue
        try:
            ref = of_kind(resource)
        except (Unmet, Stopped):
            continue
        if ref is not None:
            yield resource, ref.id
