"""Texts that would do harm, and what sees that they do none: on a terminal, in a CI runner, in Markdown and in a page."""

import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import unquote

from markdown_it import MarkdownIt

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
DATA = ("history.ndjson", "results.json", "comparison.json", "upgrade.json")


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


def check_markdown(text: str, allowed: set[str]) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    every = [item for token in tokens for item in [token, *(token.children or [])]]
    html = [item.content.strip() for item in every if item.type in ("html_block", "html_inline")]
    assert [item for item in html if not re.fullmatch(r"<!-- (batchproof [\w./-]+ )?-->", item)] == []
    assert [item for item in every if item.type == "image"] == []
    links = {unquote(str(item.attrs["href"])) for item in every if item.type == "link_open"}
    assert links - allowed == set()


def check_page(text: str, allowed: set[str]) -> None:
    page = Markup(text)
    assert (
        page.elements & {"script", "img", "iframe", "object", "embed", "form", "input", "link", "base"}
        == set()
    )
    assert [name for name in page.attributes if name.startswith("on")] == []
    assert {item for item in page.addresses if not item.startswith("#")} <= allowed
