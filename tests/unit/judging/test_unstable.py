"""Findings that rest on an assumption about the time between a look and an act."""

import dataclasses
from collections.abc import Callable
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.history import History, Reproduction
from batchproof.judging import Results, judge
from batchproof.replay.phase import findings_of

ASSUMED, SOFT = "auth.required", "auth.separate"
INVARIANTS = f"""
- {{requirement: {ASSUMED}, each: snapshot, on: batch, rule: "self.id != 'b_1'", assumes: nothing-between}}
- {{requirement: {SOFT}, each: snapshot, on: batch, rule: "self.id != 'b_1'", assumes: nothing-between}}
"""


@pytest.fixture(scope="module")
def assuming(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    contract: Contract = build.acme_with_invariants(tmp_path_factory.mktemp("assuming"), INVARIANTS)
    return contract


@pytest.fixture
def tried(build: ModuleType, assuming: Contract) -> Callable[..., Results]:
    """Judges a look that breaks both invariants, of which the findings were sent again with some outcome."""

    def results(outcome: str | None, *exchanges: Any) -> Results:
        history: History = build.history([build.exchange("get_batch", 1, body=build.batch()), *exchanges])
        reproductions = tuple(
            Reproduction(
                requirement=row.id, fingerprint=finding.fingerprint, outcome=outcome, exchanges=["x1"]
            )
            for row in judge(assuming, history).requirements
            for finding in row.findings
            if outcome is not None
        )
        return judge(assuming, history._replace(reproductions=reproductions))

    return results


@pytest.mark.parametrize("outcome", ["reproduced", "not_tried", None])
def test_assumption_that_shows_again_or_was_not_tried_fails(
    build: ModuleType, tried: Any, outcome: str | None
) -> None:
    results = tried(outcome)
    row = build.row(results, ASSUMED)
    assert (row.verdict, row.reason, results.verdict, results.exit_code) == ("failed", None, "failed", 1)
    assert [finding.assumption for finding in row.findings] == [True]
    assert results.unstable == []


def test_assumption_that_does_not_show_again_is_unstable(build: ModuleType, tried: Any) -> None:
    results = tried("unstable")
    row = build.row(results, ASSUMED)
    assert (row.verdict, row.reason) == ("inconclusive", "unstable")
    assert row.detail == (
        "what contradicted it rests on an assumption about the time in between, and did not show again"
    )
    assert (results.verdict, results.exit_code) == ("inconclusive", 3)
    assert [item.id for item in results.unstable] == [ASSUMED, SOFT]
    assert [name for name, _ in findings_of(results)] == [ASSUMED, SOFT]


def test_conclusive_finding_stands_whether_it_shows_again_or_not(build: ModuleType, tried: Any) -> None:
    results = tried("unstable", build.exchange("get_batch", 2, body=build.batch(created_at=5)))
    row = build.row(results, "batch.created_at")
    assert (row.verdict, {finding.assumption for finding in row.findings}) == ("failed", {False})
    assert (build.row(results, ASSUMED).reason, results.verdict, results.exit_code) == (
        "unstable",
        "failed",
        1,
    )


def test_unstable_must_that_the_profile_does_not_owe_is_not_established(
    build: ModuleType, assuming: Contract
) -> None:
    kept = {ASSUMED: msgspec.structs.replace(assuming.requirements[ASSUMED], set="full")}
    rest = {name: msgspec.structs.replace(row, level="MAY") for name, row in assuming.requirements.items()}
    contract = dataclasses.replace(assuming, requirements={**rest, **kept})
    history: History = build.history([build.exchange("get_batch", 1, body=build.batch())])
    (finding,) = build.row(judge(contract, history), ASSUMED).findings
    again = Reproduction(
        requirement=ASSUMED, fingerprint=finding.fingerprint, outcome="unstable", exchanges=["x1"]
    )
    assert judge(contract, history._replace(reproductions=(again,))).exit_code == 3
    assert judge(contract, build.history()).exit_code == 0
