"""Batches and runs that move on between any two requests, and keep step with each other."""

from dataclasses import replace

from batchproof.emulator import restless
from batchproof.emulator.extend_common import moves
from batchproof.emulator.extend_common.behaviour import Behaviour

from .families import FAMILIES
from .plants import registry
from .store import Batch, Run

_RUNS = [kind for family in FAMILIES for kind in (family.kind, f"{family.kind}_summary")]


@registry.variant("moves-between-requests")
def moves_between_requests(behaviour: Behaviour) -> None:
    """Batch Processing: no time is promised; here a batch or a run may move on between any two requests, and in a list."""
    restless.moving_on(behaviour, ["batch_run", *_RUNS], _move)
    restless.moving_in_lists(behaviour, _move)


def _move(record: object, moment: int) -> None:
    if isinstance(record, Batch):
        record.schedule = moves.hurried(record.schedule, moment)
        if record.schedule.ended <= moment:
            for run in record.runs:
                run.schedule = moves.ended(run.schedule, moment)
    elif isinstance(record, Run):
        moves.move(record, moment)
        batch = record.batch
        if batch is not None and record.schedule.started < batch.schedule.started:
            batch.schedule = replace(batch.schedule, started=record.schedule.started)
