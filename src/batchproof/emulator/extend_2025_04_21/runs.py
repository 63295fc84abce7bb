"""Processor runs: create, get, list, cancel, delete."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import not_found, refuse
from batchproof.emulator.extend_common.life import CANCELLED, FAILED, PROCESSED, STATUSES, Life, Schedule
from batchproof.emulator.extend_common.queries import SOURCES, query_of
from batchproof.emulator.extend_common.requests import body_of

from . import objects, webhooks
from .interface import Store
from .requests import RunRequest, run_request
from .store import TYPES, Processor, Run

# So that a client finds the time to cancel.
_PROCESSING_STEPS = 2


def create_processor_run(store: Store, call: Call) -> JsonObject:
    """Run Processor: answered as PROCESSING, or with the result if `sync` is set."""
    behaviour, workspace = store.behaviour, store.workspace(call)
    wanted = run_request(body_of(call), behaviour)
    processor = workspace.processors.get(wanted.processor_id)
    if processor is None:
        raise not_found("processor")
    version = processor.find(wanted.version)
    if version is None:
        raise not_found("processor version")
    config = _config(store, processor, wanted)
    run = Run(
        id=behaviour.new_id("dpr"),
        number=workspace.next_number(),
        life=Life(_schedule(store, wanted, call)),
        processor=processor,
        version=version,
        files=(wanted.file.stored(behaviour.new_id, call.now),),
        config=config,
        metadata=wanted.metadata,
    )
    workspace.add(run)
    webhooks.watch(store, workspace, run)
    shown = objects.processor_run(behaviour, run, call, created=not wanted.sync)
    return objects.envelope(behaviour, "processorRun", shown, call)


def get_processor_run(store: Store, call: Call) -> JsonObject:
    """Get Processor Run."""
    return _answer(store, _run(store, call), call)


def list_processor_runs(store: Store, call: Call) -> JsonObject:
    """List Processor Runs: summaries of the runs that pass every filter."""
    query = query_of(call)
    status = query.choice("status", STATUSES) if store.behaviour.filters_status else None
    type_ = query.choice("processorType", TYPES)
    processor_id = query.single("processorId")
    file_name = query.single("fileNameContains")
    source, source_id = query.choice("source", SOURCES), query.single("sourceId")
    selected = [
        run
        for run in store.workspace(call).listed(call.now)
        if status in (None, run.status(call.now))
        and source in (None, run.source)
        and source_id in (None, run.source_id)
        and type_ in (None, run.processor.type)
        and processor_id in (None, run.processor.id)
        and (file_name is None or any(file_name in file.name for file in run.files))
    ]
    return store.listing("processorRuns", selected, call, objects.processor_run_summary)


def cancel_processor_run(store: Store, call: Call) -> JsonObject:
    """Cancel Processor Run: only a run that has not ended can be cancelled."""
    run = _run(store, call)
    status = run.status(call.now)
    if status in store.behaviour.uncancellable:
        refuse(f"A run with the status {status} cannot be cancelled.")
    if status != CANCELLED:
        run.cancelled = call.now
    return _answer(store, run, call)


def delete_processor_run(store: Store, call: Call) -> JsonObject:
    """Delete Processor Run: gone for good."""
    run = _run(store, call)
    if store.behaviour.deletes:
        run.deleted = call.now
    message = "Document processor run data has been successfully deleted."
    return objects.envelope(store.behaviour, "documentProcessorRunId", run.id, call, message=message)


def _schedule(store: Store, wanted: RunRequest, call: Call) -> Schedule:
    outcome = FAILED if wanted.file.fails else PROCESSED
    if wanted.sync:
        return Schedule(call.now, call.now, call.now, outcome)
    return store.schedule(call, _PROCESSING_STEPS, outcome)


def _config(store: Store, processor: Processor, wanted: RunRequest) -> JsonObject:
    config = wanted.config
    if config and config["type"] != processor.type and store.behaviour.requires_config_type:
        refuse(f"config.type must be {processor.type}, the type of the processor.")
    merged = processor.config | config | {"type": processor.type}
    # A fields array and a schema exclude each other.
    return {key: value for key, value in merged.items() if not (key == "schema" and "fields" in config)}


def _answer(store: Store, run: Run, call: Call) -> JsonObject:
    shown = objects.processor_run(store.behaviour, run, call)
    return objects.envelope(store.behaviour, "processorRun", shown, call)


def _run(store: Store, call: Call) -> Run:
    run = store.workspace(call).existing(call.path["id"], call.now)
    if run is None:
        raise not_found("processor run")
    return run
