"""What faults and variants can change in this vendor's emulator, besides the hooks."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from batchproof.emulator import behaviour as shared
from batchproof.emulator.clock import from_milliseconds
from batchproof.emulator.exchange import Answer, Call

from .store import TERMINAL

_CODES = {400: "bad_request", 404: "not_found", 409: "conflict"}


@dataclass(slots=True)
class Limits:
    """The documented limits (Pagination, Request parameters); the calls a day of a plan are not documented."""

    page_size: int = 100
    default_page_size: int = 20
    calls_per_day: int = 1_000_000


@dataclass(slots=True)
class Pace:
    """The life of a batch in steps (Monitoring Batches: a timer of 15 minutes and an hourly poll, scaled down)."""

    accumulation: int = 3
    provider: int = 2
    poll: int = 4
    threshold: int = 500


class Behaviour(shared.Behaviour):
    """The documented behaviour, until it is changed."""

    def __init__(self, step_ms: int) -> None:
        super().__init__(step_ms)
        self.limits = Limits()
        self.pace = Pace()
        self.new_id: Callable[[], str] = self.random_uuid
        self.uncancellable = TERMINAL
        self.throttles: Callable[[], bool] = bool
        self.requires_key = True
        self.requires_file = True
        self.checks_modes = True
        self.checks_uuids = False
        self.shared: set[str] = set()
        self.replays = True
        self.finds_duplicates = True

    def random_uuid(self) -> str:
        """A new id, as the endpoint pages describe them."""
        return str(uuid.UUID(bytes=self.random_bytes(16), version=4))

    def refusal(self, status: int, message: str, call: Call) -> Answer:
        """Error Format, Envelope fields."""
        body = {
            "statusCode": status,
            "code": _CODES.get(status, "internal_error"),
            "error": HTTPStatus(status).phrase,
            "message": message,
            "retryable": status >= 500,
            "request_id": call.request_id,
            "timestamp": from_milliseconds(call.now).isoformat(timespec="milliseconds"),
            "path": call.target,
        }
        return Answer(status, body)
