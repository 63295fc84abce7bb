"""Batch processor runs."""

from datetime import UTC

from batchproof.emulator import tricks
from batchproof.emulator.clock import from_milliseconds
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2025_04_21 import objects
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_2025_04_21.seeds import seed_id
from batchproof.emulator.extend_2025_04_21.store import EVAL_SET, EXTRACT, PLAYGROUND, BatchRun, Processor
from batchproof.emulator.extend_common.life import FAILED, STATUSES, Life, Schedule, Version

fault = registry.fault

_KIND = "batch_processor_run"
_YEAR = 365 * 24 * 60 * 60 * 1000


@fault(
    "batch-time-without-zone",
    breaks="batch_processor_run.created_at",
    collateral={
        "It speaks of the same value, which no interpretation of the documentation has.": [
            "batch_processor_run.created_at.format"
        ]
    },
)
def batch_time_without_zone(behaviour: Behaviour) -> None:
    """createdAt: RFC 3339 in UTC; here the offset is missing."""

    def change(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        moment = from_milliseconds(batch.created).astimezone(UTC).replace(tzinfo=None)
        body["createdAt"] = moment.isoformat(timespec="seconds")

    behaviour.on_object(_KIND, change)


@fault("batch-changes-source", breaks="batch_processor_run.source.constant")
def batch_changes_source(behaviour: Behaviour) -> None:
    """sourceId: the evaluation set that the batch came from; here from the second look on it is another one."""

    def change(body: JsonObject, batch: BatchRun, _call: Call) -> None:
        if batch.source == EVAL_SET:
            body["sourceId"] = seed_id("ev", "another")

    tricks.from_look(behaviour, _KIND, STATUSES, 2, change)


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
