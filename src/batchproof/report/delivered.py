"""Two instances of what a contract says about the deliveries of webhooks, from what it declares."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator

from batchproof.contract import Contract
from batchproof.contract.model import Requirement
from batchproof.contract.webhooks import Signature, WebhookEvent
from batchproof.report.pair import Instances

_STAMP = "1782907200"
_BODY = '{"id": 1}'
_OTHER_BODY = '{"id":1}'
_SECRET = b"secret"
_SHOWN = 12


def of_deliveries(contract: Contract, row: Requirement) -> Iterator[Instances]:
    """Pairs for what the section ``webhooks`` says of every delivery, and of events."""
    webhooks = contract.manifest.webhooks
    if webhooks is None:
        return
    signature, stamp = webhooks.signature, webhooks.signature.timestamp
    if row.id == signature.requirement:
        given = f"of the body {_BODY}, signed at {_STAMP} with the secret {_SECRET.decode()}"
        yield Instances(
            f"{signature.header} {given}, begins with {_signed(signature, _BODY)}",
            f"it begins with {_signed(signature, _OTHER_BODY)}, as for the body {_OTHER_BODY}",
        )
    if row.id == stamp.requirement:
        yield Instances(f"{stamp.header} is {_STAMP}", f"{stamp.header} is {_STAMP}000")
    if stamp.fresh is not None and row.id == stamp.fresh.requirement:
        yield Instances(
            f"{stamp.header} is 2 s old when the delivery arrives", f"it is {stamp.fresh.past_s + 1} s old"
        )
    for name, header in webhooks.headers.items():
        if row.id == header.requirement:
            yield Instances(f"{name} is {header.value}", f"a delivery without {name}")
    if row.id == webhooks.envelope.requirement:
        yield Instances("the body is a JSON object", "the body is no JSON")
    for name, event in webhooks.events.items():
        yield from _of_event(contract, row, name, event)


def _signed(signature: Signature, body: str) -> str:
    text = signature.signed.replace("{timestamp}", _STAMP).replace("{body}", body)
    digest = hmac.new(_SECRET, text.encode(), hashlib.sha256).digest()
    encoded = digest.hex() if signature.encoding == "hex" else b64encode(digest).decode()
    return encoded[:_SHOWN]


def _of_event(contract: Contract, row: Requirement, name: str, event: WebhookEvent) -> Iterator[Instances]:
    if row.id == event.requirement:
        yield Instances(f"the payload of {name} is a JSON object", "it is an empty array")
    lifecycle = contract.resources[event.resource].lifecycle
    if event.ended is None or lifecycle is None:
        return
    ended = (event.ended.status, *event.ended.tolerated)
    if row.id == event.ended.requirement:
        other = next(state for state in lifecycle.terminal if state not in ended)
        yield Instances(
            f"the payload of {name} has the status {event.ended.status}", f"it has the status {other}"
        )
    if row.id == event.ended.after_requirement:
        working = next(state for state in lifecycle.after if state not in lifecycle.terminal)
        yield Instances(f"after {name} has arrived, a read shows {event.ended.status}", f"it shows {working}")
