"""What must hold inside the section ``webhooks`` of a contract. Each check raises one ``ContractError``."""

import string
from pathlib import Path

from batchproof.contract.errors import ContractError
from batchproof.contract.model import Law, Manifest
from batchproof.contract.shapes import Shapes
from batchproof.contract.webhooks import WebhookEvent, Webhooks

_SIGNED_PARTS = {"timestamp", "body"}


def check_webhooks(file: Path, manifest: Manifest, shapes: Shapes) -> None:
    """Raises ``ContractError`` for the first thing that does not fit."""
    webhooks = manifest.webhooks
    if webhooks is None:
        return
    shapes.validator(webhooks.envelope.schema)
    _check_signed(file, webhooks)
    named = [webhooks.signature.header, webhooks.signature.timestamp.header, *webhooks.headers]
    for name in named:
        if name != name.lower() or not name.strip():
            raise ContractError(
                file, "webhooks", f"names the header {name!r}; header names are written in lower case"
            )
    places = {"envelope.id": webhooks.envelope.id, "envelope.type": webhooks.envelope.type}
    if webhooks.reference is not None:
        places["reference.at"] = webhooks.reference.at
    if webhooks.register is not None:
        places["register.secret"] = webhooks.register.secret
        if not webhooks.register.path.startswith("/"):
            raise ContractError(file, "webhooks.register.path", "begins with a slash")
    for key, at in places.items():
        _check_pointer(file, key, at)
    if not webhooks.events:
        raise ContractError(file, "webhooks.events", "is empty; name at least one type of event")
    for name, event in webhooks.events.items():
        _check_event(file, f"webhooks.events.{name}", event, manifest, shapes)


def check_law(file: Path, manifest: Manifest, law: Law) -> None:
    """Raises ``ContractError`` where a law about deliveries has none to speak of."""
    if manifest.webhooks is None:
        raise ContractError(
            file, law.requirement, "is about deliveries, and contract.yaml has no section `webhooks`"
        )
    carried = sorted({event.resource for event in manifest.webhooks.events.values()})
    if law.on not in ("*", *carried):
        raise ContractError(
            file,
            law.requirement,
            f"is about deliveries on {law.on}, which no event carries; use `*` or one of: {', '.join(carried)}",
        )


def _check_signed(file: Path, webhooks: Webhooks) -> None:
    try:
        parts = {part for _, part, _, _ in string.Formatter().parse(webhooks.signature.signed) if part}
    except ValueError:
        parts = set()
    if parts != _SIGNED_PARTS or webhooks.signature.signed.count("{body}") != 1:
        raise ContractError(
            file,
            "webhooks.signature.signed",
            "must hold {timestamp} and, once, {body}, and no other place",
        )


def _check_event(file: Path, key: str, event: WebhookEvent, manifest: Manifest, shapes: Shapes) -> None:
    resource = manifest.resources.get(event.resource)
    if resource is None:
        known = ", ".join(manifest.resources)
        raise ContractError(
            file, f"{key}.resource", f"names {event.resource!r}, which is not declared; use one of: {known}"
        )
    shapes.validator(event.schema)
    _check_pointer(file, f"{key}.at", event.at)
    if event.ended is None:
        return
    lifecycle = manifest.lifecycles.get(resource.lifecycle or "")
    terminal = lifecycle.terminal if lifecycle is not None else []
    for place, states in (("status", [event.ended.status]), ("tolerated", event.ended.tolerated)):
        for state in states:
            if state not in terminal:
                raise ContractError(
                    file,
                    f"{key}.ended.{place}",
                    f"{state!r} is no terminal state of {event.resource}; use one of: "
                    + (", ".join(terminal) or "none, it has no life cycle"),
                )


def _check_pointer(file: Path, key: str, at: str) -> None:
    if at and not at.startswith("/"):
        raise ContractError(
            file, key if key.startswith("webhooks") else f"webhooks.{key}", "begins with a slash"
        )
