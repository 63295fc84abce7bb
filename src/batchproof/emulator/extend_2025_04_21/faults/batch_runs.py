"""Defects of the batch processor run (Get Batch Processor Run)."""

from datetime import UTC
from typing import Any

from batchproof.emulator import tricks
from batchproof.emulator.clock import from_milliseconds
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2025_04_21 import objects
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.seeds import seed_id
from batchproof.emulator.extend_2025_04_21.store import (
    EVAL_SET,
    EXTRACT,
    PLAYGROUND,
    STUDIO,
    BatchRun,
    Processor,
)
from batchproof.emulator.extend_common.life import (
    FAILED,
    PENDING,
    PROCESSING,
    STATUSES,
    TERMINAL,
    Life,
    Schedule,
    Version,
)

fault = registry.fault

_KIND = "batch_processor_run"
_YEAR = 365 * 24 * 60 * 60 * 1000


def _put_where_source(behaviour: Behaviour, origin: str, /, **values: Any) -> None:
    def change(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        if batch.source == origin:
            body.update(values)

    behaviour.on_object(_KIND, change)


@fault("batch-object-differs", breaks="batch_processor_run.object")
def batch_object_differs(behaviour: Behaviour) -> None:
    """object: always batch_processor_run; here it is batch_run."""
    tricks.put(behaviour, _KIND, object="batch_run")


@fault("batch-status-lower-case", breaks="batch_processor_run.status.enum")
def batch_status_lower_case(behaviour: Behaviour) -> None:
    """status: four values in upper case; here they come in lower case."""
    behaviour.on_object(_KIND, lambda body, *_: body.update(status=body["status"].lower()))


@fault("batch-source-unknown", breaks="batch_processor_run.source.enum")
def batch_source_unknown(behaviour: Behaviour) -> None:
    """source: EVAL_SET, PLAYGROUND or STUDIO; here what comes from the playground is from `SANDBOX`."""
    _put_where_source(behaviour, PLAYGROUND, source="SANDBOX")


@fault("source-id-missing", breaks="batch_processor_run.source_id.eval_set")
def source_id_missing(behaviour: Behaviour) -> None:
    """source: with EVAL_SET, sourceId is the evaluation set; here it is null."""
    _put_where_source(behaviour, EVAL_SET, sourceId=None)


@fault("source-id-of-playground", breaks="batch_processor_run.source_id.playground")
def source_id_of_playground(behaviour: Behaviour) -> None:
    """source: with PLAYGROUND, sourceId is not set; here it is."""
    _put_where_source(behaviour, PLAYGROUND, sourceId="ev_0000000000000000000000")


@fault("source-id-of-studio-missing", breaks="batch_processor_run.source_id.studio")
def source_id_of_studio_missing(behaviour: Behaviour) -> None:
    """source: with STUDIO, sourceId is the processor; here it is null."""
    _put_where_source(behaviour, STUDIO, sourceId=None)


@fault("source-id-of-studio-differs", breaks="batch_processor_run.source_id.studio.processor")
def source_id_of_studio_differs(behaviour: Behaviour) -> None:
    """source: with STUDIO, sourceId is the processor; here it is another one."""
    _put_where_source(behaviour, STUDIO, sourceId="dp_0000000000000000000000")


@fault("run-count-fractional", breaks="batch_processor_run.run_count")
def run_count_fractional(behaviour: Behaviour) -> None:
    """runCount: an integer; here it has a half."""
    behaviour.on_object(_KIND, lambda body, *_: body.update(runCount=body["runCount"] + 0.5))


@fault("metrics-missing", breaks="batch_processor_run.metrics")
def metrics_missing(behaviour: Behaviour) -> None:
    """metrics: an object that is always there; here it is missing."""
    tricks.drop(behaviour, _KIND, "metrics")


@fault("metrics-as-text", breaks="batch_processor_run.metrics.num_files")
def metrics_as_text(behaviour: Behaviour) -> None:
    """metrics.numFiles: a number; here it is a string."""
    tricks.put(behaviour, "metrics", numFiles="4")


@fault("options-as-list", breaks="batch_processor_run.options")
def options_as_list(behaviour: Behaviour) -> None:
    """options: an object; here it is an array."""
    tricks.put(behaviour, _KIND, options=[])


@fault("batch-created-at-drifts", breaks="batch_processor_run.created_at.constant")
def batch_created_at_drifts(behaviour: Behaviour) -> None:
    """createdAt: the time of creation; here each look shows a slightly earlier time."""
    tricks.drift(behaviour, _KIND, "createdAt", by_ms=-1)


@fault("batch-time-without-zone", breaks="batch_processor_run.created_at")
def batch_time_without_zone(behaviour: Behaviour) -> None:
    """createdAt: RFC 3339 in UTC; here the offset is missing."""

    def change(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        moment = from_milliseconds(batch.created).astimezone(UTC).replace(tzinfo=None)
        body["createdAt"] = moment.isoformat(timespec="seconds")

    behaviour.on_object(_KIND, change)


@fault("batch-updated-before-created", breaks="batch_processor_run.updated_at.order")
def batch_updated_before_created(behaviour: Behaviour) -> None:
    """updatedAt: the last update; here it lies one second before the creation."""

    def change(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(batch.created - 1000)

    behaviour.on_object(_KIND, change)


@fault("batch-reopens", breaks="batch_processor_run.status.terminal")
def batch_reopens(behaviour: Behaviour) -> None:
    """status: PROCESSED and FAILED are an end; here the third look at an ended batch shows it PROCESSING."""
    tricks.from_look(behaviour, _KIND, TERMINAL, 3, lambda body, *_: body.update(status=PROCESSING))


@fault("batch-back-to-pending", breaks="batch_processor_run.status.order")
def batch_back_to_pending(behaviour: Behaviour) -> None:
    """status: PENDING, then PROCESSING; here the second look at a batch that is PROCESSING shows it PENDING again."""
    tricks.from_look(
        behaviour, _KIND, {PROCESSING}, 2, lambda body, *_: body.update(status=PENDING, metrics={})
    )


@fault("batch-updated-at-forgotten", breaks="batch_processor_run.updated_at.monotone")
def batch_updated_at_forgotten(behaviour: Behaviour) -> None:
    """updatedAt: the last update; here from the second look at an ended batch on it is the creation."""

    def change(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(batch.created)

    tricks.from_look(behaviour, _KIND, TERMINAL, 2, change)


@fault("batch-moves-to-draft", breaks="batch_processor_run.processor.constant")
def batch_moves_to_draft(behaviour: Behaviour) -> None:
    """processorVersionId: the version of the batch; here from the second look on it is the draft of the same processor."""

    def change(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        body["processorVersionId"] = batch.processor.versions["draft"].id

    tricks.from_look(behaviour, _KIND, STATUSES, 2, change)


@fault("batch-changes-source", breaks="batch_processor_run.source.constant")
def batch_changes_source(behaviour: Behaviour) -> None:
    """sourceId: the evaluation set that the batch came from; here from the second look on it is another one."""

    def change(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        if batch.source == EVAL_SET:
            body["sourceId"] = seed_id("ev", "another")

    tricks.from_look(behaviour, _KIND, STATUSES, 2, change)


@fault("run-count-negative", breaks="batch_processor_run.run_count.range")
def run_count_negative(behaviour: Behaviour) -> None:
    """runCount: a number of runs; here -1 for what comes from the playground."""
    _put_where_source(behaviour, PLAYGROUND, runCount=-1)


@fault("run-count-falls", breaks="batch_processor_run.run_count.monotone")
def run_count_falls(behaviour: Behaviour) -> None:
    """runCount: how many runs were made; here from the second look on there is one less."""
    tricks.from_look(
        behaviour, _KIND, STATUSES, 2, lambda body, *_: body.update(runCount=body["runCount"] - 1)
    )


@fault("pages-negative", breaks="batch_processor_run.metrics.range")
def pages_negative(behaviour: Behaviour) -> None:
    """metrics: numFiles and numPages are counted; here a batch that failed has -1 pages."""

    def change(body: JsonObject, batch: BatchRun, call: Call) -> None:
        if batch.status(call.now) == FAILED:
            body["numPages"] = -1

    behaviour.on_object("metrics", change)


@fault("batch-id-differs", breaks="get_batch_processor_run.id")
def batch_id_differs(behaviour: Behaviour) -> None:
    """id: the batch that was asked for; here the answer has another id, the same for each look at one batch."""
    behaviour.on_object(
        _KIND, lambda body, batch, _call: body.update(id=seed_id("bpr", f"other than {batch.id}"))
    )


@fault("batch-not-found-is-200", breaks="get_batch_processor_run.not_found")
def batch_not_found_is_200(behaviour: Behaviour) -> None:
    """Errors: an unknown id is answered with 404; here with 200 and a PENDING batch of that id."""
    version = Version(seed_id("dpv", "made up"), "1.0", None, 0)
    processor = Processor(seed_id("dp", "made up"), 0, "Made Up", 0, {}, {}, EXTRACT)
    made_up: dict[str, BatchRun] = {}

    def pretend(answer: Answer, call: Call) -> Answer:
        if answer.status != 404:
            return answer
        id_, never = call.path["id"], call.now + _YEAR
        schedule = Schedule(call.now, never, never, FAILED)
        batch = made_up.setdefault(
            id_, BatchRun(id_, 0, Life(schedule), processor, version, PLAYGROUND, None, 1)
        )
        shown = objects.batch_processor_run(behaviour, batch, call)
        return Answer(200, objects.envelope(behaviour, "batchProcessorRun", shown, call))

    behaviour.on_answer("get_batch_processor_run", pretend)
