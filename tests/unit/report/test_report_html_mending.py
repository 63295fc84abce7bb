"""The smallest change with which a finding would not be one."""

import json
from pathlib import Path
from typing import Any

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.history import Exchange
from batchproof.judging import Finding, judge
from batchproof.report.html import mending
from batchproof.report.html.mending import Change, Mender

EXAMPLES = Path(__file__).parents[3] / "schemas" / "extend" / "2026-02-09" / "examples"
ENDED = "2026-01-02T00:00:00Z"


def found(contract: Contract, build: Any, requirement: str, exchanges: list[Exchange]) -> Finding:
    (finding,) = build.row(judge(contract, build.history(exchanges)), requirement).findings
    return finding


@pytest.fixture
def mender(acme: Contract) -> Mender:
    return Mender(acme, "2026-01-01T00:00:00Z")


def test_another_spelling_of_one_answer(acme: Contract, build: Any, mender: Mender) -> None:
    looks = [build.exchange("get_batch", at, body=build.batch("queued")) for at in (0, 2)]
    looks.insert(1, build.exchange("get_batch", 1, body=build.batch("QUEUED")))
    finding = found(acme, build, "status.enum", looks)
    assert mender.change("status.enum", finding, looks) == Change("x1", "/status", '"QUEUED"', '"queued"')


def test_evidence_that_was_sent_again_has_other_names(acme: Contract, build: Any, mender: Mender) -> None:
    finding = found(acme, build, "status.enum", [build.exchange("get_batch", 1, body=build.batch("DONE"))])
    again = [build.exchange("get_batch", 1, body=build.batch("RUNNING"), id="replay-1")]
    change = mender.change("status.enum", finding, again)
    assert change == Change("replay-1", "/status", '"RUNNING"', '"running"')


def test_what_was_seen_before(acme: Contract, build: Any, mender: Mender) -> None:
    looks = [
        build.exchange("get_batch", at, body=build.batch(described, finished_at=ENDED))
        for at, described in enumerate(("done", "running"))
    ]
    finding = found(acme, build, "status.terminal", looks)
    change = mender.change("status.terminal", finding, looks)
    assert change == Change("x1", "/status", '"running"', '"done"')


def test_what_an_example_of_the_documentation_has(acme: Contract, build: Any, mender: Mender) -> None:
    looks = [build.exchange("get_batch", 1, body=build.batch(created_at="yesterday"))]
    finding = found(acme, build, "batch.created_at", looks)
    change = mender.change("batch.created_at", finding, looks)
    assert change == Change("x1", "/created_at", '"yesterday"', '"2026-01-01T00:00:00Z"')


def asked(build: Any, operation: str, at: float, body: Any, **about: Any) -> Exchange:
    exchange: Exchange = build.exchange(
        operation, at, body=body, sent_headers={"x-extend-api-version": "2026-02-09"}, **about
    )
    return exchange


def change_of(build: Any, requirement: str, exchanges: list[Exchange]) -> Change | None:
    """The change for the only finding on a requirement of a vendor's contract."""
    contract = load_contract("extend/2026-02-09")
    finding = found(contract, build, requirement, exchanges)
    return Mender(contract, "2026-01-01T00:00:00Z").change(requirement, finding, exchanges)


def test_the_other_one_of_two(build: Any) -> None:
    error = {"code": "NOT_FOUND", "message": "It is not there.", "retryable": True, "requestId": "req_1"}
    look = asked(build, "get_batch_run", 1, error, status=404, path={"id": "bpr_1"})
    change = change_of(build, "error.retryable.not_found", [look])
    assert change == Change("x1", "/retryable", "true", "false")


def test_the_step_alone_that_is_wrong_among_many(build: Any) -> None:
    batch = {"object": "batch_run", "id": "bpr_1", "runCount": 1, "createdAt": "2026-01-01T00:00:00Z"}
    statuses = ("PROCESSING", "PENDING", "PENDING", "PENDING", "PENDING")
    looks = [
        asked(build, "get_batch_run", at, {**batch, "status": status}, path={"id": "bpr_1"})
        for at, status in enumerate(statuses)
    ]
    change = change_of(build, "batch_run.status.order", looks)
    assert change == Change("x1", "/status", '"PENDING"', '"PROCESSING"')


def test_as_many_rows_as_a_rule_allows(build: Any) -> None:
    page = json.loads((EXAMPLES / "extract_run_list.json").read_text())["instance"]
    rows = [{**page["data"][0], "id": f"exr_{number}"} for number in range(3)]
    look = asked(build, "list_extract_runs", 1, {**page, "data": rows}, query={"maxPageSize": "2"})
    change = change_of(build, "list_extract_runs.max_page_size", [look])
    assert change == Change("x1", "/data", "3 elements", "2 elements")


def test_nothing_is_made_up(
    acme: Contract, build: Any, mender: Mender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What mends it is not among what was seen or documented; what does not show it is mended by nothing."""
    monkeypatch.setattr(mending, "examples", lambda contract: [])
    looks = [build.exchange("get_batch", 1, body=build.batch(created_at="yesterday"))]
    (finding,) = build.row(judge(acme, build.history(looks)), "batch.created_at").findings
    assert mender.change("batch.created_at", finding, looks) is None
    assert mender.change("batch.created_at", finding, []) is None
    fine = [build.exchange("get_batch", 1, body=build.batch())]
    assert mender.change("batch.created_at", finding, fine) is None


def test_a_whole_report_has_so_many_trials(
    acme: Contract, build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "_MOST_TRIALS", 3)
    looks = [build.exchange("get_batch", 1, body=build.batch("QUEUED"))]
    finding = found(acme, build, "status.enum", looks)
    mender = Mender(acme, "2026-01-01T00:00:00Z")
    assert [mender.change("status.enum", finding, looks) is None for _ in range(2)] == [False, True]
