"""A new run of any family, on its own or of a batch."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.files import FileInput
from batchproof.emulator.extend_common.life import FAILED, PENDING, PROCESSED, Life, Schedule

from . import webhooks
from .families import Family
from .interface import Store
from .processors import Setup
from .store import Batch, Run, Workspace


def add_run(
    store: Store,
    workspace: Workspace,
    call: Call,
    family: Family,
    inputs: tuple[FileInput, ...],
    *,
    setup: Setup,
    metadata: JsonObject | None,
    batch: Batch | None = None,
    processing_steps: int = 1,
    multifile: bool = False,
) -> Run:
    """Create a run; how it ends is settled by its files."""
    behaviour = store.behaviour
    outcome = FAILED if any(item.fails for item in inputs) else PROCESSED
    schedule = store.schedule(call, processing_steps, outcome)
    if batch is None and family.first_status != PENDING:
        schedule = Schedule(schedule.created, schedule.created, schedule.ended, outcome)
    run = Run(
        id=behaviour.new_id(family.prefix),
        number=workspace.next_number(),
        life=Life(schedule),
        family=family,
        files=tuple(item.stored(behaviour.new_id, call.now) for item in inputs),
        multifile=multifile,
        processor=setup.processor,
        version=setup.version,
        config=setup.config,
        metadata=metadata,
        parse_run_id=None if family.processor is None else behaviour.new_id("pr"),
        batch=batch,
    )
    workspace.add(run)
    webhooks.watch(store, workspace, family, run)
    return run
