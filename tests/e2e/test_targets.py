"""What a run says about servers that cannot be tested, and about permission to write."""

import json
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchproof.emulator import Server

Judge = Callable[..., Any]


def always(status: int, content: bytes, media_type: str) -> Starlette:
    async def answer(_: Request) -> Response:
        return Response(content, status, media_type=media_type)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_server_that_is_down(judged: Judge) -> None:
    run = judged(f"http://127.0.0.1:{closed_port()}")
    assert run.code == 3
    assert "does not answer" in run.out
    assert "Traceback" not in run.out + run.err
    # nobody gave an address for webhooks either, and that is what those rows say
    assert {"target_error"} == {
        row["reason"]
        for row in run.results["requirements"]
        if row["verdict"] == "inconclusive"
        and not row["interpretations"]
        and not row["id"].startswith("webhook.")
    }


def test_token_that_is_refused(served: Callable[..., str], judged: Judge) -> None:
    run = judged(served(), token="tok_revoked_0815")
    assert run.code == 3
    assert "refuses the token (status 401)" in run.out
    assert run.rows("failed") == []


@pytest.mark.parametrize("status", [200, 404])
def test_port_that_answers_html(judged: Judge, status: int) -> None:
    with Server(always(status, b"<html>hello</html>", "text/html")) as server:
        run = judged(server.url)
    assert run.code == 3
    assert "not JSON; is this the base address of the API?" in " ".join(run.out.split())
    assert run.rows("failed") == []


def test_empty_200_for_everything(judged: Judge) -> None:
    with Server(always(200, b"", "application/json")) as server:
        run = judged(server.url)
    assert run.code == 3
    assert run.rows("passed") == []


def test_empty_object_for_everything(judged: Judge) -> None:
    with Server(always(200, b"{}", "application/json")) as server:
        run = judged(server.url)
    assert run.code == 1


def test_server_that_only_breaks_down(judged: Judge) -> None:
    body = json.dumps({"code": "INTERNAL_ERROR", "message": "no", "retryable": True}).encode()
    with Server(always(500, body, "application/json")) as server:
        run = judged(server.url)
    assert run.code == 3


def test_nothing_billed_without_permission(served: Callable[..., str], judged: Judge) -> None:
    run = judged(served(), max_runs=0)
    sent = [json.loads(line) for line in (run.folder / "history.ndjson").read_text().splitlines()]
    posts = [event for event in sent if event["event"] == "exchange" and event["request"]["method"] == "POST"]
    assert posts == []
    row = run.row("submit_extract_batch.pending")
    assert (row["verdict"], row["reason"]) == ("inconclusive", "precondition_unmet")
    assert "--max-runs" in run.out
    assert run.code == 3


def test_reading_alone_establishes_most_of_what_reading_can(
    served: Callable[..., str], judged: Judge, quick_polls: Any
) -> None:
    url = served()
    headers = {"authorization": "Bearer tok_canary_5f0c91d2e7", "x-extend-api-version": "2026-02-09"}
    with httpx.Client(base_url=url, headers=headers) as client:
        extractor = client.get("/extractors").json()["data"][0]["id"]
        inputs = [
            {"file": {"url": "https://a.example/one.pdf"}},
            {"file": {"url": "https://a.example/fail.pdf"}},
        ]
        body = {"extractor": {"id": extractor}, "inputs": inputs}
        batch = client.post("/extract_runs/batch", json=body).json()["id"]
    quick_polls.write_text(quick_polls.read_text() + f'[fixtures]\nbatch_run_ids = ["{batch}"]\n')
    run = judged(url, max_runs=0)
    assert run.rows("failed") == []
    assert {"passed"} == {
        run.row(name)["verdict"]
        for name in (
            "batch_run.status.enum",
            "get_batch_run.not_found",
            "extract_run.output.present",
            "batch_run.created_at.constant",
        )
    }


def test_request_limit_holds(served: Callable[..., str], judged: Judge) -> None:
    run = judged(served(), "--max-requests", "20")
    events = [json.loads(line) for line in (run.folder / "history.ndjson").read_text().splitlines()]
    assert sum(event["event"] == "exchange" for event in events) == 20
    assert run.code == 3
    assert "budget_exhausted" in {row["reason"] for row in run.results["requirements"]}


def test_run_limit_holds(served: Callable[..., str], judged: Judge) -> None:
    run = judged(served(), max_runs=10)
    events = [json.loads(line) for line in (run.folder / "history.ndjson").read_text().splitlines()]
    accepted = [
        len(event["request"]["body"]["inputs"])
        for event in events
        if event["event"] == "exchange"
        and event["operation"] == "submit_extract_batch"
        and event["response"]["status"] == 200
    ]
    assert 0 < sum(accepted) <= 10
