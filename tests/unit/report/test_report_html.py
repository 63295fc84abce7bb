"""``report.html``: its structure, that it asks for nothing, and that nothing in it does harm."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.history import Delivery, Exchange, History
from batchproof.judging import Finding, RequirementResult, Results, judge
from batchproof.judging.results import BROKEN_INVARIANT, Shown, Shrunken
from batchproof.report.html import html_report

VOID = {"meta", "line", "rect", "path"}
APART = {"dt", "dd", "p", "li", "h1", "h2", "h3", "h4", "summary", "title", "code"}
SECTIONS = [
    "Claim",
    "Findings",
    "What was not established, and what would establish it",
    "Requirements by operation and aspect",
    "Life cycles",
    "What the documentation does not settle",
    "Breadth, cost and pace",
    "Configuration, versions, hashes, and how to reproduce",
]
# C0 but for the line end, C1, and what turns or breaks a line
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
COMMAND = re.compile(r"(?im)^\s*::|##\[|##vso\[|##teamcity\[")
INVARIANT = f"{BROKEN_INVARIANT}: size(a) <= 2"
COMMANDS = ["::error::boom", "##vso[task.complete result=Succeeded;]", "a\n::set-output name=a::b", "##[x"]


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str | None]


class Tree(HTMLParser):
    """The elements of a page in order, and its headings. An element that is not closed in order is an error."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.headings: list[tuple[int, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), tag
        self.elements.append(Element(tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self.text += " " if tag in APART else ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if any(re.fullmatch("h[1-6]", tag) for tag in self._open):
            level, described = self.headings[-1]
            self.headings[-1] = (level, described + data)

    def values(self, name: str) -> list[str]:
        return [item.attributes[name] or "" for item in self.elements if name in item.attributes]


@pytest.fixture
def failing(acme: Contract, build: Any) -> tuple[Results, History]:
    """A batch that went back to work, a status that nobody knows, and a read that was refused."""
    history = build.history(
        [
            build.exchange("submit_batch", 0, 201, sent={"documents": [{}]}, body=build.batch("queued")),
            build.exchange("get_batch", 1, body=build.batch("done")),
            build.exchange("get_batch", 2, body=build.batch("running")),
            build.exchange("get_batch", 3, body=build.batch("lost")),
            build.exchange("get_batch", 4, 404, body={"error": "gone"}),
        ]
    )
    return judge(acme, history), history


@pytest.fixture
def page(acme: Contract, failing: tuple[Results, History]) -> str:
    return html_report(acme, *failing)


def test_sections_are_in_order_and_no_level_is_left_out(page: str) -> None:
    headings = Tree(page).headings
    assert [described for level, described in headings if level == 2] == SECTIONS
    levels = [level for level, _ in headings]
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_all_sections_stand_in_a_report_of_nothing(acme: Contract, build: Any) -> None:
    history = build.history()
    page = html_report(acme, judge(acme, history), history)
    assert [described for level, described in Tree(page).headings if level == 2] == SECTIONS
    assert "Nothing that was seen contradicts the documentation." in page


def test_what_the_profile_leaves_out_has_the_option_that_brings_it(acme: Contract, build: Any) -> None:
    history = build.history(profile="quick")
    page = html_report(acme, judge(acme, history), history)
    left = page.partition("What does not apply")[2].partition("</section>")[0]
    assert "the profile leaves them out" in left
    assert "What would establish them: <code>--profile core</code>" in left
    assert "--profile quick" not in left


def test_contradictions_are_told_where_they_are_missed(acme: Contract, build: Any) -> None:
    history = build.history()
    page = html_report(acme, judge(acme, history), history)
    described = page.partition('<h2 id="open">')[2].partition("</section>")[0]
    assert re.search(r"On \d points? the documentation contradicts itself", described) is not None


def test_each_answer_that_is_wrong_by_itself_is_marked(acme: Contract, build: Any) -> None:
    history = build.history([build.exchange("get_batch", at, body=build.batch("DONE")) for at in (0, 1)])
    page = html_report(acme, judge(acme, history), history)
    assert re.findall(r'class="red" x="[\d.]+" y="14">([^<]*)', page) == ["✗ 1", "✗ 2"]


def test_the_expression_of_a_rule_is_folded_away(acme: Contract, build: Any) -> None:
    look = build.exchange(
        "list_documents", 0, query={"size": "1"}, body={"documents": [build.document(), build.document()]}
    )
    history = build.history([look])
    page = html_report(acme, judge(acme, history), history)
    card = page.partition('<article class="card failed"')[2].partition("</article>")[0]
    seen = re.sub(r"<details>.*?</details>", "", card, flags=re.DOTALL)
    assert ("size(response.documents)" in card, "size(response.documents)" in seen) == (True, False)


def test_every_id_is_there_once_and_every_reference_leads_to_one(page: str) -> None:
    tree = Tree(page)
    ids = tree.values("id")
    assert len(ids) == len(set(ids))
    inside = [link[1:] for link in tree.values("href") if link.startswith("#")]
    named = [*inside, *tree.values("aria-labelledby"), *re.findall(r"url\(#([^)]*)\)", page)]
    assert set(named) <= set(ids)
    assert {"findings", "open", "requirements", "life-cycles", "unsettled", "breadth"} <= set(inside)


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    tree = Tree(page)
    tags = {item.tag for item in tree.elements}
    assert tags.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "form", "input", "base", "image"}
    )
    assert [name for item in tree.elements for name in item.attributes if name.startswith("on")] == []
    assert (tree.values("src"), tree.values("style")) == ([], [])
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= {"#head-seen", "#head-unseen", "#head-illegal"}
    assert "@import" not in page
    # what the browser may do if something gets through all the same
    assert "default-src 'none'; style-src 'unsafe-inline'" in tree.values("content")
    outside = {link for link in tree.values("href") if not link.startswith("#")}
    assert outside == {"https://papers.example/guide", "https://papers.example/reference"}


