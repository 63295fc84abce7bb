"""What faults and variants can change in the events of this version, besides what all versions share."""

from collections.abc import Callable
from dataclasses import dataclass

from batchproof.emulator.exchange import Answer, Call
from batchproof.emulator.extend_common import mail as common

_CODES = {404: "NOT_FOUND", 500: "INTERNAL_ERROR"}


@dataclass(slots=True)
class Mail(common.Mail):
    """`event_type` names an event by family, whether it is one of a batch, and how that ended."""

    event_type: Callable[[str, bool, str], str] = lambda family, batch, ended: documented_type(
        family, batch=batch, ended=ended
    )
    runs_of_batches: bool = False


def documented_type(family: str, *, batch: bool, ended: str) -> str:
    """Batch Processing, Webhooks: all batches but those of parse runs have the same events; runs have one of their kind."""
    if not batch:
        return f"{family}_run.{ended}"
    return f"{'batch_parse_run' if family == 'parse' else 'batch_processor_run'}.{ended}"


class Behaviour(common.Behaviour):
    """The documented behaviour, webhooks included."""

    mail: Mail

    def __init__(self, step_ms: int) -> None:
        super().__init__(step_ms)
        self.mail = Mail()

    def refusal(self, status: int, message: str, call: Call) -> Answer:
        """Error Handling: what every error body has."""
        body = {
            "code": _CODES.get(status, "INVALID_REQUEST"),
            "message": message,
            "retryable": status >= 500,
            "requestId": call.request_id,
        }
        return Answer(status, body)
