"""Traffic that somebody else made, as users of the command line meet it: HAR files, the proxy, and the pytest fixture."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from batchproof.folders import REPORTS
from batchproof.history import read_history
from tests.conftest import _environment, check_formats
from tests.hars import entry, har, har_of, write

BASE = "https://api.papers.test"
VERSION = {"x-extend-api-version": "2026-02-09"}
TOKEN = "tok_canary_2b4d6f8a0c1e"
COOKIE = "cookie-canary-9e7c5a3b1d"
SIGNATURE = "signature-canary-0f1e2d3c4b5a"
CANARIES = [TOKEN, COOKIE, SIGNATURE]
BATCH = {
    "object": "batch_run",
    "id": "bpr_Xj8mK2pL9nR4vT7qY5wZ",
    "status": "PROCESSED",
    "runCount": 1,
    "createdAt": "2026-01-01T00:00:00Z",
}
Run = Callable[..., Any]


def read(body: Any = BATCH, **about: Any) -> dict[str, Any]:
    headers = {**VERSION, "Authorization": f"Bearer {TOKEN}", "Cookie": f"sid={COOKIE}"}
    return entry("GET", f"{BASE}/batch_runs/{BATCH['id']}", body, headers=headers, **about)


def written(folder: Path) -> str:
    return "".join(file.read_text() for file in folder.rglob("*") if file.is_file())


def test_secrets_of_a_har_file_are_in_no_output(batchproof: Run, tmp_path: Path) -> None:
    echo = f"{TOKEN} {COOKIE} https://files.test/a.pdf?X-Amz-Signature={SIGNATURE} {SIGNATURE}"
    write(tmp_path / "traffic.har", har(read(), read({**BATCH, "status": echo, "runCount": echo}, at=3.0)))
    done = batchproof("judge", "traffic.har", "--output", "out")
    assert done.code == 1
    assert "batch_run.status.enum" in done.out
    described = done.out + done.err + written(tmp_path / "out")
    assert [canary for canary in CANARIES if canary in described] == []
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted(REPORTS)


def test_a_har_file_of_a_healthy_server(batchproof: Run, judged: Run, served: Run, tmp_path: Path) -> None:
    folder = judged(served(), "--profile", "quick").folder
    write(tmp_path / "traffic.har", har_of(read_history(folder / "history.ndjson")), bom=True)
    done = batchproof("judge", "traffic.har")
    assert done.code == 3
    assert " 0 failed" in " ".join(done.out.split())
    assert "INCONCLUSIVE" in done.out


def test_a_har_file_of_a_faulty_server(batchproof: Run, judged: Run, served: Run, tmp_path: Path) -> None:
    folder = judged(served(faults=["status-lowercase"]), "--profile", "quick").folder
    write(tmp_path / "traffic.json", har_of(read_history(folder / "history.ndjson")))
    done = batchproof("judge", "traffic.json", "--quiet")
    assert (done.code, "failed: batch_run.status.enum" in done.out) == (1, True)


def test_deliveries_beside_a_har_file(batchproof: Run, tmp_path: Path) -> None:
    write(tmp_path / "traffic.har", har(read(at=60.0)))
    event = {"eventId": "evt_1", "eventType": "batch_processor_run.processed", "payload": BATCH}
    delivery = {"headers": {}, "body": json.dumps(event), "received_at": "2026-01-01T00:00:30Z"}
    (tmp_path / "deliveries.ndjson").write_text(json.dumps(delivery))
    about = ("judge", "traffic.har", "--webhooks", "deliveries.ndjson", "--quiet")
    assert batchproof(*about).code == 2
    done = batchproof(*about, BATCHPROOF_WEBHOOK_SECRET="wss_1234567890")
    assert "failed: webhook.timestamp" in done.out


@pytest.mark.parametrize(
    ("arguments", "described"),
    [
        (
            ["traffic.har", "--base-url", "nowhere"],
            "--base-url: is no address; begin with http:// or https://",
        ),
        (["traffic.har", "--redact", "x"], "--redact: a JSON Pointer begins with a slash: 'x'"),
        (["traffic.har", "--contract", "talonic/v1"], "holds no call of an operation of talonic/v1"),
        (["none.har"], "none.har: HISTORY: does not exist; give a history.ndjson or a HAR file"),
        (["history.ndjson", "--base-url", BASE], "--base-url and --redact are for HAR files"),
    ],
)
def test_bad_usage_is_one_line(batchproof: Run, tmp_path: Path, arguments: list[str], described: str) -> None:
    write(tmp_path / "traffic.har", har(read()))
    (tmp_path / "history.ndjson").write_text("{}\n")
    done = batchproof("judge", *arguments)
    assert done.code == 2
    assert described in done.err
    assert done.err.count("\n") == 1


def test_what_was_left_out_is_told(batchproof: Run, tmp_path: Path) -> None:
    gone = read(at=2.0)
    gone["response"]["content"] = {"size": 0}
    write(tmp_path / "traffic.har", har(read(), gone, entry("GET", "https://fonts.test/a.woff")))
    done = batchproof("judge", "traffic.har", "--quiet")
    assert done.code == 3
    assert "1 request left out: to other servers than https://api.papers.test" in done.err
    assert "1 request not judged: the recording does not hold the answer" in done.err


# the proxy


@contextmanager
def recording(target: str, cwd: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "batchproof", "record", "--target", target, *arguments]
    with subprocess.Popen(
        command, cwd=cwd, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().removeprefix("READY ").strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_the_proxy_records_is_judged(
    batchproof: Run, served: Run, tmp_path: Path, number: signal.Signals
) -> None:
    headers = {**VERSION, "authorization": f"Bearer {TOKEN}", "cookie": f"sid={COOKIE}"}
    with recording(served(), tmp_path, "--output", "history.ndjson") as (process, url):
        with httpx.Client(base_url=url, headers=headers) as client:
            first = client.get("/extractors").json()["data"][0]["id"]
            body = {"extractor": {"id": first}, "inputs": [{"file": {"text": TOKEN, "name": "a.txt"}}]}
            batch = client.post("/extract_runs/batch", json=body).json()
            client.get(f"/batch_runs/{batch['id']}")
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "3 requests recorded: batchproof judge history.ndjson"
    text = (tmp_path / "history.ndjson").read_text()
    assert [canary for canary in CANARIES if canary in text] == []
    (tmp_path / "out").mkdir()
    (tmp_path / "history.ndjson").replace(tmp_path / "out" / "history.ndjson")
    done = batchproof("judge", "out/history.ndjson", "--output", "out")
    check_formats(tmp_path / "out")
    rows = json.loads((tmp_path / "out" / "results.json").read_text())["requirements"]
    assert done.code == 3
    assert {"submit_extract_batch.success", "get_batch_run.success"} <= {
        row["id"] for row in rows if row["verdict"] == "passed"
    }


def test_a_history_that_is_there_already_is_kept(batchproof: Run, tmp_path: Path) -> None:
    (tmp_path / "traffic.ndjson").write_text("mine")
    done = batchproof("record", "--target", "http://127.0.0.1:9")
    assert done.code == 2
    assert done.err == "batchproof: --output traffic.ndjson: is there already; name another file\n"
    assert (tmp_path / "traffic.ndjson").read_text() == "mine"


def test_an_address_that_cannot_be_a_target(batchproof: Run, tmp_path: Path) -> None:
    done = batchproof("record", "--target", "https://me:secret@papers.test")
    assert (done.code, "secret" in done.err) == (2, False)
    assert not (tmp_path / "traffic.ndjson").exists()


# the fixture

PROGRAM = """
import httpx
import pytest

