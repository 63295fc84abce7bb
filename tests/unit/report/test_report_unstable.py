"""What the reports say of unstable findings, of conclusive ones that did not show again, and of strangers."""

import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from junitparser import JUnitXml
from rich.console import Console

from batchproof.history import Delivery, History
from batchproof.judging import Finding, Results, to_json
from batchproof.judging.results import Shrunken
from batchproof.report import print_results
from batchproof.report.junit import junit
from batchproof.report.markdown import summary

NOT_AGAIN = Shrunken(outcome="unstable", exchanges=["x1"], detail=None)


def printed(results: Results, history: History) -> str:
    stream = io.StringIO()
    print_results(results, history, Console(file=stream, width=80), folder=None, detail="full")
    return stream.getvalue()


@pytest.fixture
def unstable(
    results: Callable[..., Results], row: Callable[..., Any], finding: Callable[..., Finding]
) -> Results:
    found = [finding(assumption=True, reproduction=NOT_AGAIN)]
    late = row(
        "batch.stop", "inconclusive", reason="unstable", detail="it did not show again", findings=found
    )
    return results(row("batch.id"), late)


def test_terminal_shows_the_evidence_of_unstable_findings(
    unstable: Results, history: Callable[..., History]
) -> None:
    text = printed(unstable, history())
    assert "Unstable: 1\n" in text
    assert "    again     unstable: sent a second time, the same requests did not show it\n" in text
    assert "  1 MUST: findings are unstable: it did not show again\n" in text
    assert text.endswith("INCONCLUSIVE: 1 MUST requirement was not established (exit 3)\n")


def test_files_show_the_evidence_of_unstable_findings(
    unstable: Results, history: Callable[..., History]
) -> None:
    text = summary(unstable, history())
    assert "## Unstable: seen once, and not again" in text
    assert "### `batch.stop` (MUST)" in text
    (_, case) = next(iter(JUnitXml.fromstring(junit(unstable, history()))))
    assert case.result[0].message == "unstable: it did not show again"
    assert "unstable: sent a second time" in case.system_out


def test_conclusive_finding_that_did_not_show_again_stands(
    results: Callable[..., Results],
    row: Callable[..., Any],
    finding: Callable[..., Finding],
    history: Callable[..., History],
) -> None:
    text = printed(
        results(row("batch.status", "failed", findings=[finding(reproduction=NOT_AGAIN)])), history()
    )
    assert "unstable" not in text.lower()
    assert "did not show it; what was\n" in text
    assert text.endswith("FAILED: 1 MUST requirement failed (exit 1)\n")


def test_strangers_are_told(
    results: Callable[..., Results], row: Callable[..., Any], history: Callable[..., History]
) -> None:
    described = results(row("batch.id"), strangers=["d1"])
    seen = history()._replace(deliveries=(Delivery(id="d1", received_at=1.0),))
    assert "* Deliveries of webhooks: 1, 1 of them from strangers" in summary(described, seen)
    assert "Deliveries of strangers, recorded and not judged: 1\n" in printed(described, seen)


def test_results_carry_assumption_and_strangers(unstable: Results) -> None:
    plain = msgspec.json.decode(to_json(msgspec.structs.replace(unstable, strangers=["d1"])))
    assert plain["strangers"] == ["d1"]
    assert [item["assumption"] for item in plain["requirements"][1]["findings"]] == [True]
