"""What must hold inside the section ``webhooks`` of a contract."""

import string
from collections.abc import Iterator
from pathlib import Path

from batchproof.contract.model import Manifest
from batchproof.contract.problems import Problem, undeclared
from batchproof.contract.shapes import Shapes
from batchproof.contract.webhooks import WebhookEvent, Webhooks

_SIGNED_PARTS = {"timestamp", "body"}
_TOP = ("webhooks",)


def check_webhooks(file: Path, manifest: Manifest, shapes: Shapes) -> Iterator[Problem]:
    """Everything that does not fit."""
    webhooks = manifest.webhooks
    if webhooks is None:
        return
    yield from shapes.unusable(webhooks.envelope.schema, file, (*_TOP, "envelope", "schema"))
    yield from _check_signed(file, webhooks)
    named = {
        webhooks.signature.header: ("signature", "header"),
        webhooks.signature.timestamp.header: ("signature", "timestamp", "header"),
        **{name: ("headers", name) for name in webhooks.headers},
    }
    for name, at in named.items():
        if name != name.lower() or not name.strip():
            remedy = f"names the header {name!r}; header names are written in lower case"
            yield Problem(file, "webhooks", remedy, (*_TOP, *at))
    places = {"envelope.id": webhooks.envelope.id, "envelope.type": webhooks.envelope.type}
    if webhooks.reference is not None:
        places["reference.at"] = webhooks.reference.at
    if webhooks.register is not None:
        places["register.secret"] = webhooks.register.secret
        if not webhooks.register.path.startswith("/"):
            at = (*_TOP, "register", "path")
            yield Problem(file, ".".join(at), "begins with a slash", at)
    for key, place in places.items():
        yield from _check_pointer(file, (*_TOP, *key.split(".")), place)
    if not webhooks.events:
        at = (*_TOP, "events")
        yield Problem(file, ".".join(at), "is empty; name at least one type of event", at)
    for name, event in webhooks.events.items():
        yield from _check_event(file, (*_TOP, "events", name), event, manifest, shapes)


def _check_signed(file: Path, webhooks: Webhooks) -> Iterator[Problem]:
    try:
        parts = {part for _, part, _, _ in string.Formatter().parse(webhooks.signature.signed) if part}
    except ValueError:
        parts = set()
    if parts != _SIGNED_PARTS or webhooks.signature.signed.count("{body}") != 1:
        at = (*_TOP, "signature", "signed")
        remedy = "must hold {timestamp} and, once, {body}, and no other place"
        yield Problem(file, ".".join(at), remedy, at)


def _check_event(
    file: Path, at: tuple[str, ...], event: WebhookEvent, manifest: Manifest, shapes: Shapes
) -> Iterator[Problem]:
    yield from shapes.unusable(event.schema, file, (*at, "schema"))
    yield from _check_pointer(file, (*at, "at"), event.at)
    resource = manifest.resources.get(event.resource)
    if resource is None:
        key = ".".join((*at, "resource"))
        yield from undeclared(file, key, event.resource, manifest.resources, "resource", (*at, "resource"))
        return
    if event.ended is None:
        return
    lifecycle = manifest.lifecycles.get(resource.lifecycle or "")
    terminal = lifecycle.terminal if lifecycle is not None else []
    for place, states in (("status", [event.ended.status]), ("tolerated", event.ended.tolerated)):
        for state in states:
            if state not in terminal:
                allowed = ", ".join(terminal) or "none, it has no life cycle"
                remedy = f"{state!r} is no terminal state of {event.resource}; use one of: {allowed}"
                here = (*at, "ended", place)
                yield Problem(file, ".".join(here), remedy, here, missing=resource.lifecycle)


def _check_pointer(file: Path, at: tuple[str, ...], place: str) -> Iterator[Problem]:
    if place and not place.startswith("/"):
        yield Problem(file, ".".join(at), "begins with a slash", at)
