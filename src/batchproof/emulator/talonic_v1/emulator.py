"""The emulator itself: its operations, and what every call shares."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from batchproof.emulator.clock import Clock
from batchproof.emulator.exchange import Answer, ApiError, Call
from batchproof.emulator.tokens import TokenPolicy
from batchproof.emulator.vendor import Vendor

from . import batches, documents, errors, seeds
from .behaviour import Behaviour
from .idempotency import once
from .interface import Held
from .metering import Meter, next_midnight
from .store import Workspace

FIXTURES: Mapping[str, str | list[str]] = {
    "document_ids": [seeds.seed_id(f"document {name}") for name in seeds.DOCUMENTS],
    "cancellable_batch_ids": [seeds.seed_id(name) for name in seeds.CANCELLABLE],
}


class Emulator(Vendor[Behaviour, Workspace]):
    """A stand-in for the batch endpoints of `talonic/v1`."""

    def __init__(self, behaviour: Behaviour, clock: Clock, tokens: TokenPolicy) -> None:
        super().__init__(behaviour, clock, tokens)
        self._meter = Meter()
        self.operations = self.bind(
            ("GET", "/v1/batches", batches.list_batches),
            ("GET", "/v1/batches/{id}", batches.get_batch),
            ("POST", "/v1/batches/{id}/sync", once(batches.sync_batch)),
            ("POST", "/v1/batches/{id}/cancel", once(batches.cancel_batch)),
            ("GET", "/v1/sources", documents.list_sources),
            ("POST", "/v1/sources/{id}/documents", once(documents.ingest_document)),
            ("GET", "/v1/documents/{id}", documents.get_document),
        )

    def named(self, call: Call, held: Callable[[Workspace], Mapping[str, Held]]) -> Held | None:
        """What the id in the path names in the workspace of the caller, or in any, where an operation shares them all."""
        reached = [self.workspace(call)]
        if call.operation in self.behaviour.shared:
            reached += self.workspaces()
        found = (held(workspace).get(call.path["id"]) for workspace in reached)
        return next((item for item in found if item is not None), None)

    def new_request_id(self) -> str:
        """A fresh request id (Error Format, request_id)."""
        return f"req_{self.behaviour.random_bytes(8).hex()}"

    def headers(self, call: Call) -> Mapping[str, str]:
        """Rate Limits: what is left of the day stands on every answer, as does the request id."""
        limit = self.behaviour.limits.calls_per_day
        used = limit if self.limited(call) else self._meter.spend(self.token(call) or "", call.now)
        return {
            "X-Request-Id": call.request_id,
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - used)),
            "X-RateLimit-Reset": self.behaviour.timestamp(next_midnight(call.now)),
        }

    def admit(self, call: Call) -> None:
        """Authentication, then Rate Limits."""
        token = self.token(call)
        if token is None and self.behaviour.requires_key:
            raise errors.unauthorized()
        used_up = self._meter.used(token or "", call.now) >= self.behaviour.limits.calls_per_day
        if used_up or self.limited(call) or self.behaviour.throttles():
            raise errors.rate_limited((next_midnight(call.now) - call.now) // 1000)

    def refuse(self, refusal: ApiError, call: Call) -> Answer:
        """Error Format, Envelope fields."""
        body = {
            "statusCode": refusal.status,
            "code": refusal.code,
            "error": HTTPStatus(refusal.status).phrase,
            "message": refusal.message,
            "retryable": refusal.status == HTTPStatus.TOO_MANY_REQUESTS or refusal.status >= 500,
            "request_id": call.request_id,
            "timestamp": self.behaviour.timestamp(call.now),
            "path": call.target,
        }
        return Answer(refusal.status, self.behaviour.shape("error", body, refusal, call), refusal.headers)

    def unrouted(self, status: int) -> ApiError:
        """The refusal of a path or a method that no operation has."""
        return errors.unrouted(status)

    def seeded(self, now: int) -> Workspace:
        """A new workspace."""
        return seeds.workspace(self.behaviour, now)

    def bare(self) -> Workspace:
        """A new workspace of an organisation that has nothing yet."""
        return Workspace()
