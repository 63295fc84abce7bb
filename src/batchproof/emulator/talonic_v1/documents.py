"""Sources and documents: what it takes for a batch to come into being."""

import hashlib

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.multipart import BadFormError, Part, read_form

from . import objects
from .errors import invalid, missing_document, not_found
from .interface import Store
from .store import ACCUMULATING, COMPLETED, FAILED, Batch, Document, Item, Workspace

_MODES = ("realtime", "batch")
_IMAGES = (".png", ".jpg", ".jpeg")


def list_sources(store: Store, call: Call) -> JsonObject:
    """List Inputs: data only, without pagination."""
    sources = list(store.workspace(call).sources.values())
    data = [objects.source(store.behaviour, source, call) for source in sources]
    return store.behaviour.shape("source_list", {"data": data}, sources, call)


def get_document(store: Store, call: Call) -> JsonObject:
    """Get Document."""
    document = store.named(call, lambda workspace: workspace.documents)
    if document is None:
        raise not_found("document")
    return objects.document(store.behaviour, document, call)


def ingest_document(store: Store, call: Call) -> JsonObject:
    """Source Documents: one file, at once or in the batch that accumulates."""
    behaviour, workspace = store.behaviour, store.workspace(call)
    source = store.named(call, lambda workspace: workspace.sources)
    if source is None:
        raise not_found("source")
    file, mode = _upload(store, call)
    filename = file.filename or "document"
    if filename.lower().endswith(_IMAGES):
        # Batch Processing: images are never batched.
        mode = "realtime"
    digest = hashlib.sha256(file.content).hexdigest()
    known = workspace.digests.get(digest)
    if known is not None and behaviour.finds_duplicates:
        return objects.ingested(behaviour, known, call, duplicate=True, mode=mode)
    document = Document(
        id=behaviour.new_id(),
        filename=filename,
        type=file.type,
        size=len(file.content),
        source=source,
        created=call.now,
        duration=behaviour.step_ms,
    )
    workspace.add_document(document)
    workspace.digests[digest] = document
    if mode == "batch":
        _enqueue(store, workspace, document, call)
    return objects.ingested(behaviour, document, call, duplicate=False, mode=mode)


def _upload(store: Store, call: Call) -> tuple[Part, str]:
    try:
        parts = read_form(call)
    except BadFormError:
        parts = []
    files = [part for part in parts if part.name == "file" and part.filename is not None]
    if not files and store.behaviour.requires_file:
        raise missing_document()
    if len(files) > 1:
        raise invalid("Only one file can be ingested at a time.")
    modes = [part.text for part in parts if part.name == "processing_mode"] or ["realtime"]
    known = len(modes) == 1 and modes[0] in _MODES
    if not known and store.behaviour.checks_modes:
        raise invalid(f"processing_mode must be one of {', '.join(_MODES)}.")
    mode = modes[0] if known else "realtime"
    return files[0] if files else Part("file", None, "application/octet-stream", b""), mode


def _enqueue(store: Store, workspace: Workspace, document: Document, call: Call) -> None:
    behaviour = store.behaviour
    batch = workspace.open
    if batch is None or batch.status(call.now) != ACCUMULATING:
        batch = workspace.open = _opened(store, workspace, call)
    fate = FAILED if document.fails else COMPLETED
    document.item = Item(behaviour.new_id(), len(batch.items), document, batch, call.now, fate)
    batch.items.append(document.item)
    batch.touched.append(call.now)
    if len(batch.items) >= behaviour.pace.threshold:
        _submit(store, batch, call.now)


def _opened(store: Store, workspace: Workspace, call: Call) -> Batch:
    behaviour = store.behaviour
    batch = Batch(behaviour.new_id(), workspace.next_number(), call.now, "anthropic", 0, 0, 0)
    _submit(store, batch, call.now + behaviour.pace.accumulation * behaviour.step_ms)
    workspace.batches[batch.id] = batch
    return batch


def _submit(store: Store, batch: Batch, moment: int) -> None:
    pace, step = store.behaviour.pace, store.behaviour.step_ms
    batch.submitted = moment
    batch.ready = batch.submitted + pace.provider * step
    batch.polled = batch.ready + pace.poll * step