def test_light_and_dark_and_print(page: str) -> None:
    for rule in (
        "color-scheme: light dark",
        "@media screen and (prefers-color-scheme: dark)",
        "@media print",
    ):
        assert rule in page


def test_the_same_history_gives_the_same_page(acme: Contract, failing: tuple[Results, History]) -> None:
    assert html_report(acme, *failing) == html_report(acme, *failing)


def test_a_finding_shows_what_it_rests_on(page: str) -> None:
    text = " ".join(Tree(page).text.split())
    for described in (
        '✗ Failed: batch: went back from "done", which is an end, to "running"',
        "Nothing follows done or failed. (Guide, Life of a batch)",
        'Expected one of done Observed batch b_1 was "done" at 00:00:01 (x1) and "running" at 00:00:02 (x2)',
        "batch b_1: done, then running",
        "Where /status Blame server",
        "To make sure Its requests were not sent a second time. It was seen once.",
        "GET / → 200 x1, 00:00:01.000",
        "curl -i",
    ):
        assert described in text


@pytest.mark.parametrize(
    ("changes", "observed"),
    [
        ({"shown": [Shown(text="true at paid; documented: false")]}, "true at paid"),
        ({"shown": [Shown(text='"; documented: x" at name; documented: a')]}, '"; documented: x" at name'),
        ({"shown": [Shown(text="documented: a signature")]}, '"seen"'),
        ({"message": INVARIANT, "headline": "list: a has 3 elements, more than 2"},
         "a has 3 elements, more than 2"),
        ({"message": INVARIANT, "headline": "batch: a is 3", "shown": [Shown(text="it has the id b_1")]},
         "a is 3; it has the id b_1"),
        ({"message": INVARIANT, "headline": "batch: a changed from 2 to 3",
          "shown": [Shown(text="a was 2", exchange="x1"), Shown(text="3", exchange="x9")]},
         "a was 2 at 03:04:05 (x1) and 3"),
    ],
)  # fmt: skip
def test_what_was_observed_stands_there_once_and_in_words(
    acme: Contract, results: Callable, row: Callable, finding: Callable, exchange: Callable, history: Callable,
    changes: dict[str, Any], observed: str,
) -> None:  # fmt: skip
    found = finding(**{"observed": "seen", "expected": "what is documented", **changes})
    page = html_report(acme, results(row("a", "failed", findings=[found])), history(exchange("x1")))
    assert f"Observed {observed} " in " ".join(Tree(page).text.split())


def test_a_finding_that_was_sent_again_has_its_script(
    acme: Contract, results: Callable, row: Callable, finding: Callable, history: Callable
) -> None:
    again = finding(reproduction=Shrunken(outcome="reproduced", exchanges=["x1"], detail=None), count=3)
    page = html_report(acme, results(row("batch.status", "failed", findings=[again])), history())
    text = " ".join(Tree(page).text.split())
    assert "batchproof replay replays/0011223344556677.json" in text
    assert "It shows with 1 request alone, sent a second time. It was seen 3 times." in text


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("embedded emulator", "does the embedded emulator keep it?"),
        ("http://a.test", "does http://a.test keep it?"),
    ],
)
def test_the_first_heading_asks_the_question(
    acme: Contract, results: Callable, history: Callable, target: str, asked: str
) -> None:
    page = html_report(acme, results(target=target), history())
    assert Tree(page).headings[0] == (1, f"acme/v1: {asked}")


