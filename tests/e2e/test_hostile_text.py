"""Text of a hostile server does no harm in any report, on no stream, and in no place where CI systems look."""

import itertools
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest
import xmlschema
from markdown_it import MarkdownIt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchproof.emulator import Server
from batchproof.folders import REPORTS

PUBLISHED = Path(__file__).parents[1] / "published"
TEXTS = {
    "html": "<script>evil(1)</script><img src=x onerror=evil(2)></td></details>--><svg onload=evil(3)>]]>",
    "ansi": "evil \x1b[2J\x1b]0;owned\x07\x1b[31m\x08\x08",
    "c1": "evil \x9b31m\x85\x90q\x9c",
    "right-to-left": "evil \u202egnp.exe\u2066\u200f\u061c\u2028::error::evil",
    "long": "evil" * 2_500,
    "emoji": "evil \U0001f600\U0001f3f4\u200d\u2620\ufe0f",
    "github": "::error::evil",
    "github-in-a-new-line": "evil\n::add-mask::evil\r\n::stop-commands::evil",
    "github-as-it-was": "evil ##[set-output name=a]evil",
    "azure": "##vso[task.complete result=Succeeded;]evil",
    "teamcity": "##teamcity[testFailed name='evil']",
    "gitlab": "section_start:0:evil\r\x1b[0K",
    "attachment": "evil [[ATTACHMENT|/etc/passwd]]",
    "markdown": "[evil](javascript:evil) ![evil](http://evil.example/a.png) @evil-team evil/evil#1 | `evil` ```\n# evil",
    "percent": "evil%0A::error::evil,title=evil::evil",
}
# what a runner obeys: GitHub's at the beginning of a line and, as it was once written, anywhere; and that of others
OURS = re.compile(r"(?m)^::(error|warning|notice) title=[^:,\n]*::.*$")
COMMAND = re.compile(r"(?im)^\s*::|##\[|##vso\[|##teamcity\[")
BIDI = set("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# five thousand of ten thousand characters
LONG = "evil" * 1_250
# what holds whole values, for programs
DATA = ("history.ndjson", "results.json")


def hostile() -> Starlette:
    """A server that says such things wherever it can: in ids, statuses, names of fields, messages and headers."""
    told = list(TEXTS.values())
    rows = [
        {
            "object": "batch_run",
            "id": text,
            "status": text,
            "batchId": text,
            "url": text,
            "createdAt": text,
            text: text,
        }
        for text in told
    ]
    body = {
        **rows[0],
        "object": "list",
        "data": rows,
        "nextPageToken": TEXTS["github"],
        "code": TEXTS["markdown"],
        "message": " ".join(told),
        **{text: text for text in told},
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"content-type": "application/json", "x-evil": TEXTS["azure"], "x-request-id": TEXTS["github"]}

    statuses = itertools.cycle([200, 200, 400])

    async def answer(request: Request) -> Response:
        status = next(statuses)
        if request.path_params["path"].count("/") > 0:
            one = rows[len(request.url.path) % len(rows)]
            return Response(json.dumps(one, ensure_ascii=False).encode(), status, headers)
        return Response(content, status, headers)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "DELETE"])])


