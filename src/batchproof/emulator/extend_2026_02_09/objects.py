"""The documented JSON objects. Every object passes through the behaviour's hooks under its kind."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common import output
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import FAILED, PROCESSED, Version

from .store import Batch, Extractor, Run

_DASHBOARD = "https://dashboard.extend.ai/runs/"
_CREDITS_PER_PAGE = {"extraction_performance": 2, "parse_performance": 1}


def batch_run(behaviour: Behaviour, batch: Batch, call: Call, status: str | None = None) -> JsonObject:
    """Get Batch Run, Response."""
    body = {
        "object": "batch_run",
        "id": batch.id,
        "status": status or batch.schedule.status(call.now),
        "runCount": batch.run_count,
        "createdAt": behaviour.timestamp(batch.created),
    }
    return behaviour.shape("batch_run", body, batch, call)


def extract_run(behaviour: Behaviour, run: Run, call: Call, status: str | None = None) -> JsonObject:
    """Get Extract Run, Response."""
    status = status or run.status(call.now)
    body = _run_start(behaviour, run, call, status)
    body |= {
        "output": extract_output(behaviour, run, call) if status == PROCESSED else None,
        "initialOutput": None,
        "reviewedOutput": None,
        "edits": None,
        "config": dict(run.config),
        "usage": usage(behaviour, run, call, detailed=True) if status == PROCESSED else None,
    }
    return behaviour.shape("extract_run", body, run, call)


def extract_run_summary(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """List Extract Runs, Response, an item of data."""
    status = run.status(call.now)
    body = _run_start(behaviour, run, call, status)
    body["usage"] = usage(behaviour, run, call, detailed=False) if status == PROCESSED else None
    return behaviour.shape("extract_run_summary", body, run, call)


def _run_start(behaviour: Behaviour, run: Run, call: Call, status: str) -> JsonObject:
    failed = status == FAILED
    files = [file_summary(behaviour, file, call) for file in run.files]
    version = None
    if run.extractor is not None and run.version is not None:
        version = extractor_version(behaviour, run.extractor, run.version, call)
    return {
        "object": "extract_run",
        "id": run.id,
        "extractor": run.extractor and extractor_summary(behaviour, run.extractor, call),
        "extractorVersion": version,
        "status": status,
        "failureReason": "FAILED_TO_PROCESS_FILE" if failed else None,
        "failureMessage": "The file could not be processed." if failed else None,
        "metadata": run.metadata,
        "reviewed": False,
        "edited": False,
        "file": None if run.multifile else files[0],
        "files": files if run.multifile else None,
        "parseRunId": run.parse_run_id,
        "dashboardUrl": _DASHBOARD + run.id,
        "createdAt": behaviour.timestamp(run.created),
        "updatedAt": behaviour.timestamp(run.updated(call.now)),
    }


def extractor_summary(behaviour: Behaviour, extractor: Extractor, call: Call) -> JsonObject:
    """List Extractors, Response, an item of data; also Get Extract Run, extractor."""
    body = {
        "object": "extractor",
        "id": extractor.id,
        "name": extractor.name,
        "createdAt": behaviour.timestamp(extractor.created),
        "updatedAt": behaviour.timestamp(extractor.updated(call.now)),
    }
    return behaviour.shape("extractor", body, extractor, call)


def extractor_version(behaviour: Behaviour, extractor: Extractor, version: Version, call: Call) -> JsonObject:
    """Get Extract Run, extractorVersion."""
    author = behaviour.shape("created_by", {"type": "user", "email": "team@example.com"}, version, call)
    body = {
        "object": "extractor_version",
        "id": version.id,
        "description": version.description,
        "version": version.version,
        "extractorId": extractor.id,
        "createdAt": behaviour.timestamp(version.created),
        "createdBy": author,
    }
    return behaviour.shape("extractor_version", body, version, call)


def file_summary(behaviour: Behaviour, file: File, call: Call) -> JsonObject:
    """Get Extract Run, file; the page count is known for PDF and DOCX only."""
    pages = {} if file.page_count is None else {"pageCount": file.page_count}
    body = {
        "object": "file",
        "id": file.id,
        "name": file.name,
        "type": file.type,
        "parentFileId": None,
        "metadata": behaviour.shape("file_metadata", pages, file, call),
        "createdAt": behaviour.timestamp(file.created),
        "updatedAt": behaviour.timestamp(file.created),
    }
    return behaviour.shape("file", body, file, call)


def usage(behaviour: Behaviour, run: Run, call: Call, *, detailed: bool) -> JsonObject:
    """Get Extract Run, usage; a list leaves the breakdown out. Charges add up to entries, entries to the total."""
    pages = sum(file.page_count or 1 for file in run.files)
    entries = (
        ("extract_run", run.id, "extraction_performance"),
        ("parse_run", run.parse_run_id, "parse_performance"),
    )
    costs = [pages * _CREDITS_PER_PAGE[product] for _, _, product in entries]
    body: JsonObject = {"credits": costs[0], "totalCredits": sum(costs)}
    if detailed:
        body["breakdown"] = []
        for (kind, id_, product), cost in zip(entries, costs, strict=True):
            charge: JsonObject = {"product": product, "unit": "page", "quantity": pages, "credits": cost}
            if not run.multifile:
                charge["pages"] = list(range(1, pages + 1))
            charges = [behaviour.shape("usage_charge", charge, run, call)]
            entry = {"object": kind, "id": id_, "credits": cost, "charges": charges}
            body["breakdown"].append(behaviour.shape("usage_entry", entry, run, call))
    return behaviour.shape("usage", body, run, call)


def extract_output(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """Extraction, Response Format: a value that fits the schema, and metadata by field path."""
    value = output.value_for(run.config.get("schema"))
    metadata: JsonObject = {}
    for path, found in output.paths(value):
        entry: JsonObject = {"logprobsConfidence": 0.98}
        if not isinstance(found, dict | list):
            entry["citations"] = [_citation(behaviour, run, found, call)]
        metadata[path] = behaviour.shape("output_entry", entry, run, call)
    return behaviour.shape("output", {"value": value, "metadata": metadata}, run, call)


def _citation(behaviour: Behaviour, run: Run, found: object, call: Call) -> JsonObject:
    corners = ((10, 10), (90, 10), (90, 20), (10, 20))
    page = {"number": 1, "width": 612, "height": 792}
    body = {
        "fileId": run.files[0].id,
        "page": behaviour.shape("citation_page", page, run, call),
        "referenceText": None if found is None else str(found),
        "polygon": [behaviour.shape("point", {"x": x, "y": y}, run, call) for x, y in corners],
    }
    return behaviour.shape("citation", body, run, call)
