from collections.abc import Callable

import msgspec
import pytest
from markdown_it import MarkdownIt

from batchproof.history import History, Unmet
from batchproof.judging import Finding, RequirementResult, Results
from batchproof.judging.results import Shown
from batchproof.report.formats import comment
from batchproof.report.formats.comment import LIMIT, marker
from batchproof.report.markup import quiet

TABLE = ("table", "thead", "tbody", "tr", "th", "td")


def test_everything_is_told(mixed: Results, history: Callable[..., History], nobody_known: Unmet) -> None:
    text = comment(mixed, history(unmet=(nobody_known,)))
    assert text.startswith(
        "<!-- batchproof acme/v1 -->\n### acme/v1: FAILED: 1 MUST requirement failed (exit 1)\n"
    )
    assert "| MUST | 1 | 1 | 3 | 1 |" in text
    assert '#### Failed MUST requirements: 1\n\n* **"processed" is not one of the values**\n' in text
    assert "  * asked `GET /batch_runs/bpr_1 → 200 (x1)" in text
    assert "  * source `get-batch`, Response" in text
    assert "#### Warnings (they fail nothing)" in text
    assert "* 2 MUST: a precondition was not met: no batch is known; `give batch_ids`" in text
    assert "#### Unstable" not in text


def test_marker_is_of_the_contract_and_nobody_sees_it() -> None:
    assert marker("extend/2026-02-09") == "<!-- batchproof extend/2026-02-09 -->"
    assert marker("a-->b<script>") == "<!-- batchproof a..b.script. -->"
    assert MarkdownIt().render(marker("a-->b")) == "<!-- batchproof a..b -->"


@pytest.mark.parametrize("text", ["😀", "@", "#", "`", "\x1b", "<", "漢", "|\\"])
@pytest.mark.parametrize("count", [20, 1_000])
def test_comment_is_never_too_long(
    row: Callable[..., RequirementResult],
    finding: Callable[..., Finding],
    results: Callable[..., Results],
    history: Callable[..., History],
    text: str,
    count: int,
) -> None:
    long = text * 10_000
    rows = [
        row(
            f"batch.{number}",
            "failed",
            statement=long,
            findings=[finding(headline=f"{number} {long}", shown=[Shown(text=long)])],
        )
        for number in range(count)
    ]
    open_rows = [row(f"open.{number}", "inconclusive", detail=f"{number} {long}") for number in range(count)]
    described = comment(results(*rows, *open_rows, claim=long, target=long), history())
    assert len(described.encode("utf-16-le")) // 2 <= LIMIT
    assert "more" in described
    assert described.endswith("have the evidence, and the commands that repeat it.\n")


@pytest.mark.parametrize(
    "text",
    ["@team", "see #12", "GH-12", "owner/repo#1", "https://evil.example", "www.evil.example", "a@b.example"],
)
def test_nobody_is_notified_and_nothing_referred_to(text: str) -> None:
    shown = MarkdownIt("commonmark", {"html": True}).renderInline(quiet(text))
    assert text not in shown
    assert shown.replace("<!-- -->", "") == text


def test_hostile_text_is_no_markup(poisoned: Results, poisoned_history: History) -> None:
    tokens = (
        MarkdownIt("commonmark", {"html": True}).enable("table").parse(comment(poisoned, poisoned_history))
    )
    every = [item for token in tokens for item in [token, *(token.children or [])]]
    assert {item.tag for item in every} <= {"", "h3", "h4", "p", "ul", "li", "strong", "code", *TABLE}
    html = {item.content.strip() for item in every if item.type in ("html_block", "html_inline")}
    assert html - {"<!-- -->"} == {"<!-- batchproof acme/v1 -->"}


def test_a_run_that_could_not_look_says_why(mixed: Results, history: Callable[..., History]) -> None:
    text = comment(msgspec.structs.replace(mixed, trouble="it is down"), history())
    assert "#### Why the run saw too little\n\n* the server could not be tested: it is down\n" in text
    assert "Not established" not in text
