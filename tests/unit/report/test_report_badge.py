import json
from collections.abc import Callable

import pytest

from batchproof.judging import RequirementResult, Results
from batchproof.report.formats import badge


@pytest.mark.parametrize(
    ("verdict", "colour", "message"),
    [
        ("passed", "brightgreen", "passed, meets 2 of 2 MUST"),
        ("failed", "red", "failed, meets 1 of 2 MUST"),
        ("inconclusive", "yellow", "inconclusive, meets 1 of 2 MUST"),
    ],
)
def test_verdict_and_count(
    row: Callable[..., RequirementResult],
    results: Callable[..., Results],
    verdict: str,
    colour: str,
    message: str,
) -> None:
    described = json.loads(badge(results(row("a"), row("b", verdict), row("c", "failed", level="MAY"))))
    assert described == {
        "schemaVersion": 1,
        "label": "acme/v1",
        "message": message,
        "color": colour,
        "isError": verdict != "passed",
    }


def test_claims_are_part_of_what_is_said(
    row: Callable[..., RequirementResult], results: Callable[..., Results]
) -> None:
    assert json.loads(badge(results(row("a"), claims=["extract", "batches"])))["label"] == (
        "acme/v1 (extract, batches)"
    )
