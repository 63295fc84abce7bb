"""Where objects appear: in answers, and in what webhooks deliver."""

from collections.abc import Iterator
from typing import NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.history import Delivery, Exchange
from batchproof.judging.snapshots import accepted, shown_by


class Appearance(NamedTuple):
    """One object in one event. ``text`` is what the event says of it: its status, or the type of the delivery."""

    resource: str
    id: str
    status: str | None
    text: str
    at: str
    event: Exchange | Delivery


def appearances(contract: Contract, event: Exchange | Delivery) -> Iterator[Appearance]:
    """The objects that ``event`` shows."""
    if isinstance(event, Delivery):
        yield from _delivered(contract, event)
    elif accepted(contract, event):
        for seen in shown_by(contract, event):
            yield Appearance(seen.resource, seen.id, seen.status, seen.status or "seen", seen.at, event)


def _delivered(contract: Contract, delivery: Delivery) -> Iterator[Appearance]:
    resources = contract.resources
    try:
        body = delivery.json()
    except ValueError:
        return
    if contract.manifest.webhooks is None:
        return
    named = contract.manifest.webhooks.named(body, {name: item.id for name, item in resources.items()})
    if named is None or named.id is None:
        return
    at = resources[named.event.resource].status
    status = pointer.first(named.payload, at) if at is not None else None
    yield Appearance(
        named.event.resource,
        named.id,
        status if isinstance(status, str) else None,
        status if isinstance(status, str) else named.type,
        named.event.at,
        delivery,
    )
