"""The history room: everything that happened, as events on disk."""

from batchproof.history.events import (
    FORMAT,
    Case,
    Delivery,
    Event,
    Exchange,
    Failure,
    Footer,
    Header,
    Recorded,
    Reproduction,
    Request,
    Response,
    Unmet,
    has_body,
)
from batchproof.history.reader import History, HistoryError, read_history
from batchproof.history.redaction import Redactor
from batchproof.history.writer import HistoryWriter

__all__ = [
    "FORMAT",
    "Case",
    "Delivery",
    "Event",
    "Exchange",
    "Failure",
    "Footer",
    "Header",
    "History",
    "HistoryError",
    "HistoryWriter",
    "Recorded",
    "Redactor",
    "Reproduction",
    "Request",
    "Response",
    "Unmet",
    "has_body",
    "read_history",
]
