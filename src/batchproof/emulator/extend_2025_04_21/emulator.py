"""The emulator itself: its operations, and what every call shares."""

from collections.abc import Callable, Mapping, Sequence

from batchproof.emulator.clock import Clock
from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject
from batchproof.emulator.extend_common.errors import not_found
from batchproof.emulator.extend_common.outbox import DeliveringVendor
from batchproof.emulator.extend_common.queries import query_of
from batchproof.emulator.paging import R
from batchproof.emulator.postman import Webhook
from batchproof.emulator.tokens import TokenPolicy

from . import objects, runs, seeds, webhooks
from .behaviour import Behaviour
from .interface import Store
from .requests import FILE_CODES
from .store import TYPES, Workspace

FIXTURES: Mapping[str, str | list[str]] = {
    "file_url": "https://files.example.com/invoice.pdf",
    "failing_file_url": "https://files.example.com/fail/invoice.pdf",
    "unsupported_file_url": "https://files.example.com/program.exe",
    "workspace_id": "ws_shown",
    "processor_run_ids": list(seeds.RUN_IDS),
    "batch_processor_run_ids": list(seeds.BATCH_RUN_IDS),
}


class Emulator(DeliveringVendor[Behaviour, Workspace]):
    """A stand-in for `extend/2025-04-21`; everything lives in memory."""

    version = "2025-04-21"

    def __init__(
        self, behaviour: Behaviour, clock: Clock, tokens: TokenPolicy, webhook: Webhook | None = None
    ) -> None:
        super().__init__(behaviour, clock, tokens, webhook)
        self.operations = self.bind(
            ("GET", "/batch_processor_runs/{id}", get_batch_processor_run),
            ("GET", "/processor_runs", runs.list_processor_runs),
            ("POST", "/processor_runs", runs.create_processor_run),
            ("GET", "/processor_runs/{id}", runs.get_processor_run),
            ("DELETE", "/processor_runs/{id}", runs.delete_processor_run),
            ("POST", "/processor_runs/{id}/cancel", runs.cancel_processor_run),
            ("GET", "/processors", list_processors),
            ("POST", webhooks.PATH, webhooks.create_webhook_endpoint),
        )

    def refuse(self, refusal: ApiError, call: Call) -> Answer:
        """The error body; only a refused file has a code."""
        body: JsonObject = {"success": False, "error": refusal.message}
        if refusal.code in FILE_CODES:
            body["code"] = refusal.code
        return Answer(refusal.status, self.behaviour.shape("error", body, refusal, call), refusal.headers)

    def seeded(self, now: int) -> Workspace:
        """A new workspace."""
        return seeds.workspace(self.behaviour, now)

    def bare(self) -> Workspace:
        """A new workspace of an organisation that has nothing yet."""
        return Workspace()

    def listing(
        self, name: str, records: Sequence[R], call: Call, render: Callable[[Behaviour, R, Call], JsonObject]
    ) -> JsonObject:
        """One page of a list (Pagination): the token is absent on the last page."""
        page, token = self.page(records, call)
        rows = [render(self.behaviour, record, call) for record in page]
        more = {} if token is None else {"nextPageToken": token}
        return objects.envelope(self.behaviour, name, rows, call, **more)


def get_batch_processor_run(store: Store, call: Call) -> JsonObject:
    """Get Batch Processor Run."""
    batch = store.workspace(call).batch_runs.get(call.path["id"])
    if batch is None:
        raise not_found("batch processor run")
    shown = objects.batch_processor_run(store.behaviour, batch, call)
    return objects.envelope(store.behaviour, "batchProcessorRun", shown, call)


def list_processors(store: Store, call: Call) -> JsonObject:
    """List Processors."""
    type_ = query_of(call).choice("type", TYPES)
    processors = [
        processor
        for processor in store.workspace(call).processors.values()
        if type_ in (None, processor.type)
    ]
    return store.listing("processors", processors, call, objects.processor)
