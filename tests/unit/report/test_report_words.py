"""A finding in words: a headline, and what was asked, what came and what the documentation says."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from batchproof.history import Delivery, Exchange, History
from batchproof.judging import Finding, RequirementResult
from batchproof.judging.results import Shown, Shrunken
from batchproof.report.evidence import Narrator
from batchproof.report.words import Words

Make = Callable[..., Any]


@pytest.fixture
def said(row: Make, finding: Make, history: Make) -> Callable[..., Words]:
    def say(seen: History | None = None, **changes: Any) -> Words:
        found: Finding = finding(**changes)
        owner: RequirementResult = row("batch.status", "failed", findings=[found])
        return Narrator(seen or history()).words(owner, found)

    return say


def test_what_was_asked_what_came_and_what_is_documented(said: Callable[..., Words]) -> None:
    words = said(
        headline='batch: status is "processed", which is none of the documented values',
        shown=[Shown(text='"processed" at status')],
    )
    assert words == Words(
        'batch: status is "processed", which is none of the documented values',
        [
            ("asked", "GET /batch_runs/bpr_1 → 200 (x1)"),
            ("came", '"processed" at status'),
            ("says", "The status is one of PENDING, PROCESSED. (MUST batch.status)"),
        ],
    )


def test_the_control_of_a_probe_is_the_request_without_the_change(
    said: Callable[..., Words], exchange: Make, history: Make
) -> None:
    pair = history(exchange("x2", probe="basic"), exchange("x1", control_of=["basic"]))
    words = said(pair, exchanges=["x2", "x1"])
    assert dict(words.lines)["asked"] == (
        "GET /batch_runs/bpr_1 → 200 (x2), then without the change → 200 (x1)"
    )
    turned = said(pair, exchanges=["x1", "x2"])
    assert dict(turned.lines)["asked"] == (
        "GET /batch_runs/bpr_1 → 200 (x1), then with the change → 200 (x2)"
    )


def test_looks_are_told_with_their_times(said: Callable[..., Words]) -> None:
    words = said(
        headline="batch: went back",
        shown=[Shown(text="batch b1 was PROCESSED", exchange="x1"), Shown(text="PROCESSING", exchange="x2")],
        exchanges=["x1", "x2"],
    )
    assert dict(words.lines)["asked"] == ("GET /batch_runs/bpr_1 → 200 (x1), then again → 200 (x2)")
    assert dict(words.lines)["came"] == (
        "batch b1 was PROCESSED at 03:04:05 (x1) and PROCESSING at 03:04:05 (x2)"
    )


def test_a_run_that_began_nobody_knows_when_has_seconds(said: Callable[..., Words], history: Make) -> None:
    seen: History = history()
    seen = seen._replace(header=msgspec.structs.replace(seen.header, started_at="?"))
    words = said(seen, shown=[Shown(text="it was PROCESSED", exchange="x1")])
    assert dict(words.lines)["came"] == "it was PROCESSED in second 0.1 (x1)"


def test_the_smallest_evidence_comes_first_and_the_rest_is_counted(said: Callable[..., Words]) -> None:
    smallest = Shrunken(outcome="reproduced", exchanges=["x2"], detail=None)
    assert dict(said(exchanges=["x1"], reproduction=smallest).lines)["asked"].endswith("(x2)")
    many = said(exchanges=["x1", "x2", "x3", "x4"])
    assert dict(many.lines)["asked"].endswith("(x2), and 2 more")


def test_a_delivery_is_no_request(said: Callable[..., Words], history: Make) -> None:
    seen = history()._replace(deliveries=(Delivery(id="d1", received_at=1.0, method="POST", path="/hook"),))
    assert dict(said(seen, exchanges=["d1"]).lines)["asked"] == "delivery POST /hook (d1)"


def test_without_words_the_message_is_the_headline(said: Callable[..., Words]) -> None:
    words = said(message="it is wrong", exchanges=["x99"])
    assert (words.headline, [label for label, _ in words.lines]) == ("it is wrong", ["says"])


def test_no_line_is_long_and_no_text_steers_anything(
    said: Callable[..., Words], hostile: str, history: Make, exchange: Make
) -> None:
    sent: Exchange = exchange("x1", url=f"http://h/{hostile}")
    shown = [Shown(text=hostile, exchange="x1"), Shown(text=hostile)]
    words = said(history(sent), headline=hostile, shown=shown)
    texts = [words.headline, *(text for _, text in words.lines)]
    assert len(texts) == 4
    assert all(text.isprintable() for text in texts)
    assert max(map(len, texts)) < 1_500
    assert len(words.headline.encode("unicode_escape")) < 161 * 12
