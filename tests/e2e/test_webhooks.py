"""Webhooks, as users of the command line meet them: recorded deliveries, and deliveries to a run."""

import functools
import hashlib
import hmac
import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batchproof import emulator

OLDER = "extend/2025-04-21"
SECRET = "wss_canary_0c1d2e3f4a5b6c7d"
STAMP = "1767225600"
BATCH = {
    "object": "batch_run",
    "id": "bpr_Xj8mK2pL9nR4vT7qY5wZ",
    "status": "PROCESSED",
    "runCount": 1,
    "createdAt": "2026-01-01T00:00:00Z",
}
EVENT = {"eventId": "evt_1", "eventType": "batch_processor_run.processed", "payload": BATCH}
Run = Callable[..., Any]


def delivery(event: Any = EVENT, **changes: str | None) -> dict[str, Any]:
    body = event if isinstance(event, str) else json.dumps(event)
    signature = hmac.new(SECRET.encode(), f"v0:{STAMP}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "X-Extend-Api-Version": "2026-02-09",
        "X-Extend-Request-Timestamp": STAMP,
        "X-Extend-Request-Signature": signature,
        **changes,
    }
    return {"headers": {name: value for name, value in headers.items() if value is not None}, "body": body}


@pytest.fixture
def judge(batchproof: Run, tmp_path: Path) -> Run:
    """Judges a file with this content, and gives the exit code and what failed."""

    def run(content: str) -> tuple[int, list[str], dict[str, Any]]:
        (tmp_path / "deliveries.ndjson").write_text(content)
        done = batchproof(
            "judge", "--webhooks", "deliveries.ndjson", "--output", "out", BATCHPROOF_WEBHOOK_SECRET=SECRET
        )
        assert done.err == ""
        rows = {
            row["id"]: row
            for row in json.loads((tmp_path / "out" / "results.json").read_text())["requirements"]
        }
        written = done.out + "".join(file.read_text() for file in (tmp_path / "out").iterdir())
        assert SECRET not in written
        return done.code, sorted(name for name, row in rows.items() if row["verdict"] == "failed"), rows

    return run


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(delivery()) + "\n" + json.dumps(delivery()) + "\n",
        json.dumps([delivery()]),
        json.dumps(delivery(), indent=2),
        json.dumps({**delivery(), "method": "POST", "received_at": "2026-01-01T00:00:00Z"}),
        json.dumps({**delivery(), "received_at": 1767225700}),
    ],
    ids=["lines", "array", "object", "with-moment", "with-seconds"],
)
def test_recorded_deliveries_that_keep_the_contract(judge: Run, content: str) -> None:
    code, failed, rows = judge(content)
    assert (code, failed) == (0, [])
    assert {"passed"} == {
        rows[name]["verdict"]
        for name in (
            "webhook.signature",
            "webhook.version",
            "webhook.envelope",
            "webhook.batch.status",
            "batch_run",
        )
    }
    assert rows["get_batch_run.success"]["reason"] == "deliveries"
    assert rows["webhook.batch.settled"]["verdict"] == "inconclusive"


@pytest.mark.parametrize(
    ("recorded", "broken"),
    [
        (delivery(**{"X-Extend-Request-Signature": "0" * 64}), "webhook.signature"),
        (delivery(**{"X-Extend-Request-Signature": None}), "webhook.signature"),
        ({**delivery(), "body": json.dumps(EVENT, indent=1)}, "webhook.signature"),
        (delivery(**{"X-Extend-Request-Timestamp": None}), "webhook.timestamp"),
        (delivery(**{"X-Extend-Api-Version": None}), "webhook.version"),
        (delivery(**{"X-Extend-Api-Version": "2025-04-21"}), "webhook.version"),
        (delivery("not JSON"), "webhook.envelope"),
        (delivery({**EVENT, "eventId": 1}), "webhook.event_id"),
        (delivery({**EVENT, "payload": {**BATCH, "status": "PROCESSING"}}), "webhook.batch.status"),
        (delivery({**EVENT, "payload": {**BATCH, "runCount": "1"}}), "batch_run.run_count.type"),
        ({**delivery(), "method": "PUT"}, "webhook.post"),
        ({**delivery(), "received_at": 1767225901}, "webhook.timestamp.fresh"),
    ],
)
def test_recorded_delivery_that_breaks_one_row(judge: Run, recorded: Any, broken: str) -> None:
    code, failed, _ = judge(json.dumps(recorded))
    assert failed == [broken]
    if broken == "webhook.timestamp.fresh":
        assert code == 0
    else:
        assert code == 1


