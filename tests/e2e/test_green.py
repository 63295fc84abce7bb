"""Exit 0 means that every scenario came to its end: servers on which one cannot."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from batchproof import emulator
from batchproof.contract import load_contract

Judge = Callable[..., Any]
TOKEN = "tok_canary_5f0c91d2e7"
VERSION = {"authorization": f"Bearer {TOKEN}", "x-extend-api-version": "2026-02-09"}


def never_ends(asked: str, body: Any) -> Any:
    if asked.startswith("GET /batch_runs/") and body.get("status") in ("PROCESSED", "FAILED"):
        body["status"] = "PROCESSING"
    return body


def ended_run(url: str) -> None:
    """A run that somebody else has left on the server, and that has ended."""
    with httpx.Client(base_url=url, headers=VERSION) as client:
        extractor = client.get("/extractors").json()["data"][0]["id"]
        made = client.post(
            "/extract_runs",
            json={"extractor": {"id": extractor}, "file": {"url": "https://a.example/one.pdf"}},
        ).json()
        while client.get(f"/extract_runs/{made['id']}").json()["status"] != "PROCESSED":
            time.sleep(0.02)


def test_batches_that_never_end_do_not_pass_in_a_used_workspace(
    between: Callable[..., str], judged: Judge, quick_polls: Path
) -> None:
    quick_polls.write_text("[limits]\npoll_interval_s = 0.1\npoll_timeout_s = 0.5\n")
    url = between(never_ends)
    ended_run(url)
    run = judged(url, "--profile", "quick")
    assert run.code == 3
    gave_up = run.results["gave_up"]
    assert {item["detail"] for item in gave_up} == {"batch_run did not end within 0.5 s"}
    assert "Scenarios that gave up: 4" in run.out
    assert "raise poll_timeout_s in [limits]" in " ".join(run.out.split())
    assert "did not end within" in (run.folder / "summary.md").read_text()
    # what an old run shows says nothing about the runs of these batches
    row = run.row("extract_run.failure_reason.present")
    assert (row["verdict"], row["reason"]) == ("inconclusive", "target_error")


def test_every_given_id_is_used_in_every_profile(
    served: Callable[..., str], judged: Judge, quick_polls: Path
) -> None:
    contract = "extend/2025-04-21"
    given = emulator.fixtures(contract)["batch_processor_run_ids"]
    assert len(given) > 10
    quick_polls.write_text(
        quick_polls.read_text() + f"[fixtures]\nbatch_processor_run_ids = {json.dumps(given)}\n"
    )
    run = judged(served(contract), "--profile", "quick", contract=contract)
    assert run.code == 0
    events = map(json.loads, (run.folder / "history.ndjson").read_text().splitlines())
    read = [
        event["request"]["path"]["id"]
        for event in events
        if event.get("operation") == "get_batch_processor_run"
    ]
    assert set(given) <= set(read)
    verdicts = {run.row(f"batch_processor_run.status.{name}")["verdict"] for name in ("order", "terminal")}
    assert verdicts == {"passed"}


def test_what_may_be_cancelled_is_looked_at_where_nothing_is_cancelled(
    served: Callable[..., str], judged: Judge, quick_polls: Path
) -> None:
    given = emulator.fixtures("talonic/v1")["cancellable_batch_ids"]
    quick_polls.write_text(
        quick_polls.read_text() + f"[fixtures]\ncancellable_batch_ids = {json.dumps(given)}\n"
    )
    run = judged(served("talonic/v1"), "--profile", "quick", contract="talonic/v1")
    events = map(json.loads, (run.folder / "history.ndjson").read_text().splitlines())
    read = {event["request"]["path"]["id"] for event in events if event.get("operation") == "get_batch"}
    assert (set(given) <= read, run.code) == (True, 0)


class Revoking:
    """Refuses every token from a request on, counted from 1."""

    def __init__(self, app: ASGIApp, at: int) -> None:
        self._app = app
        self._left = at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._left -= scope["type"] == "http"
        if self._left > 0 or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = {
            "statusCode": 401,
            "code": "unauthorized",
            "error": "Unauthorized",
            "message": "the key has been revoked",
            "retryable": False,
            "timestamp": datetime.now(UTC).isoformat(),
            "path": scope["path"],
        }
        await JSONResponse(body, 401)(scope, receive, send)


def test_token_that_is_refused_from_the_middle_on(judged: Judge) -> None:
    app = Revoking(emulator.create_app("talonic/v1"), 30)
    with emulator.Server(app) as server:
        run = judged(server.url, "--profile", "quick", contract="talonic/v1")
    refused = run.results["token_refused"]
    assert (run.code, refused["status"], run.rows("failed")) == (3, 401, [])
    events = [json.loads(line) for line in (run.folder / "history.ndjson").read_text().splitlines()]
    # requests before it may carry other tokens
    assert refused["exchange"] == next(
        event["id"]
        for event in events
        if event["event"] == "exchange"
        and (event["response"]["status"], event.get("auth"), event.get("probe")) == (401, None, None)
    )
    assert (run.results["halted"]["why"], run.results["halted"]["exchange"]) == (
        "token_refused",
        refused["exchange"],
    )
    described = " ".join(run.out.split())
    assert f"the server refuses the token since second {refused['since_s']:.1f} of the run" in described
    assert run.out.splitlines()[-1].startswith("INCONCLUSIVE: the token is refused since second")
    # one moment, wherever it is told
    assert run.results["halted"]["since_s"] == refused["since_s"]
    texts = [run.out, *(file.read_text() for file in run.folder.iterdir() if file.name != "history.ndjson")]
    moments = {moment for text in texts for moment in re.findall(r"since second ([0-9.]+)\b", text)}
    assert moments == {f"{refused['since_s']:.1f}"}
    assert run.rows("failed") == []


def pending_for_ever(asked: str, body: Any) -> Any:
    if asked.startswith("GET /extract_runs/") and body.get("status") == "PROCESSED":
        body.update(status="PROCESSING", output=None)
    return body


def test_a_slow_object_leaves_a_probe_open_and_the_rest_judged(
    between: Callable[..., str], judged: Judge, quick_polls: Path
) -> None:
    quick_polls.write_text("[limits]\npoll_interval_s = 0.1\npoll_timeout_s = 0.3\n")
    run = judged(
        between(pending_for_ever, faults=["get-classify-run-unknown-is-410"]),
        "--",
        "-k",
        "test_refusal and (extract-delete or extract-cancel or classify-run-unknown)",
    )
    assert (run.code, run.results["trouble"]) == (1, None)
    # runs that never end break more than this
    assert "get_classify_run.not_found" in run.rows("failed")
    described = {item["detail"] for item in run.results["gave_up"]}
    assert described == {"extract_run did not end within 0.3 s"}
    events = map(json.loads, (run.folder / "history.ndjson").read_text().splitlines())
    kept = {
        event["probe"] for event in events if event["event"] == "unmet" and event["reason"] == "target_error"
    }
    assert kept
    for name in kept:
        row = run.row(load_contract("extend/2026-02-09").probes[name].requirement)
        assert (row["verdict"], row["reason"]) == ("inconclusive", "target_error")
