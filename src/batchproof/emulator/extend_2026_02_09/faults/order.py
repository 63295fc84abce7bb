"""Defects that show only after certain requests, in a certain order."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09.mail import Behaviour
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_2026_02_09.store import Batch, Run
from batchproof.emulator.extend_common.errors import not_found
from batchproof.emulator.extend_common.life import PROCESSED, PROCESSING, TERMINAL

fault = registry.fault


@fault(
    "run-back-after-list",
    breaks="extract_run.status.terminal",
    collateral={
        "It speaks of the same moment, or of one that does not move with the state.": [
            "extract_run.updated_at.actual"
        ]
    },
)
def run_back_after_list(behaviour: Behaviour) -> None:
    """Get Extract Run, status: PROCESSED is an end; here a single run that was seen there is PROCESSING after a list."""
    ended: set[str] = set()
    listed: set[str] = set()

    def look(body: JsonObject, run: Run, _call: Call) -> None:
        if run.batch is not None or body["status"] != PROCESSED:
            return
        if run.id in listed:
            listed.discard(run.id)
            body.update(status=PROCESSING, output=None, usage=None)
        ended.add(run.id)

    def listing(_body: JsonObject, run: Run, _call: Call) -> None:
        if run.id in ended:
            listed.add(run.id)

    behaviour.on_object("extract_run", look)
    behaviour.on_object("extract_run_summary", listing)


@fault("cancel-takes-neighbour", breaks="extract_run.status.terminal")
def cancel_takes_neighbour(behaviour: Behaviour) -> None:
    """Get Extract Run, status: PROCESSED is an end; here a cancellation also reaches the run that was created before."""
    made: list[Run] = []

    def note(_body: JsonObject, run: Run, call: Call) -> None:
        if run not in made:
            made.append(run)
        elif call.operation == "cancel_extract_run" and made.index(run):
            neighbour = made[made.index(run) - 1]
            neighbour.cancelled = call.now if neighbour.cancelled is None else neighbour.cancelled

    behaviour.on_object("extract_run", note)


@fault("late-cancel-wins", breaks="extract_run.status.terminal")
def late_cancel_wins(behaviour: Behaviour) -> None:
    """Cancel Extract Run: a run that has ended cannot be cancelled; here one of a batch is refused, and CANCELLED then."""
    runs = _met(behaviour)

    def cancel(answer: Answer, call: Call) -> Answer:
        run = runs.get(call.path["id"])
        if answer.status == 400 and run is not None and run.batch is not None and run.cancelled is None:
            run.cancelled = call.now
        return answer

    behaviour.on_answer("cancel_extract_run", cancel)


@fault("second-cancel-revives", breaks="extract_run.status.terminal")
def second_cancel_revives(behaviour: Behaviour) -> None:
    """Get Extract Run, status: CANCELLED is an end; here a second cancellation is refused, and the run goes on."""
    runs = _met(behaviour)

    def cancel(answer: Answer, call: Call) -> Answer:
        run = runs.get(call.path["id"])
        if answer.status == 400 and run is not None:
            run.cancelled = None
        return answer

    behaviour.on_answer("cancel_extract_run", cancel)


@fault("cancel-moves-batch-time", breaks="batch_run.created_at.constant")
def cancel_moves_batch_time(behaviour: Behaviour) -> None:
    """Get Batch Run, createdAt: the time of creation; here it is that of the last cancellation of one of its runs."""
    times = _cancelled_in_batches(behaviour)

    def look(body: JsonObject, batch: Batch, _call: Call) -> None:
        if batch.id in times:
            body["createdAt"] = behaviour.timestamp(times[batch.id])

    behaviour.on_object("batch_run", look)


@fault("cancel-shrinks-batch", breaks="batch_run.run_count")
def cancel_shrinks_batch(behaviour: Behaviour) -> None:
    """Get Batch Run, runCount: the number of runs in the batch; here one less after one of several was cancelled."""
    times = _cancelled_in_batches(behaviour)

    def look(body: JsonObject, batch: Batch, _call: Call) -> None:
        if batch.id in times and batch.run_count > 1:
            body["runCount"] = batch.run_count - 1

    behaviour.on_object("batch_run", look)


@fault(
    "delete-takes-neighbour",
    breaks="get_extract_run.poll",
    collateral={"The request is valid, and refused again and again.": ["get_extract_run.success"]},
)
def delete_takes_neighbour(behaviour: Behaviour) -> None:
    """Delete Extract Run: removes the run; here every other single run that is on its way goes, too."""
    runs = _met(behaviour)
    gone: set[str] = set()

    def delete(_body: JsonObject, deleted: Run, call: Call) -> None:
        gone.update(
            run.id
            for run in runs.values()
            if run is not deleted and run.batch is None and run.status(call.now) not in TERMINAL
        )

    def look(_body: JsonObject, run: Run, _call: Call) -> None:
        if run.id in gone:
            raise not_found("extract run")

    behaviour.on_object("deleted", delete)
    behaviour.on_object("extract_run", look)


@fault("two-filters-leak", breaks="list_extract_runs.filter.status")
def two_filters_leak(behaviour: Behaviour) -> None:
    """List Extract Runs, status: only runs in it; here, beside batchId, a match brings in its whole batch."""

    def leak(runs: list[Run], call: Call) -> list[Run]:
        if "batchId" not in call.query or "status" not in call.query or not runs:
            return runs
        return list(runs[0].batch.runs) if runs[0].batch is not None else runs

    behaviour.on_records("list_extract_runs", leak)


def _met(behaviour: Behaviour) -> dict[str, Run]:
    """Every extract run that was ever shown, by its id."""
    runs: dict[str, Run] = {}

    def note(_body: JsonObject, run: Run, _call: Call) -> None:
        runs[run.id] = run

    behaviour.on_object("extract_run", note)
    behaviour.on_object("extract_run_summary", note)
    return runs


def _cancelled_in_batches(behaviour: Behaviour) -> dict[str, int]:
    """When a run of a batch was cancelled last, by the batch's id."""
    times: dict[str, int] = {}

    def note(_body: JsonObject, run: Run, call: Call) -> None:
        if run.batch is not None:
            times[run.batch.id] = call.now

    tricks.in_operation(behaviour, "cancel_extract_run", "extract_run", note)
    return times
