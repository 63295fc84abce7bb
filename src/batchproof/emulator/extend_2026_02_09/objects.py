"""Batches and runs as JSON objects. Every object passes through the behaviour's hooks under its kind."""

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import PROCESSED

from . import outputs, parts, reviews
from .store import Batch, Run

_DASHBOARD = "https://dashboard.extend.ai/runs/"
_OUTPUTS = "https://outputs.example.com/"
_URL_SECONDS = 15 * 60


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


def run(
    behaviour: Behaviour, run: Run, call: Call, status: str | None = None, *, url: bool = False
) -> JsonObject:
    """Get Extract Run, Response, and its likes; of a parse run, `url` shows the address of the output instead."""
    family = run.family
    status = status or run.status(call.now)
    processed = status == PROCESSED
    body = _start(behaviour, run, call, status)
    body["output"] = outputs.of_run(behaviour, run, call) if processed and not url else None
    if family.processor is None:
        body["outputUrl"] = _url(run, call) if processed and url else None
    else:
        body |= {"initialOutput": None, "reviewedOutput": None} | _times(behaviour, run, call)
    if family.edits:
        body["edits"] = None
    if run.review is not None:
        body |= reviews.members(behaviour, run, run.review, call)
    body["config"] = dict(run.config)
    body["usage"] = parts.usage(behaviour, run, call, detailed=True) if processed else None
    return behaviour.shape(family.kind, body, run, call)


def run_summary(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    """List Extract Runs, Response, an item of data, and its likes."""
    status = run.status(call.now)
    body = _start(behaviour, run, call, status) | _times(behaviour, run, call)
    body["usage"] = parts.usage(behaviour, run, call, detailed=False) if status == PROCESSED else None
    return behaviour.shape(f"{run.family.kind}_summary", body, run, call)


def _start(behaviour: Behaviour, run: Run, call: Call, status: str) -> JsonObject:
    """What lists and details share, but for the times: the detail of a parse run has none."""
    family = run.family
    reason, message = run.failure(status)
    files = [parts.file_summary(behaviour, file, call) for file in run.files]
    body: JsonObject = {
        "object": family.kind,
        "id": run.id,
        "status": status,
        "failureReason": reason,
        "failureMessage": message,
        "metadata": run.metadata,
        "file": files[0] if files and not run.multifile else None,
    }
    if family.packages:
        body["files"] = files if run.multifile else None
    if family.processor is None:
        return body | {
            "batchId": run.batch and run.batch.id,
            "metrics": _metrics(behaviour, run, call) if status == PROCESSED else None,
        }
    return body | {
        **parts.processor_members(behaviour, run, call),
        "reviewed": run.review is not None,
        "edited": run.review is not None and run.review.edited,
        "parseRunId": run.parse_run_id,
        "dashboardUrl": _DASHBOARD + run.id,
    }


def _times(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    return {
        "createdAt": behaviour.timestamp(run.created),
        "updatedAt": behaviour.timestamp(run.updated(call.now)),
    }


def _metrics(behaviour: Behaviour, run: Run, call: Call) -> JsonObject:
    taken = run.schedule.ended - run.schedule.started
    body: JsonObject = {"processingTimeMs": taken, "pageCount": run.page_count}
    return behaviour.shape("metrics", body, run, call)


def _url(run: Run, call: Call) -> str:
    """Get Parse Run, outputUrl: signed, and good for 15 minutes."""
    return f"{_OUTPUTS}{run.id}.json?expires={call.now // 1000 + _URL_SECONDS}"
