"""The documented JSON objects. Every object passes through the behaviour's hooks under its kind.

What is optional and not there is left out.
"""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import FAILED, PENDING, PROCESSED, PROCESSING, TERMINAL

from . import output
from .behaviour import Behaviour
from .store import EVAL_SET, STUDIO, BatchRun, Processor, Run

_DASHBOARD = "https://dashboard.extend.ai/runs/"
_PAGES_PER_FILE = 2
_CREDITS_PER_PAGE = 2


def batch_processor_run(behaviour: Behaviour, batch: BatchRun, call: Call) -> JsonObject:
    """Get Batch Processor Run, batchProcessorRun; a run of the playground has no sourceId."""
    status = batch.status(call.now)
    metrics: JsonObject = {}
    if status in TERMINAL:
        metrics = {"numFiles": batch.run_count, "numPages": batch.run_count * _PAGES_PER_FILE}
    options: JsonObject = {}
    if batch.source == EVAL_SET:
        options = {"fuzzyMatchFields": ["invoice_number"], "excludeFields": []}
    elif batch.source == STUDIO:
        options = {"clearPreProcessingCache": True}
    body: JsonObject = {
        "object": "batch_processor_run",
        "id": batch.id,
        "processorId": batch.processor.id,
        "processorVersionId": batch.version.id,
        "processorName": batch.processor.name,
        "metrics": behaviour.shape("metrics", metrics, batch, call),
        "status": status,
        "source": batch.source,
        "runCount": batch.run_count,
        "options": behaviour.shape("options", options, batch, call),
        "createdAt": behaviour.timestamp(batch.created),
        "updatedAt": behaviour.timestamp(batch.updated(call.now)),
    }
    if batch.source_id is not None:
        body["sourceId"] = batch.source_id
    return behaviour.shape("batch_processor_run", body, batch, call)


def processor_run(behaviour: Behaviour, run: Run, call: Call, *, created: bool = False) -> JsonObject:
    """Get Processor Run, processorRun; what was just created is answered as PROCESSING."""
    status = run.status(call.now)
    if created:
        status = PENDING if behaviour.pending_steps else PROCESSING
    done = status == PROCESSED
    initial = output.of_run(behaviour, run, call) if done else {}
    result, edits = output.reviewed(initial) if done and run.reviewed else (initial, {})
    body: JsonObject = {
        "object": "document_processor_run",
        "id": run.id,
        "processorId": run.processor.id,
        "processorVersionId": run.version.id,
        "processorName": run.processor.name,
        "status": status,
        "output": result,
        "reviewed": run.reviewed,
        "edited": bool(edits),
        "edits": edits,
        "type": run.processor.type,
        "config": dict(run.config),
        "files": [_file(behaviour, file, call) for file in run.files],
        "mergedProcessors": [],
        "url": _DASHBOARD + run.id,
    }
    if done:
        body |= {"initialOutput": initial, "usage": _usage(behaviour, run, call)}
    if run.reviewed:
        body["reviewedOutput"] = result
    if status == FAILED:
        body |= {
            "failureReason": "FAILED_TO_PROCESS_FILE",
            "failureMessage": "The file could not be processed.",
        }
    if run.metadata is not None:
        body["metadata"] = run.metadata
    return behaviour.shape("processor_run", body, run, call)


def processor_run_summary(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """List Processor Runs, an item of processorRuns."""
    body: JsonObject = {
        "id": run.id,
        "status": run.status(call.now),
        "processorId": run.processor.id,
        "processorName": run.processor.name,
        "processorVersionId": run.version.id,
        "type": run.processor.type,
        "createdAt": behaviour.timestamp(run.created),
        "updatedAt": behaviour.timestamp(run.updated(call.now)),
    }
    if body["status"] == PROCESSED:
        body["usage"] = _usage(behaviour, run, call)
    return behaviour.shape("processor_run_summary", body, run, call)


def processor(behaviour: Behaviour, record: Processor, call: Call) -> JsonObject:
    """List Processors, an item of processors."""
    body = {
        "object": "document_processor",
        "id": record.id,
        "name": record.name,
        "type": record.type,
        "versions": [
            behaviour.shape("version", {"id": version.id, "version": version.version}, version, call)
            for version in record.versions.values()
        ],
        "createdAt": behaviour.timestamp(record.created),
        "updatedAt": behaviour.timestamp(record.created),
    }
    return behaviour.shape("processor", body, record, call)


def envelope(behaviour: Behaviour, name: str, content: object, call: Call, **more: object) -> JsonObject:
    """A successful answer: `success` beside one named object or list."""
    body = {"success": True, name: content, **more}
    return behaviour.shape("envelope", body, content, call)


def _file(behaviour: Behaviour, file: File, call: Call) -> JsonObject:
    pages = {} if file.page_count is None else {"pageCount": file.page_count}
    body: JsonObject = {
        "object": "file",
        "id": file.id,
        "name": file.name,
        "metadata": behaviour.shape("file_metadata", pages, file, call),
        "createdAt": behaviour.timestamp(file.created),
        "updatedAt": behaviour.timestamp(file.created),
    }
    if file.type is not None:
        body["type"] = file.type
    return behaviour.shape("file", body, file, call)


def _usage(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    credits_ = run.page_count * _CREDITS_PER_PAGE
    return behaviour.shape("usage", {"credits": credits_}, run, call)
