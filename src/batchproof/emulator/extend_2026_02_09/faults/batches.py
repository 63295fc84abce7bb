"""Batches, and what their runs have in common."""

from dataclasses import replace

from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_2026_02_09 import objects
from batchproof.emulator.extend_2026_02_09.families import EXTRACT, PROCESSED_WITH, Family, operation
from batchproof.emulator.extend_2026_02_09.mail import Behaviour
from batchproof.emulator.extend_2026_02_09.plants import each_family, registry
from batchproof.emulator.extend_2026_02_09.store import Batch
from batchproof.emulator.extend_common.life import FAILED, PENDING, PROCESSED, Schedule

fault = registry.fault

_LONG_MS = 5000


@each_family("batch-run-created-at-with-offset", breaks="batch_run.created_at", families=(EXTRACT,))
def created_at_local(behaviour: Behaviour, _family: Family) -> None:
    """Get Batch Run, createdAt: a date-time in UTC; here in the time of another zone."""

    def shift(body: JsonObject, batch: Batch, _call: Call) -> None:
        text = behaviour.timestamp(batch.created + 2 * 60 * 60 * 1000)
        body["createdAt"] = text.removesuffix("Z") + "+02:00"

    behaviour.on_object("batch_run", shift)


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


@fault("batch-waits-while-runs-work", breaks="batch_run.status.pending")
def batch_waits_while_runs_work(behaviour: Behaviour) -> None:
    """Get Batch Run, status: PENDING has not started; here a batch says so until its runs have ended long ago."""

    def wait(body: JsonObject, batch: Batch, call: Call) -> None:
        if call.now < batch.schedule.ended + _LONG_MS:
            body["status"] = PENDING

    behaviour.on_object("batch_run", wait)


@each_family(
    "{family}-batch-mixes-versions",
    breaks="submit_{family}_batch.one_version",
    families=PROCESSED_WITH,
)
def mixes_versions(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, How it works: one version for all runs; here the second run has another one."""
    assert family.processor is not None
    key = f"{family.processor.name}Version"

    def change(body: dict[str, object], run: object, _call: Call) -> None:
        batch = getattr(run, "batch", None)
        version = body[key]
        if batch is not None and len(batch.runs) > 1 and batch.runs[1] is run and isinstance(version, dict):
            body[key] = version | {"id": version["id"] + "2", "version": "2.0"}

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, change)


@each_family(
    "submit-{family}-batch-fails-together",
    breaks="submit_{family}_batch.independent",
    families=PROCESSED_WITH,
)
def batch_fails_together(behaviour: Behaviour, family: Family) -> None:
    """Batch Processing, How it works: each input becomes an independent run; here all fail with one that does."""

    def spoil(_body: JsonObject, batch: Batch, _call: Call) -> None:
        if any(run.schedule.outcome == FAILED for run in batch.runs):
            for run in batch.runs:
                run.schedule = replace(run.schedule, outcome=FAILED)

    behaviour.on_object("batch_run", spoil, (operation(family, "submit"),))
