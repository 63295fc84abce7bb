import json
from collections.abc import Callable
from typing import Any

import msgspec

from batchproof.history import Exchange, History
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import ExpectedEntry
from batchproof.report.formats import ctrf

# 2026-01-02T03:04:05Z
BEGAN_MS = 1_767_323_045_000


def read(results: Results, history: History) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(ctrf(results, history))["results"]
    return described


def by_name(described: dict[str, Any]) -> dict[str, Any]:
    return {test["name"]: test for test in described["tests"]}


def test_one_test_a_requirement_with_its_status(mixed: Results, history: Callable[..., History]) -> None:
    described = read(mixed, history())
    assert {name: (test["status"], test["rawStatus"]) for name, test in by_name(described).items()} == {
        "batch.id": ("passed", "passed"),
        "batch.status": ("failed", "failed"),
        "batch.name": ("other", "failed"),
        "batch.end": ("pending", "inconclusive"),
        "batch.stop": ("pending", "inconclusive"),
        "batch.rare": ("pending", "inconclusive"),
        "batch.hook": ("skipped", "not_applicable"),
        "batch.zone": ("pending", "inconclusive"),
    }
    counted = {
        name: described["summary"][name]
        for name in ("tests", "passed", "failed", "skipped", "pending", "other")
    }
    assert counted == {"tests": 8, "passed": 1, "failed": 1, "skipped": 1, "pending": 4, "other": 1}


def test_times_are_those_of_the_run_and_of_the_evidence(
    mixed: Results, history: Callable[..., History], exchange: Callable[..., Exchange]
) -> None:
    later = msgspec.structs.replace(exchange("x2"), start=0.5, end=0.75)
    described = read(mixed, history(exchange("x1"), later))
    times = ("start", "stop", "duration")
    assert [described["summary"][name] for name in times] == [BEGAN_MS, BEGAN_MS + 1000, 1000]
    tests = by_name(described)
    # two requests, of a tenth and of a quarter of a second
    assert [tests["batch.status"][name] for name in times] == [BEGAN_MS, BEGAN_MS + 750, 350]
    assert [tests["batch.id"].get(name) for name in times] == [None, None, 0]


def test_a_failure_carries_headline_and_evidence(mixed: Results, history: Callable[..., History]) -> None:
    test = by_name(read(mixed, history()))["batch.status"]
    assert test["message"] == '"processed" is not one of the values'
    assert test["trace"].startswith('"processed" is not one of the values\nMUST batch.status: The status is')
    assert "exchange: GET /batch_runs/bpr_1 → 200 (x1)" in test["trace"]
    assert (test["suite"], test["tags"]) == (["acme/v1", "enum"], ["MUST"])
    assert test["extra"]["fingerprints"] == ["0011223344556677"]


def test_what_is_open_says_why(mixed: Results, history: Callable[..., History]) -> None:
    tests = by_name(read(mixed, history()))
    assert tests["batch.end"]["message"] == "precondition_unmet: no batch is known (give batch_ids)"
    assert tests["batch.hook"]["message"] == "not_testable: needs a public address"


def test_an_expectation_that_is_gone_fails(
    row: Callable[..., RequirementResult], results: Callable[..., Results], history: Callable[..., History]
) -> None:
    gone = ExpectedEntry(
        entry="b.toml: expected[0]",
        requirement="batch.id",
        fingerprint=None,
        reason="r",
        link=None,
        until=None,
        state="gone",
    )
    test = by_name(read(results(row("batch.id"), expected=[gone]), history()))["b.toml: expected[0]"]
    assert (test["status"], test["rawStatus"]) == ("failed", "gone")
    assert test["message"] == "b.toml: expected[0]: batch.id: the finding is gone; remove the entry"


def test_a_requirement_has_the_same_name_in_every_run(
    mixed: Results, history: Callable[..., History]
) -> None:
    one = by_name(read(mixed, history()))
    other = by_name(read(msgspec.structs.replace(mixed, history_sha256="f" * 64), history(whole=False)))
    assert {name: test["id"] for name, test in one.items()} == {
        name: test["id"] for name, test in other.items()
    }
