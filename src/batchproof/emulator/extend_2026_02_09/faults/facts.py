"""Statements that are wrong beside others: beside the clock, the other runs, what was asked for."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import PARSE, Family
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_2026_02_09.store import Batch, Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import FAILED, PENDING, TERMINAL

from . import doing
from .fields import change
from .lists import in_list
from .table import PROCESSED_WITH, each_family, operation

fault = registry.fault

_DAY_MS = 24 * 60 * 60 * 1000
_LONG_MS = 5000
_METADATA_FROM = 15_000


@fault("batch-of-yesterday", breaks="batch_run.created_at.actual")
def batch_of_yesterday(behaviour: Behaviour) -> None:
    """Get Batch Run, createdAt: the time of creation; here a day before."""
    behaviour.on_object(
        "batch_run",
        lambda body, batch, _: body.update(createdAt=behaviour.timestamp(batch.created - _DAY_MS)),
    )


@fault("batch-cancelling", breaks="batch_run.status.cancelling")
def batch_cancelling(behaviour: Behaviour) -> None:
    """Get Batch Run, status: five values; here the batch that was cancelled says CANCELLING."""
    tricks.put_where(behaviour, "batch_run", "CANCELLED", status="CANCELLING")


@fault("batch-waits-while-runs-work", breaks="batch_run.status.pending")
def batch_waits_while_runs_work(behaviour: Behaviour) -> None:
    """Get Batch Run, status: PENDING has not started; here a batch says so until its runs have ended long ago."""

    def wait(body: JsonObject, batch: Batch, call: Call) -> None:
        if call.now < batch.schedule.ended + _LONG_MS:
            body["status"] = PENDING

    behaviour.on_object("batch_run", wait)


@fault("batch-fails-though-its-runs-succeed", breaks="batch_run.status.failed")
def batch_fails_though_its_runs_succeed(behaviour: Behaviour) -> None:
    """Get Batch Run, status: FAILED is a fatal error of the batch; here one batch says so whose runs are PROCESSED."""

    def fail(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["id"] == "bpr_shown_processed":
            body["status"] = FAILED

    behaviour.on_object("batch_run", fail)


@each_family("{run}-of-yesterday", breaks="{run}.created_at.actual")
def run_of_yesterday(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, createdAt: the time of creation; here a day before."""
    for view in ("detail", "list"):
        change(
            behaviour,
            family,
            "createdAt",
            lambda _, run: behaviour.timestamp(run.created - _DAY_MS),
            views=(view,),
        )


@each_family("{run}-updated-when-created", breaks="{run}.updated_at.actual")
def updated_when_created(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, updatedAt: the last update; here it is the creation for good."""
    change(behaviour, family, "updatedAt", lambda _, run: behaviour.timestamp(run.created))


@each_family("{run}-updated-tomorrow", breaks="{run}.updated_at.actual")
def updated_tomorrow(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, updatedAt: the last update; here, once the run has ended, a day after."""

    def postpone(body: JsonObject, run: Run, call: Call) -> None:
        if "updatedAt" in body and body["status"] in TERMINAL:
            body["updatedAt"] = behaviour.timestamp(run.updated(call.now) + _DAY_MS)

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, postpone)


@each_family("{run}-one-without-usage", breaks="{run}.usage.uniform")
def one_without_usage(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, usage: there when PROCESSED; here the last run of a batch of several has none."""

    def forget(body: JsonObject, run: Run, _call: Call) -> None:
        if run.batch is not None and len(run.batch.runs) > 1 and run.batch.runs[-1] is run:
            body["usage"] = None

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, forget)


@each_family("{run}-inline-with-{processor}", breaks="{run}.{processor}.inline", families=PROCESSED_WITH)
def inline_with_processor(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, {processor}: not there with an inline configuration; here it is the one that was seen last."""
    assert family.processor is not None
    name = family.processor.name
    seen: JsonObject = {}

    def show(body: JsonObject, _run: Run, _call: Call) -> None:
        if body[name] is not None:
            seen.update({key: body[key] for key in (name, f"{name}Version")})
        else:
            body.update(seen)

    behaviour.on_object(family.kind, show, [operation(family, "create"), operation(family, "get")])


@each_family(
    "submit-{family}-batch-mixes-configs", breaks="submit_{family}_batch.one_config", families=PROCESSED_WITH
)
def mixes_configs(behaviour: Behaviour, family: Family) -> None:
    """Create Batch: one version and override for all inputs; here the last run of several has rules of its own."""

    def differ(body: JsonObject, run: Run, _call: Call) -> None:
        if run.batch is not None and len(run.batch.runs) > 1 and run.batch.runs[-1] is run:
            body["config"] = body["config"] | {"baseVersion": "0.0.1"}

    behaviour.on_object(family.kind, differ)


@each_family("{run}-metadata-without-limit", breaks="create_{run}.metadata.size")
def metadata_without_limit(behaviour: Behaviour, family: Family) -> None:
    """Run Metadata: at most 10 KB; here a new {Run} may have more."""
    doing.accept(
        behaviour, operation(family, "create"), family.prefix, lambda call: len(call.body) > _METADATA_FROM
    )


@each_family("list-{run}s-ignores-source-id", breaks="list_{run}s.filter.source_id")
def ignores_source_id(behaviour: Behaviour, family: Family) -> None:
    """List {Run}s, sourceId: only runs of that source; here it counts for nothing where it stands alone."""
    last: list[JsonObject] = []

    def forget(body: JsonObject, _record: object, call: Call) -> None:
        filters = set(call.query) - {"maxPageSize"}
        if not filters:
            last[:] = body["data"]
        elif filters == {"sourceId"}:
            body["data"] = list(last)

    in_list(behaviour, family, "list", forget)


@each_family("list-{run}s-source-beside-batch", breaks="list_{run}s.filter.source.batch", families=(PARSE,))
def source_beside_batch(behaviour: Behaviour, family: Family) -> None:
    """List Parse Runs, source: ignored when batchId is given; here that of Studio finds nothing."""

    def empty(body: JsonObject, _record: object, call: Call) -> None:
        if call.query.get("source") == "STUDIO" and "batchId" in call.query:
            body["data"] = []

    in_list(behaviour, family, "list", empty)