pytest_plugins = ["batchproof.pytest_recorder"]
HEADERS = {"x-extend-api-version": "2026-02-09", "authorization": "Bearer TOKEN"}

def client(recorder, status):
    def answer(request):
        body = {"object": "batch_run", "id": "bpr_Xj8mK2pL9nR4vT7qY5wZ", "status": status, "runCount": 1,
                "createdAt": "2026-01-01T00:00:00Z"}
        return httpx.Response(200, json=body)
    recorder.transport = httpx.MockTransport(answer)
    return httpx.Client(transport=recorder, base_url="https://papers.test", headers=HEADERS)

def test_right(batchproof_recorder):
    client(batchproof_recorder, "PROCESSED").get("/batch_runs/bpr_Xj8mK2pL9nR4vT7qY5wZ")

def test_wrong(batchproof_recorder):
    client(batchproof_recorder, "TOKEN").get("/batch_runs/bpr_Xj8mK2pL9nR4vT7qY5wZ")

def test_unused(batchproof_recorder):
    pass

def test_fails_by_itself(batchproof_recorder):
    client(batchproof_recorder, "odd").get("/batch_runs/bpr_Xj8mK2pL9nR4vT7qY5wZ")
    assert 1 == 2
"""


def test_the_fixture_fails_a_test_with_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(PROGRAM.replace("TOKEN", TOKEN))
    (tmp_path / "pytest.ini").write_text("[pytest]\nbatchproof_contract = extend/2026-02-09\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines()[-1].startswith("3 failed, 1 passed")
    assert "MUST batch_run.status.enum" in done.stdout
    assert "nothing went through batchproof_recorder" in done.stdout
    assert "assert 1 == 2" in done.stdout
    assert TOKEN not in done.stdout.partition("test_fails_by_itself")[0]
