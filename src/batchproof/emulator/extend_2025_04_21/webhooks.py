"""The events that processor runs send when they have ended, and where an address asks for them."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import refuse
from batchproof.emulator.extend_common.outbox import Endpoint
from batchproof.emulator.extend_common.requests import body_of, text

from . import objects
from .interface import Store
from .store import Run, Workspace

# Webhook Configuration: endpoints are made in the dashboard. This address stands in for it; no document has it.
PATH = "/-/webhook_endpoints"


def create_webhook_endpoint(store: Store, call: Call) -> JsonObject:
    """Webhook Configuration: an endpoint has a URL, types of event, and a signing secret of its own."""
    body = body_of(call)
    url, events = text(body.get("url"), "url"), body.get("enabledEvents")
    if not url.startswith(("http://", "https://")):
        refuse("url must be an http or https URL.")
    if not isinstance(events, list) or not all(isinstance(item, str) for item in events):
        refuse("enabledEvents must be an array of types of event.")
    secret = store.behaviour.new_id("wss")
    store.workspace(call).endpoints.append(Endpoint(url, secret, frozenset(events)))
    return {"url": url, "enabledEvents": events, "signingSecret": secret}


def watch(store: Store, workspace: Workspace, run: Run, *, made_elsewhere: bool = False) -> None:
    """Let a run send its event when it has ended (OpenAPI description, WebhookEventProcessorRun)."""

    def tale(ended: str, call: Call) -> tuple[str, JsonObject] | None:
        # No event is documented for what was cancelled; what was deleted has none to tell of.
        if run.cancelled is not None or run.deleted is not None:
            return None
        behaviour = store.behaviour
        return behaviour.event_type(ended), objects.processor_run(behaviour, run, call)

    store.outbox.watch(workspace.endpoints, run, tale, made_elsewhere=made_elsewhere)
