"""Webhook endpoints, and the events that batches and runs send when they have ended."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import refuse
from batchproof.emulator.extend_common.outbox import Endpoint
from batchproof.emulator.extend_common.requests import body_of, text

from . import objects
from .families import Family
from .interface import Store
from .store import Batch, Run, Workspace

_KEYS = frozenset({"url", "name", "enabledEvents", "apiVersion", "status", "advancedOptions"})
_STATUSES = ("enabled", "disabled")


def create_webhook_endpoint(store: Store, call: Call) -> JsonObject:
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
    if body.get("apiVersion") != store.version:
        refuse(f"apiVersion must be {store.version}.")
    status = body.get("status", _STATUSES[0])
    if status not in _STATUSES:
        refuse(f"status must be one of {', '.join(_STATUSES)}.")
    secret = store.behaviour.new_id("wss")
    if status == _STATUSES[0]:
        store.workspace(call).endpoints.append(Endpoint(url, secret, frozenset(events)))
    endpoint: JsonObject = {
        "object": "webhook_endpoint",
        "id": store.behaviour.new_id("wh"),
        "url": url,
        "name": name,
        "status": status,
        "enabledEvents": events,
        "apiVersion": store.version,
        "advancedOptions": body.get("advancedOptions"),
        "signingSecret": secret,
        "createdAt": store.behaviour.timestamp(call.now),
    }
    return store.behaviour.shape("webhook_endpoint", endpoint, None, call)


def watch(
    store: Store, workspace: Workspace, family: Family, record: Batch | Run, *, made_elsewhere: bool = False
) -> None:
    """Let a batch or a run send its event when it has ended; whether the runs of a batch do is not documented."""
    mail = store.behaviour.mail
    if isinstance(record, Run) and record.batch is not None and not mail.runs_of_batches:
        return

    def tale(ended: str, call: Call) -> tuple[str, JsonObject] | None:
        # No event is documented for what was cancelled; what was deleted has none to tell of.
        if isinstance(record, Run) and (record.cancelled is not None or record.deleted is not None):
            return None
        kind = mail.event_type(family.name, isinstance(record, Batch), ended)
        return kind, _payload(store, family, record, call)

    store.outbox.watch(workspace.endpoints, record, tale, made_elsewhere=made_elsewhere)


def _payload(store: Store, family: Family, record: Batch | Run, call: Call) -> JsonObject:
    behaviour = store.behaviour
    if isinstance(record, Batch):
        return objects.batch_run(behaviour, record, call)
    if family.processor is None:
        return objects.parse_run_status(behaviour, record, call)
    return objects.run(behaviour, record, call)