class Markup(HTMLParser):
    """The elements, the attributes and the addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {
            value or "" for name, value in attrs if name in ("href", "src", "action", "xlink:href")
        }


def steering(text: str) -> set[str]:
    """The characters that move a cursor, or turn the order of others."""
    controls = {character for character in set(text) if unicodedata.category(character) == "Cc"}
    return (controls - {"\n", "\t"}) | (set(text) & BIDI)


def harm(name: str, text: str) -> list[str]:
    """What is wrong with a file or a stream, whatever its format."""
    wrong = [f"{character!r} in {name}" for character in steering(text)]
    wrong += [f"{found!r} in {name}" for found in COMMAND.findall(OURS.sub("", text))]
    return wrong + ([f"a long text in {name}"] if LONG in text and name not in DATA else [])


def addresses(documents: dict[str, Any]) -> set[str]:
    return {page["url"] for page in documents.values()}


def check_markdown(text: str, allowed: set[str]) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    every = [item for token in tokens for item in [token, *(token.children or [])]]
    html = [item.content.strip() for item in every if item.type in ("html_block", "html_inline")]
    assert [item for item in html if not re.fullmatch(r"<!-- (batchproof [\w./-]+ )?-->", item)] == []
    assert [item for item in every if item.type == "image"] == []
    links = {unquote(str(item.attrs["href"])) for item in every if item.type == "link_open"}
    assert links <= allowed


def check_page(text: str, allowed: set[str]) -> None:
    page = Markup(text)
    assert (
        page.elements & {"script", "img", "iframe", "object", "embed", "form", "input", "link", "base"}
        == set()
    )
    assert [name for name in page.attributes if name.startswith("on")] == []
    assert {item for item in page.addresses if not item.startswith("#")} <= allowed


def check_junit(text: str, rows: int) -> None:
    root = ET.fromstring(text)
    xmlschema.XMLSchema(PUBLISHED / "junit.xsd").validate(text)
    assert len(list(root.iter("testcase"))) == rows
    assert "[[ATTACHMENT|" not in text


def check_json(name: str, text: str) -> None:
    schema = json.loads((PUBLISHED / name).read_text())
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(json.loads(text))


def test_no_text_of_a_server_does_harm_in_any_format(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    summary, config = tmp_path / "step-summary", tmp_path / "quick.toml"
    config.write_text("[limits]\npoll_timeout_s = 0.2\npoll_interval_s = 0.05\n")
    with Server(hostile()) as server:
        done = batchproof(
            *("run", "--target", server.url, "--config", str(config), "--output", "out", "--verbose"),
            *("--profile", "quick", "--max-runs", "20", "--max-requests", "60"),
            BATCHPROOF_TOKEN="tok_4c1d90ab27",
            GITHUB_ACTIONS="true",
            GITHUB_STEP_SUMMARY=str(summary),
        )
        again = batchproof("judge", "out/history.ndjson", GITHUB_ACTIONS="true")
    files = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    shown = {
        **{file.name: file.read_bytes().decode() for file in files},
        "the step's summary": summary.read_text(),
        "the streams": done.out + done.err,
        "the streams of judge": again.out + again.err,
    }
    results = json.loads(shown["results.json"])
    assert (done.code, {*REPORTS, "history.ndjson"} - shown.keys()) == (1, set())
    # they would do harm: what was said is there
    told = (
        "results.json",
        "junit.xml",
        "summary.md",
        "report.html",
        "ctrf.json",
        "comment.md",
        "the streams",
    )
    assert [name for name in told if "evil" not in shown[name]] == []
    assert [wrong for name, text in shown.items() for wrong in harm(name, text)] == []

    allowed = addresses(results["documents"])
    for name in ("summary.md", "comment.md", "the step's summary"):
        check_markdown(shown[name], allowed)
    check_page(shown["report.html"], allowed)
    check_junit(shown["junit.xml"], len(results["requirements"]))
    check_json("ctrf.json", shown["ctrf.json"])
    check_json("shields-endpoint.json", shown["badge.json"])
    assert "evil" not in shown["badge.json"]
    assert "evil" not in "".join(json.loads(shown["test-result.intoto.json"])["predicate"]["failedTests"])

    assert len(shown["comment.md"]) <= 65_536
    assert len(shown["the step's summary"].encode()) <= 1024 * 1024
    kinds = OURS.findall(done.out)
    assert 0 < kinds.count("error") <= 10
    assert kinds.count("warning") <= 10


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_the_reader_of_this_test_sees_harm(text: str) -> None:
    """Each text does something that one of the checks sees, where it is not made harmless."""
    seen = bool(harm("text", text)) or "[[ATTACHMENT|" in text
    for check in (check_markdown, check_page):
        try:
            check(text, set())
        except AssertionError:
            seen = True
    # emoji and percent signs harm nobody by themselves
    assert seen or text in (TEXTS["emoji"], TEXTS["percent"])
