"""One call of a program, as HAR files have it, before and after it moves to the newer version."""

from typing import Any

from tests.hars import entry

BASE = "https://api.papers.test"
OLD, NEW = {"x-extend-api-version": "2025-04-21"}, {"x-extend-api-version": "2026-02-09"}
RUN = {
    "object": "document_processor_run",
    "id": "dpr_1",
    "processorId": "dp_1",
    "type": "EXTRACT",
    "status": "PROCESSED",
}
SENT = {"processorId": "dp_1", "file": {"fileUrl": "https://files.test/a.pdf"}}


def creation(**about: Any) -> dict[str, Any]:
    body = {"success": True, "processorRun": RUN}
    return entry("POST", f"{BASE}/processor_runs", body, **{"sent": SENT, "headers": OLD, **about})


def moved(**about: Any) -> dict[str, Any]:
    sent = {"extractor": {"id": "ex_1"}, "file": {"url": "https://files.test/a.pdf"}}
    body = {"object": "extract_run", "id": "exr_1", "status": "PROCESSED"}
    return entry("POST", f"{BASE}/extract_runs", body, **{"sent": sent, "headers": NEW, **about})
