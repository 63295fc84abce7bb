"""The history room: everything that happened, as events on disk."""

from batchproof.history.events import (
    BREAKER,
    FORMAT,
    START,
    Case,
    Delivery,
    Event,
    Exchange,
    Failure,
    Footer,
    Halt,
    Header,
    Recorded,
    Reproduction,
    Request,
    Response,
    ScenarioEnded,
    Unmet,
    has_body,
)
from batchproof.history.reader import History, HistoryError, read_header, read_history
from batchproof.history.redaction import Redactor
from batchproof.history.statuses import (
    ELSEWHERE,
    GATEWAY_STATUSES,
    INTERNAL,
    TO_THE_CALLER,
    TOO_MANY_REQUESTS,
)
from batchproof.history.writer import HistoryWriter

__all__ = [
    "BREAKER",
    "ELSEWHERE",
    "FORMAT",
    "GATEWAY_STATUSES",
    "INTERNAL",
    "START",
    "TOO_MANY_REQUESTS",
    "TO_THE_CALLER",
    "Case",
    "Delivery",
    "Event",
    "Exchange",
    "Failure",
    "Footer",
    "Halt",
    "Header",
    "History",
    "HistoryError",
    "HistoryWriter",
    "Recorded",
    "Redactor",
    "Reproduction",
    "Request",
    "Response",
    "ScenarioEnded",
    "Unmet",
    "has_body",
    "read_header",
    "read_history",
]
