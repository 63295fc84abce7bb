"""Runs of every family: create, get, list, cancel, delete."""

from collections.abc import Iterable

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import not_found, refuse
from batchproof.emulator.extend_common.files import FileInput
from batchproof.emulator.extend_common.life import TERMINAL
from batchproof.emulator.extend_common.queries import query_of
from batchproof.emulator.extend_common.requests import body_of, metadata, priority

from . import objects, processors, queries, requests
from .creation import add_run
from .families import Family
from .interface import Store
from .processors import Setup
from .store import Run, Workspace


def create_run(store: Store, family: Family, call: Call) -> JsonObject:
    """Create Extract Run and its likes: a file, and what it is to be processed with."""
    limits = store.behaviour.limits
    body = body_of(call)
    priority(body, limits)
    kind = family.processor
    if kind and body.get(kind.name) is not None and body.get("config") is not None:
        refuse(f"{kind.name} and config must not be given together.")
    files = _files(store, family, body)
    note = metadata(body.get("metadata"), "metadata", limits)
    workspace = store.workspace(call)
    run = add_run(
        store,
        workspace,
        call,
        family,
        files,
        setup=_setup(family, body, workspace),
        metadata=note,
        multifile=family.packages and body.get("package") is not None,
    )
    return objects.run(store.behaviour, run, call, family.first_status)


def _files(store: Store, family: Family, body: JsonObject) -> tuple[FileInput, ...]:
    """Create Extract Run: exactly one of `file` and `package`; the other families know `file` only."""
    if not family.packages:
        return (requests.file_input(body.get("file"), "file", text=family.text),)
    if (body.get("file") is None) == (body.get("package") is None):
        refuse("Exactly one of file and package must be given.")
    if body.get("package") is not None:
        return requests.package(body["package"], store.behaviour.limits)
    return (requests.file_input(body["file"], "file", text=family.text),)


def _setup(family: Family, body: JsonObject, workspace: Workspace) -> Setup:
    kind, form = family.processor, family.config
    if kind is not None and body.get(kind.name) is not None:
        return processors.reference(body[kind.name], family, kind).resolve(family, workspace)
    if body.get("config") is not None:
        return Setup(None, None, form.default | requests.config(body["config"], "config", form, whole=True))
    if kind is not None and not family.infers_config:
        refuse(f"One of {kind.name} and config must be given.")
    return Setup(None, None, form.default)


def list_runs(store: Store, family: Family, call: Call) -> JsonObject:
    """List Extract Runs and its likes: summaries of the runs that pass every filter."""
    wanted = queries.run_filter(family, call)
    workspace = store.workspace(call)
    candidates: Iterable[Run] = workspace.runs[family.name].values()
    if wanted.batch_id is not None:
        batch = workspace.batches.get(wanted.batch_id)
        candidates = [run for run in batch.made if run.family is family] if batch else ()
    # who is behind still lists what was deleted since
    selected = [run for run in candidates if run.existed(call.now) and wanted.accepts(run, call.now)]

    def summary(run: Run) -> JsonObject:
        return objects.run_summary(store.behaviour, run, call)

    return store.listing(selected, call, summary, sortable=family.sortable)


def get_run(store: Store, family: Family, call: Call) -> JsonObject:
    """Get Extract Run and its likes; Get Parse Run, responseType: `url` gives the address of the output."""
    wanted = None if family.processor else query_of(call).choice("responseType", ("json", "url"))
    return objects.run(store.behaviour, _run(store, family, call), call, url=wanted == "url")


def cancel_run(store: Store, family: Family, call: Call) -> JsonObject:
    """Cancel Extract Run and its likes: only a run that has not ended can be cancelled."""
    run = _run(store, family, call)
    status = run.status(call.now)
    if status in TERMINAL:
        refuse(f"A run with the status {status} cannot be cancelled.")
    run.cancelled = call.now
    return objects.run(store.behaviour, run, call)


def delete_run(store: Store, family: Family, call: Call) -> JsonObject:
    """Delete Extract Run and its likes: gone for good."""
    run = _run(store, family, call)
    run.deleted = call.now
    return store.behaviour.shape("deleted", {"id": run.id}, run, call)


def _run(store: Store, family: Family, call: Call) -> Run:
    run = store.workspace(call).existing(family, call.path["id"], call.now)
    if run is None:
        raise not_found(f"{family.name} run")
    return run
