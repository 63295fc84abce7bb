"""The smallest change with which a finding would not be one."""

from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.history import Exchange
from batchproof.judge import Finding, judge
from batchproof.report.html import mending
from batchproof.report.html.mending import Change, Mender

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
        build.exchange("get_batch", at, body=build.batch(told, finished_at=ENDED))
        for at, told in enumerate(("done", "running"))
    ]
    finding = found(acme, build, "status.terminal", looks)
    change = mender.change("status.terminal", finding, looks)
    assert change == Change("x1", "/status", '"running"', '"done"')


def test_nothing_is_made_up(acme: Contract, build: Any, mender: Mender) -> None:
    """What mends it is not among what was seen or documented; what does not show it is mended by nothing."""
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
