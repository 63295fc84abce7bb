"""Batches and documents that move on between any two requests."""

from batchproof.emulator import restless

from .behaviour import Behaviour
from .plants import registry
from .store import ACCUMULATING, SUBMITTED, Batch, Document


@registry.variant("moves-between-requests")
def moves_between_requests(behaviour: Behaviour) -> None:
    """Monitoring Batches: no duration is promised; here a batch or a document may move on between any two requests.

    Only a look at one object is followed by a move: there are few batches that may be cancelled, and lists show them often.
    """
    looks = ("get_batch", "sync_batch", "get_document")
    restless.moving_on(behaviour, ("batch", "document"), _move, operations=looks)


def _move(record: Batch | Document, moment: int) -> None:
    if isinstance(record, Document):
        if record.item is None:
            record.duration = 0
        return
    status = record.status(moment)
    if status == ACCUMULATING:
        record.submitted = moment
    elif status == SUBMITTED:
        record.ready = min(record.ready, moment)
        record.polled = moment
