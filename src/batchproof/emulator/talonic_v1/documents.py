"""Sources and documents: what it takes for a batch to come into being."""

import hashlib
from typing import TYPE_CHECKING

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.multipart import BadFormError, Part, read_form

from . import objects
from .errors import invalid, missing_document, not_found
from .store import ACCUMULATING, COMPLETED, FAILED, Batch, Document, Item, Workspace

if TYPE_CHECKING:
    from .emulator import Emulator

_MODES = ("realtime", "batch")
_IMAGES = (".png", ".jpg", ".jpeg")


def list_sources(emulator: "Emulator", call: Call) -> JsonObject:
    """List Inputs: data only, without pagination."""
    sources = list(emulator.workspace(call).sources.values())
    data = [objects.source(emulator.behaviour, source, call) for source in sources]
    return emulator.behaviour.shape("source_list", {"data": data}, sources, call)


def get_document(emulator: "Emulator", call: Call) -> JsonObject:
    """Get Document."""
    document = emulator.named(call, lambda workspace: workspace.documents)
    if document is None:
        raise not_found("document")
    return objects.document(emulator.behaviour, document, call)


def ingest_document(emulator: "Emulator", call: Call) -> JsonObject:
    """Source Documents: one file, at once or in the batch that accumulates."""
    behaviour, workspace = emulator.behaviour, emulator.workspace(call)
    source = emulator.named(call, lambda workspace: workspace.sources)
    if source is None:
        raise not_found("source")
    file, mode = _upload(emulator, call)
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
        _enqueue(emulator, workspace, document, call)
    return objects.ingested(behaviour, document, call, duplicate=False, mode=mode)


def _upload(emulator: "Emulator", call: Call) -> tuple[Part, str]:
    try:
        parts = read_form(call)
    except BadFormError:
        parts = []
    files = [part for part in parts if part.name == "file" and part.filename is not None]
    if not files and emulator.behaviour.requires_file:
        raise missing_document()
    if len(files) > 1:
        raise invalid("Only one file can be ingested at a time.")
    modes = [part.text for part in parts if part.name == "processing_mode"] or ["realtime"]
    known = len(modes) == 1 and modes[0] in _MODES
    if not known and emulator.behaviour.checks_modes:
        raise invalid(f"processing_mode must be one of {', '.join(_MODES)}.")
    mode = modes[0] if known else "realtime"
    return files[0] if files else Part("file", None, "application/octet-stream", b""), mode


def _enqueue(emulator: "Emulator", workspace: Workspace, document: Document, call: Call) -> None:
    behaviour = emulator.behaviour
    batch = workspace.open
    if batch is None or batch.status(call.now) != ACCUMULATING:
        batch = workspace.open = _opened(emulator, workspace, call)
    fate = FAILED if document.fails else COMPLETED
    document.item = Item(behaviour.new_id(), len(batch.items), document, batch, call.now, fate)
    batch.items.append(document.item)
    batch.touched.append(call.now)
    if len(batch.items) >= behaviour.pace.threshold:
        _submit(emulator, batch, call.now)


def _opened(emulator: "Emulator", workspace: Workspace, call: Call) -> Batch:
    behaviour = emulator.behaviour
    batch = Batch(behaviour.new_id(), workspace.next_number(), call.now, "anthropic", 0, 0, 0)
    _submit(emulator, batch, call.now + behaviour.pace.accumulation * behaviour.step_ms)
    workspace.batches[batch.id] = batch
    return batch


def _submit(emulator: "Emulator", batch: Batch, moment: int) -> None:
    pace, step = emulator.behaviour.pace, emulator.behaviour.step_ms
    batch.submitted = moment
    batch.ready = batch.submitted + pace.provider * step
    batch.polled = batch.ready + pace.poll * step
