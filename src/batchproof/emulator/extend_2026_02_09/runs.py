"""Extract runs: create, get, list, cancel, delete."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import not_found, refuse
from batchproof.emulator.extend_common.life import PENDING, TERMINAL
from batchproof.emulator.extend_common.output import DEFAULT_CONFIG
from batchproof.emulator.extend_common.requests import body_of, metadata, priority

from . import objects, queries, requests
from .store import Run

if TYPE_CHECKING:
    from .emulator import Emulator


def create_extract_run(emulator: "Emulator", call: Call) -> JsonObject:
    """Create Extract Run: `extractor` or `config` or neither, and exactly one of `file` and `package`."""
    limits = emulator.behaviour.limits
    body = body_of(call)
    priority(body, limits)
    if body.get("extractor") is not None and body.get("config") is not None:
        refuse("extractor and config must not be given together.")
    if (body.get("file") is None) == (body.get("package") is None):
        refuse("Exactly one of file and package must be given.")
    multifile = body.get("package") is not None
    files = (
        requests.package(body["package"], limits)
        if multifile
        else (requests.file_input(body["file"], "file"),)
    )
    note = metadata(body.get("metadata"), "metadata", limits)
    workspace = emulator.workspace(call)
    extractor, version, config = None, None, DEFAULT_CONFIG
    if body.get("extractor") is not None:
        reference = requests.extractor_reference(body["extractor"])
        extractor, version, config = emulator.resolve(reference, workspace)
    elif body.get("config") is not None:
        config = DEFAULT_CONFIG | requests.extract_config(body["config"], "config")
    run = emulator.add_run(
        workspace,
        call,
        files,
        config=config,
        metadata=note,
        extractor=extractor,
        version=version,
        multifile=multifile,
    )
    return objects.extract_run(emulator.behaviour, run, call, PENDING)


def list_extract_runs(emulator: "Emulator", call: Call) -> JsonObject:
    """List Extract Runs: summaries of the runs that pass every filter."""
    wanted = queries.run_filter(call)
    workspace = emulator.workspace(call)
    candidates: Iterable[Run] = workspace.runs.values()
    if wanted.batch_id is not None:
        batch = workspace.batches.get(wanted.batch_id)
        candidates = batch.runs if batch else ()
    selected = [run for run in candidates if wanted.accepts(run, call.now)]
    return emulator.listing(selected, call, objects.extract_run_summary)


def get_extract_run(emulator: "Emulator", call: Call) -> JsonObject:
    """Get Extract Run."""
    return objects.extract_run(emulator.behaviour, _run(emulator, call), call)


def cancel_extract_run(emulator: "Emulator", call: Call) -> JsonObject:
    """Cancel Extract Run: only a run that has not ended can be cancelled."""
    run = _run(emulator, call)
    status = run.status(call.now)
    if status in TERMINAL:
        refuse(f"A run with the status {status} cannot be cancelled.")
    run.cancelled = call.now
    return objects.extract_run(emulator.behaviour, run, call)


def delete_extract_run(emulator: "Emulator", call: Call) -> JsonObject:
    """Delete Extract Run: gone for good."""
    run = _run(emulator, call)
    emulator.workspace(call).delete(run)
    return emulator.behaviour.shape("deleted", {"id": run.id}, run, call)


def _run(emulator: "Emulator", call: Call) -> Run:
    run = emulator.workspace(call).runs.get(call.path["id"])
    if run is None:
        raise not_found("extract run")
    return run