def test_a_control_is_told(
    acme: Contract, exchange: Callable, results: Callable, row: Callable, finding: Callable, history: Callable
) -> None:
    pair = history(exchange("x1", control_of=["no-name"]), exchange("x2", probe="no-name"))
    page = html_report(acme, results(row("a", "failed", findings=[finding(exchanges=["x1", "x2"])])), pair)
    described = "Control: the same request without the change was answered with 200 (x1)."
    assert described in page


def test_mixed_verdicts_stand_where_they_belong(
    acme: Contract, mixed: Results, history: Callable, nobody_known: Any
) -> None:
    text = " ".join(Tree(html_report(acme, mixed, history(unmet=(nobody_known,)))).text.split())
    for described in (
        "MUST requirements that failed: 1",
        "Warnings, which fail nothing: 1",
        "! Warning:",
        "? inconclusive 2 MUST: a precondition was not met: no batch is known",
        "What would establish them: give batch_ids",
        "not applicable: 1 requirement; nothing outside the server can show them",
        "batch.zone : The status is one of PENDING, PROCESSED. This server follows: utc (3)",
        "2 places of your documentation (acme/v1) do not agree.",
        "Token $BATCHPROOF_TOKEN (its value is in no report)",
        "batchproof run --contract acme/v1 --target http://127.0.0.1:8000 --profile core --seed 0",
    ):
        assert described in text


def test_hostile_text_does_no_harm(acme: Contract, poisoned: Results, poisoned_history: History) -> None:
    page = html_report(acme, poisoned, poisoned_history)
    tree = Tree(page)
    assert {item.tag for item in tree.elements}.isdisjoint({"script", "failure"})
    assert (STEERING.findall(page), COMMAND.findall(page)) == ([], [])
    assert [described for level, described in tree.headings if level == 2] == SECTIONS
    page.encode("utf-8")
    assert len(page) < 400_000


@pytest.mark.parametrize("hostile", COMMANDS, indirect=True)
def test_no_line_begins_a_command_of_ci(acme: Contract, poisoned: Results, poisoned_history: History) -> None:
    page = html_report(acme, poisoned, poisoned_history)
    assert (STEERING.findall(page), COMMAND.findall(page)) == ([], [])


HOSTILE_ANSWER = "<img src=x onerror=alert(1)>\x1b[31m\x9b2J\u202e" + "x" * 10_000 + "\U0001f4a5"


def test_hostile_answers_and_deliveries_do_no_harm(acme: Contract, build: Any) -> None:
    """Ids, statuses and bodies of a server that looks like one of the contract."""
    evil = [
        build.exchange("get_batch", at, body=build.batch("done" if at else HOSTILE_ANSWER, id=HOSTILE_ANSWER))
        for at in range(3)
    ]
    history = build.history([*evil, build.exchange("get_batch", 4, text=HOSTILE_ANSWER)])
    delivery = Delivery(id="d1", received_at=1.0, headers={"a": HOSTILE_ANSWER}, text=HOSTILE_ANSWER)
    history = history._replace(deliveries=(delivery,))
    results = judge(acme, history)
    finding = Finding(
        fingerprint="00", blame="server", message="m", pointer="", expected="e", observed="o",
        exchanges=[*(item.id for item in history.exchanges), "d1"], count=1,
    )  # fmt: skip
    rows = [msgspec.structs.replace(results.requirements[0], verdict="failed", findings=[finding])]
    rows += results.requirements[1:]
    page = html_report(acme, msgspec.structs.replace(results, requirements=rows), history)
    tree = Tree(page)
    assert ("img" in {item.tag for item in tree.elements}, "onerror" in tree.text) == (False, True)
    assert (STEERING.findall(page), COMMAND.findall(page)) == ([], [])
    assert page.count("x" * 2_000) == 0


def test_the_page_stays_small(
    acme: Contract, row: Callable[..., RequirementResult], finding: Callable[..., Finding], results: Callable,
    history: Callable, exchange: Callable[..., Exchange],
) -> None:  # fmt: skip
    """900 rows that all fail, with long evidence in a history of 10,000 exchanges."""
    body = {"rows": [{"name": "a <name> & more", "n": number} for number in range(200)]}
    sent = [exchange(f"x{n}", body=body, url="http://h/" + "<a>" * 300) for n in range(10_000)]
    rows = [
        row(
            f"batch.row.{number}",
            "failed",
            statement="A statement of some length that says what the documentation says of one thing. " * 2,
            findings=[
                finding(
                    message="<m>" * 200,
                    expected="<e>" * 200,
                    observed="<o>" * 200,
                    fingerprint=f"{number:016}",
                    exchanges=[f"x{number * 5 + place}" for place in range(5)],
                )
            ],
        )
        for number in range(900)
    ]
    page = html_report(acme, results(*rows), history(*sent))
    assert page.count("<article") == 900
    assert page.count("What was sent and what came") == 40
    assert len(page.encode()) < 3_000_000
