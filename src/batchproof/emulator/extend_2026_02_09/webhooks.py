"""Webhook endpoints, and the events that batches and runs send when they have ended."""

from typing import TYPE_CHECKING

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import refuse
from batchproof.emulator.extend_common.outbox import Endpoint
from batchproof.emulator.extend_common.requests import body_of, text

from . import objects
from .families import Family
from .store import Batch, Run, Workspace

if TYPE_CHECKING:
    from .emulator import Emulator

_KEYS = frozenset({"url", "name", "enabledEvents", "apiVersion", "status", "advancedOptions"})
_STATUSES = ("enabled", "disabled")


def create_webhook_endpoint(emulator: "Emulator", call: Call) -> JsonObject:
    """Create Webhook Endpoint: the signing secret is in this answer and nowhere else; unknown keys are refused."""
    body = body_of(call)
    unknown = sorted(set(body) - _KEYS)
    if unknown:
        refuse(f"The keys {', '.join(unknown)} are not known.")
    url, name = text(body.get("url"), "url"), text(body.get("name"), "name")
    if not url.startswith(("http://", "https://")):
        refuse("url must be an http or https URL.")
    events = body.get("enabledEvents")
    if not isinstance(events, list) or not all(isinstance(item, str) for item in events):
        refuse("enabledEvents must be an array of types of event.")
    if body.get("apiVersion") != emulator.version:
        refuse(f"apiVersion must be {emulator.version}.")
    status = body.get("status", _STATUSES[0])
    if status not in _STATUSES:
        refuse(f"status must be one of {', '.join(_STATUSES)}.")
    secret = emulator.behaviour.new_id("wss")
    if status == _STATUSES[0]:
        emulator.workspace(call).endpoints.append(Endpoint(url, secret, frozenset(events)))
    endpoint: JsonObject = {
        "object": "webhook_endpoint",
        "id": emulator.behaviour.new_id("wh"),
        "url": url,
        "name": name,
        "status": status,
        "enabledEvents": events,
        "apiVersion": emulator.version,
        "advancedOptions": body.get("advancedOptions"),
        "signingSecret": secret,
        "createdAt": emulator.behaviour.timestamp(call.now),
    }
    return emulator.behaviour.shape("webhook_endpoint", endpoint, None, call)


def watch(emulator: "Emulator", workspace: Workspace, family: Family, record: Batch | Run) -> None:
    """Let a batch or a run send its event when it has ended; whether the runs of a batch do is not documented."""
    mail = emulator.behaviour.mail
    if isinstance(record, Run) and record.batch is not None and not mail.runs_of_batches:
        return

    def tale(ended: str, call: Call) -> tuple[str, JsonObject] | None:
        # No event is documented for what was cancelled; what was deleted has none to tell of.
        if isinstance(record, Run) and (
            record.cancelled is not None or record.id not in workspace.runs[family.name]
        ):
            return None
        kind = mail.event_type(family.name, isinstance(record, Batch), ended)
        return kind, _payload(emulator, family, record, call)

    emulator.outbox.watch(workspace.endpoints, record, tale)


def _payload(emulator: "Emulator", family: Family, record: Batch | Run, call: Call) -> JsonObject:
    behaviour = emulator.behaviour
    if isinstance(record, Batch):
        return objects.batch_run(behaviour, record, call)
    if family.processor is None:
        return objects.parse_run_status(behaviour, record, call)
    return objects.run(behaviour, record, call)
