"""The emulator itself: its workspaces, its clock, and what every operation shares."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from batchproof.emulator.clock import Clock
from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject, Operation
from batchproof.emulator.extend_common import errors
from batchproof.emulator.extend_common.outbox import DeliveringVendor
from batchproof.emulator.paging import R
from batchproof.emulator.postman import Webhook
from batchproof.emulator.tokens import TokenPolicy

from . import batches, processors, runs, showcase, webhooks
from .families import FAMILIES, Family
from .mail import Behaviour
from .store import Workspace

FIXTURES: Mapping[str, str | list[str]] = {
    "file_url": "https://files.example.com/invoice.pdf",
    "failing_file_url": "https://files.example.com/fail/invoice.pdf",
    "fatal_file_url": "https://files.example.com/fatal.pdf",
    # every id of a file is taken for that of a PDF that was uploaded
    "file_id": "file_shown",
    # the key of a workspace may name it, and need not (Authentication, API key scopes)
    "workspace_id": "ws_shown",
    **showcase.FIXTURES,
}


class Emulator(DeliveringVendor[Behaviour, Workspace]):
    """A stand-in for `extend/2026-02-09`; everything lives in memory."""

    version = "2026-02-09"

    def __init__(
        self, behaviour: Behaviour, clock: Clock, tokens: TokenPolicy, webhook: Webhook | None = None
    ) -> None:
        super().__init__(behaviour, clock, tokens, webhook)
        self.operations = (
            *self.bind(
                ("GET", "/batch_runs/{id}", batches.get_batch_run),
                ("POST", "/webhook_endpoints", webhooks.create_webhook_endpoint),
            ),
            *(operation for family in FAMILIES for operation in self._family(family)),
        )

    def _family(self, family: Family) -> Iterator[Operation]:
        """The operations of a family, under names such as `create_extract_run`."""
        name, path = family.kind, f"/{family.kind}s"
        yield Operation(
            f"submit_{family.name}_batch",
            "POST",
            f"{path}/batch",
            partial(batches.submit_batch, self, family),
        )
        yield Operation(f"list_{name}s", "GET", path, partial(runs.list_runs, self, family))
        yield Operation(f"create_{name}", "POST", path, partial(runs.create_run, self, family))
        yield Operation(f"get_{name}", "GET", f"{path}/{{id}}", partial(runs.get_run, self, family))
        yield Operation(f"delete_{name}", "DELETE", f"{path}/{{id}}", partial(runs.delete_run, self, family))
        yield Operation(
            f"cancel_{name}", "POST", f"{path}/{{id}}/cancel", partial(runs.cancel_run, self, family)
        )
        if family.processor is not None:
            plural = f"{family.processor.name}s"
            yield Operation(
                f"list_{plural}", "GET", f"/{plural}", partial(processors.list_processors, self, family)
            )

    def admit(self, call: Call) -> None:
        """Authentication and the like; then the credits, without which nothing can be created (Error Codes)."""
        super().admit(call)
        if self.unpaid(call) and call.operation.startswith(("create_", "submit_")):
            raise errors.usage_blocked()

    def refuse(self, refusal: ApiError, call: Call) -> Answer:
        """Error Handling, error body."""
        body: JsonObject = {
            "code": refusal.code,
            "message": refusal.message,
            "retryable": refusal.code in errors.RETRYABLE,
            "requestId": call.request_id,
        }
        if isinstance(refusal, errors.ExplainedError):
            body["docUrl"] = refusal.doc_url
        return Answer(refusal.status, self.behaviour.shape("error", body, refusal, call), refusal.headers)

    def seeded(self, now: int) -> Workspace:
        """A new workspace with its extractors, classifiers and splitters, and what happened in it before."""
        workspace = Workspace()
        processors.seed(self, workspace)
        if self.behaviour.showcase:
            showcase.seed(workspace, now)
        return workspace

    def bare(self) -> Workspace:
        """A new workspace of an organisation that has nothing yet."""
        return Workspace()

    def listing(
        self,
        records: Sequence[R],
        call: Call,
        render: Callable[[R], JsonObject],
        *,
        sortable: bool = True,
    ) -> JsonObject:
        """One page of a list (Pagination): the token is absent on the last page."""
        page, token = self.page(records, call, sortable=sortable)
        body: JsonObject = {"object": "list", "data": [render(record) for record in page]}
        if token is not None:
            body["nextPageToken"] = token
        return self.behaviour.shape("list", body, page, call)
