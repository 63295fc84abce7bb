"""Planted defects. Each breaks the one documented statement that it names, and no other."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09 import objects, outputs
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_2026_02_09.store import Batch, Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import PENDING, PROCESSED, PROCESSING, TERMINAL, Schedule

fault = registry.fault


@fault("status-lowercase", breaks="batch_run.status.enum")
def status_lowercase(behaviour: Behaviour) -> None:
    """Get Batch Run, status: the five values are upper-case; here they come in lower case."""
    behaviour.on_object("batch_run", lambda body, *_: body.update(status=body["status"].lower()))


@fault("terminal-reopens", breaks="batch_run.status.terminal")
def terminal_reopens(behaviour: Behaviour) -> None:
    """Batch Processing, How it works: PROCESSED is an end; here the third look at an ended batch is PROCESSING, once."""
    reopened: set[str] = set()

    def reopen(body: JsonObject, batch: Batch, _call: Call) -> None:
        if batch.id not in reopened:
            reopened.add(batch.id)
            body["status"] = PROCESSING

    tricks.from_look(behaviour, "batch_run", TERMINAL, 3, reopen)


@fault("run-count-off-by-one", breaks="batch_run.run_count")
def run_count_off_by_one(behaviour: Behaviour) -> None:
    """Get Batch Run, runCount: the number of runs in the batch; here it is always one more."""
    behaviour.on_object("batch_run", lambda body, *_: body.update(runCount=body["runCount"] + 1))


@fault("output-while-processing", breaks="extract_run.output.absent")
def output_while_processing(behaviour: Behaviour) -> None:
    """Get Extract Run, output: present when PROCESSED; here it is there while PENDING and PROCESSING, too."""

    def show(body: JsonObject, run: Run, call: Call) -> None:
        if body["status"] in (PENDING, PROCESSING):
            body["output"] = outputs.of_run(behaviour, run, call)

    behaviour.on_object("extract_run", show)


@fault("not-found-is-200", breaks="get_batch_run.not_found")
def not_found_is_200(behaviour: Behaviour) -> None:
    """Get Batch Run, Errors: an unknown id is answered with 404; here with 200 and a PENDING batch of that id."""
    made_up: dict[str, Batch] = {}

    def pretend(answer: Answer, call: Call) -> Answer:
        if answer.status != 404:
            return answer
        id_ = call.path["id"]
        schedule = Schedule(call.now, call.now, call.now, PROCESSED)
        batch = made_up.setdefault(id_, Batch(id_, schedule, 1))
        return Answer(200, objects.batch_run(behaviour, batch, call, PENDING))

    behaviour.on_answer("get_batch_run", pretend)


@fault("error-without-code", breaks="error.code")
def error_without_code(behaviour: Behaviour) -> None:
    """Error Handling: every error body has a code; here it is missing."""
    tricks.drop(behaviour, "error", "code")


@fault("created-at-drifts", breaks="batch_run.created_at.constant")
def created_at_drifts(behaviour: Behaviour) -> None:
    """Get Batch Run, createdAt: the time of creation; here each look shows a slightly later time, never a future one."""
    tricks.drift(behaviour, "batch_run", "createdAt", by_ms=1)


@fault("accepts-1001-inputs", breaks="submit_extract_batch.inputs.max")
def accepts_1001_inputs(behaviour: Behaviour) -> None:
    """Batch Processing, How it works: inputs holds 1 to 1,000 items; here 1,001 are accepted."""
    behaviour.limits.inputs_of["extract"] = 1001


@fault("list-loses-a-run", breaks="list_extract_runs.batch.complete")
def list_loses_a_run(behaviour: Behaviour) -> None:
    """Get Batch Run: the list by batchId has every run of the batch; here it never has the last one of several."""

    def lose(runs: list[Run], call: Call) -> list[Run]:
        if "batchId" not in call.query:
            return runs
        return [
            run
            for run in runs
            if run.batch is None or len(run.batch.runs) < 2 or run is not run.batch.runs[-1]
        ]

    behaviour.on_records("list_extract_runs", lose)


fault("canary", breaks="canary")(tricks.canary)


@fault("batch-run-counts-what-is-left", breaks="batch_run.run_count.constant")
def counts_what_is_left(behaviour: Behaviour) -> None:
    """Get Batch Run, runCount: how many runs the batch has; here one less while it is PROCESSING."""

    def subtract(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["status"] == PROCESSING and batch.run_count > 1:
            body["runCount"] -= 1

    tricks.in_operation(behaviour, "get_batch_run", "batch_run", subtract)
