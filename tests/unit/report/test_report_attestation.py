import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from batchproof.history import History
from batchproof.judging import Finding, RequirementResult, Results
from batchproof.report.formats import attestation

SHA = "0123456789abcdef" * 4


def predicate(results: Results, history: History) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(attestation(results, history, b"{}"))["predicate"]
    return described


def test_subjects_are_history_and_results(mixed: Results, history: Callable[..., History]) -> None:
    statement = json.loads(attestation(mixed, history(), b"the results"))
    assert statement["subject"] == [
        {"name": "history.ndjson", "digest": {"sha256": SHA}},
        {"name": "results.json", "digest": {"sha256": hashlib.sha256(b"the results").hexdigest()}},
    ]
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"


def test_requirements_by_what_became_of_them(mixed: Results, history: Callable[..., History]) -> None:
    described = predicate(mixed, history())
    assert described["result"] == "FAILED"
    assert (described["passedTests"], described["warnedTests"], described["failedTests"]) == (
        ["batch.id"],
        ["batch.name"],
        ["batch.status"],
    )


def test_catalogue_is_the_configuration(mixed: Results, history: Callable[..., History]) -> None:
    (configuration,) = predicate(mixed, history())["configuration"]
    assert (configuration["name"], configuration["digest"]) == ("acme/v1", {"sha256": SHA})
    assert configuration["annotations"]["profile"] == "core"
    assert configuration["annotations"]["claim"] == mixed.claim


@pytest.mark.parametrize(
    ("rows", "changes", "result"),
    [
        ([("a", "passed", "MUST")], {}, "PASSED"),
        ([("a", "passed", "MUST"), ("b", "failed", "SHOULD")], {}, "WARNED"),
        ([("a", "passed", "MUST"), ("b", "inconclusive", "MUST")], {}, "FAILED"),
        ([("a", "failed", "MUST")], {}, "FAILED"),
        # interrupted: what there is was judged
        ([("a", "passed", "MUST")], {"exit_code": 130}, "FAILED"),
    ],
)
def test_nothing_but_a_run_that_passed_is_a_success(
    row: Callable[..., RequirementResult],
    finding: Callable[..., Finding],
    results: Callable[..., Results],
    history: Callable[..., History],
    rows: list[tuple[str, str, str]],
    changes: dict[str, Any],
    result: str,
) -> None:
    made = [
        row(name, verdict, level=level, findings=[finding()] if verdict == "failed" else [])
        for name, verdict, level in rows
    ]
    assert predicate(results(*made, **changes), history())["result"] == result