BAD = {
    "nothing": ("\n", ["deliveries.ndjson", "holds no delivery"]),
    "not JSON": ("{\nnope\n", ["deliveries.ndjson", "line 1", "not JSON"]),
    "a history": ('{"event": "header"}\n', ["deliveries.ndjson", "no delivery", "event"]),
    "no headers": ('{"body": "{}"}\n', ["deliveries.ndjson", "headers"]),
    "no body": ('{"headers": {}}\n', ["deliveries.ndjson", "body_base64"]),
    "body as JSON": ('{"headers": {}, "body": {}}\n', ["deliveries.ndjson", "body"]),
    "bad base64": ('{"headers": {}, "body_base64": "?"}\n', ["deliveries.ndjson", "base64"]),
    "bad moment": ('{"headers": {}, "body": "", "received_at": "soon"}\n', ["received_at"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_one_clear_line(batchproof: Run, tmp_path: Path, case: str) -> None:
    content, described = BAD[case]
    (tmp_path / "deliveries.ndjson").write_text(content)
    done = batchproof("judge", "--webhooks", "deliveries.ndjson", BATCHPROOF_WEBHOOK_SECRET=SECRET)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert [word for word in described if word not in done.err] == []


@pytest.mark.parametrize(
    ("arguments", "described"),
    [
        (["judge"], "--webhooks FILE"),
        (["judge", "history.ndjson", "--webhooks", "x"], "--webhooks FILE"),
        (["judge", "--webhooks", "there.ndjson"], "BATCHPROOF_WEBHOOK_SECRET"),
        (["judge", "--webhooks", "there.ndjson", "--webhook-secret-env", "OTHER"], "OTHER"),
        (["run", "--webhook-url", "http://127.0.0.1:9/hook"], "BATCHPROOF_WEBHOOK_SECRET"),
        (["run", "--webhook-url", "nonsense"], "--webhook-url"),
        (["run", "--webhook-url", "https://hooks.example.com/x"], "--webhook-listen"),
        (["run", "--webhook-listen", "127.0.0.1:1"], "--webhook-url"),
        (["run", "--contract", "talonic/v1", "--webhook-url", "http://127.0.0.1:9/x"], "no webhooks"),
        (["serve", "--webhook-secret-env", "OTHER"], "OTHER"),
        (["serve", "--contract", "talonic/v1", "--webhook", "http://127.0.0.1:9/x"], "no webhooks"),
    ],
)
def test_bad_usage_is_one_clear_line(
    batchproof: Run, tmp_path: Path, arguments: list[str], described: str
) -> None:
    for name in ("history.ndjson", "there.ndjson", "x"):
        (tmp_path / name).write_text("{}\n")
    done = batchproof(*arguments)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert described in done.err


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def older(judged: Run, quick_polls: Path) -> Run:
    """Runs the suite in the older version of the API, whose objects have to be named."""
    given = [f"{name} = {json.dumps(value)}\n" for name, value in emulator.fixtures(OLDER).items()]
    quick_polls.write_text(quick_polls.read_text() + "[fixtures]\n" + "".join(given))
    return functools.partial(judged, contract=OLDER)


def test_run_receives_what_another_server_delivers(older: Run) -> None:
    hook = f"http://127.0.0.1:{free_port()}/hook"
    receiver = ("--webhook-url", hook, "--webhook-secret-env", "BATCHPROOF_TOKEN")
    app = emulator.create_app(OLDER, webhook=emulator.Webhook(hook, SECRET))
    with emulator.Server(app) as server:
        run = older(server.url, *receiver, token=SECRET)
    assert run.rows("failed") == []
    assert run.rows("inconclusive") == []
    assert run.code == 0
    assert SECRET not in run.out + run.err + "".join(file.read_text() for file in run.folder.iterdir())
    events = [json.loads(line) for line in (run.folder / "history.ndjson").read_text().splitlines()]
    assert any(event["event"] == "delivery" for event in events)


def test_run_without_a_receiver_owes_nothing_about_webhooks(served: Run, older: Run) -> None:
    run = older(served(OLDER))
    assert run.rows("failed") + run.rows("failed", "SHOULD") + run.rows("failed", "MAY") == []
    assert {run.row(name)["reason"] for name in run.rows("inconclusive")} == {"precondition_unmet"}
    assert {name.partition(".")[0] for name in run.rows("inconclusive")} == {"webhook"}
    assert "--webhook-url" in run.out
    assert run.code == 0


def test_several_workers_receive_events(batchproof: Run, tmp_path: Path) -> None:
    done = batchproof("run", "--output", "out", "--workers", "4", "--", "-k", "webhooks")
    rows = json.loads((tmp_path / "out" / "results.json").read_text())["requirements"]
    asked = [row for row in rows if row["id"].startswith("webhook.") and row["verdict"] != "not_applicable"]
    assert {row["id"] for row in asked if row["verdict"] != "passed"} == {
        "webhook.batch.processor_type",
        "webhook.event.payload",
    }, done.out


def test_serve_delivers_and_tells_the_secret_that_it_made_up(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "batchproof", "serve", "--webhook", "http://127.0.0.1:9/hook"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        process.terminate()
    assert re.fullmatch(r"READY http://127\.0\.0\.1:[0-9]+\n", lines[0])
    assert re.fullmatch(r"SECRET wss_[\w-]+\n", lines[1])
