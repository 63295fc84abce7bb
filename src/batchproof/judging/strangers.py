"""Strangers: what comes to a receiver of webhooks from somebody other than the server. It is told, and never judged."""

from collections.abc import Iterable, Iterator
from typing import Any

from batchproof.contract.webhooks import Webhooks
from batchproof.history import Delivery
from batchproof.judging.snapshots import Snapshots


def split(
    webhooks: Webhooks | None, deliveries: Iterable[Delivery], snapshots: Snapshots
) -> tuple[list[Delivery], list[Delivery]]:
    """The deliveries that are the server's to answer for, and those of strangers."""
    ids = {identifier for _, identifier in snapshots.by_object}
    own: list[Delivery] = []
    others: list[Delivery] = []
    for delivery in deliveries:
        (others if webhooks is not None and _is_strange(webhooks, delivery, ids) else own).append(delivery)
    return own, others


def _is_strange(webhooks: Webhooks, delivery: Delivery, ids: set[str]) -> bool:
    """Whether nothing ties a delivery to the server: no signature, no timestamp, no object and no event of the contract."""
    signature = webhooks.signature
    if signature.header in delivery.headers or signature.timestamp.header in delivery.headers:
        return False
    try:
        named = set(_strings(delivery.json()))
    except ValueError:
        return not any(name in (delivery.text or "") for name in webhooks.events)
    return named.isdisjoint(webhooks.events) and named.isdisjoint(ids)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _strings(child)
