"""A server that implements a part of the API, and says so: it is asked for nothing else, and judged by nothing else."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.emulator import Server

Judge = Callable[..., Any]
CONTRACT = "extend/2026-02-09"
CAPABILITIES = "extract, classify, split, parse, batches, cancel, delete, webhooks"


class ExtractionAlone:
    """An emulator without anything but single runs of extraction; ``refused`` counts what else was asked for."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self._app = emulator.create_app(CONTRACT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._knows(scope["method"], scope["path"]):
            self.refused[f"{scope['method']} {scope['path']}"] += 1
            body = {"code": "NOT_FOUND", "message": "no such path", "requestId": "req_1", "retryable": False}
            await JSONResponse(body, 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _knows(method: str, path: str) -> bool:
        acts = path.endswith(("/batch", "/cancel")) or method == "DELETE"
        return path.startswith(("/extract_runs", "/extractors")) and not acts


def sent(folder: Path) -> set[str | None]:
    events = [json.loads(line) for line in (folder / "history.ndjson").read_text().splitlines()]
    return {event["operation"] for event in events if event["event"] == "exchange"}


def test_server_that_implements_what_it_claims(judged: Judge, batchproof: Judge, quick_polls: Path) -> None:
    quick_polls.write_text(quick_polls.read_text() + '[target]\nclaims = ["extract"]\n')
    app = ExtractionAlone()
    with Server(app) as server:
        run = judged(server.url)
    assert app.refused == Counter()
    assert sent(run.folder) == {
        "list_extractors",
        "list_extract_runs",
        "get_extract_run",
        "create_extract_run",
    }
    assert run.rows("failed") == []
    assert (run.code, run.rows("inconclusive")) == (0, [])
    assert {row["reason"] for row in run.results["requirements"] if row["id"].startswith("batch_run")} == {
        "not_claimed"
    }
    assert run.results["claims"] == ["extract"]
    assert "(profile core, claims extract); 0 failed" in run.results["claim"]
    for name in ("summary.md", "junit.xml"):
        assert run.results["claim"] in (run.folder / name).read_text()
    assert "claims extract" in " ".join(run.out.split())
    again = batchproof("judge", str(run.folder / "history.ndjson"), "--output", "again")
    assert again.code == run.code
    assert (run.folder / "results.json").read_bytes() == (
        run.folder.parent / "again" / "results.json"
    ).read_bytes()


def test_server_that_claims_everything_and_implements_a_part(judged: Judge) -> None:
    app = ExtractionAlone()
    with Server(app) as server:
        run = judged(
            server.url, "--profile", "quick", "--", "-k", "first_page or (single_run_to_its_end and extract)"
        )
    assert run.code == 1
    assert app.refused["GET /parse_runs"] > 0
    assert "list_classify_runs.success" in run.rows("failed")


def test_claimed_operation_that_is_missing_is_a_finding(judged: Judge) -> None:
    app = ExtractionAlone()
    with Server(app) as server:
        run = judged(server.url, "--profile", "quick", "--claim", "extract", "--claim", "parse")
    assert run.code == 1
    assert "list_parse_runs.success" in run.rows("failed")
    asked = {path.split("/")[1] for path in app.refused}
    assert asked == {"parse_runs"}


def test_whole_server_gets_the_same_verdicts_on_the_rows_that_are_left(
    batchproof: Judge, tmp_path: Path
) -> None:
    """A history of everything, judged by less, tells what a run tells that drove no more than that."""
    given = ["--claim", "batches", "--claim", "extract"]
    assert batchproof("run", "--profile", "quick", "--output", "whole", "--quiet").code == 0
    assert batchproof("run", "--profile", "quick", *given, "--output", "part", "--quiet").code == 0
    assert batchproof("judge", "whole/history.ndjson", *given, "--output", "less", "--quiet").code == 0
    described = [
        {
            row["id"]: (row["verdict"], row["reason"])
            for row in json.loads((tmp_path / name / "results.json").read_text())["requirements"]
            if row["level"] == "MUST"
        }
        for name in ("part", "less")
    ]
    assert described[0] == described[1]


@pytest.mark.parametrize("contract", ["talonic/v1", "extend/2025-04-21"])
def test_part_of_another_contract_is_established_as_well(
    batchproof: Judge, tmp_path: Path, contract: str
) -> None:
    first = next(iter(load_contract(contract).manifest.capabilities))
    done = batchproof("run", "--contract", contract, "--claim", first, "--output", "out", "--quiet")
    assert done.code == 0, done.out
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["totals"]["MUST"]["inconclusive"] == 0
    assert results["claims"] == [first]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["run", "--claim", "papers"],
            f"--claim: {CONTRACT} knows no capability 'papers'; use: {CAPABILITIES}",
        ),
        (
            ["run", "--claim", "batches"],
            (
                "--claim: batches alone leaves no read without an id, by which a server is looked for; "
                "claim one of these as well: extract, classify, split, parse"
            ),
        ),
    ],
    ids=["unknown", "nothing-to-look-for"],
)
def test_claims_that_cannot_be_used(batchproof: Judge, arguments: list[str], says: str) -> None:
    done = batchproof(*arguments)
    assert (done.code, done.err) == (2, f"batchproof: {says}\n")


def test_claims_of_a_history_that_its_contract_does_not_know(batchproof: Judge, tmp_path: Path) -> None:
    header = {"event": "header", "format": "batchproof-history/1", "suite": "0", "contract": CONTRACT}
    header |= {"profile": "core", "seed": 0, "started_at": "2026-01-01T00:00:00Z", "target": "x"}
    file = tmp_path / "history.ndjson"
    file.write_text(json.dumps({**header, "claims": ["papers"]}) + "\n")
    done = batchproof("judge", str(file))
    assert (done.code, done.err) == (
        2,
        (
            f"batchproof: {file}: header: claims: {CONTRACT} knows no capability 'papers'; use: {CAPABILITIES}; "
            "--claim NAME overrides it\n"
        ),
    )
    done = batchproof("judge", str(file), "--claim", "nobody")
    assert (done.code, done.err) == (
        2,
        f"batchproof: --claim: {CONTRACT} knows no capability 'nobody'; use: {CAPABILITIES}\n",
    )
    assert batchproof("judge", str(file), "--claim", "extract").code == 3
