"""Markdown (GitHub's dialect) that shows text as it is, whatever the text holds."""

import json
import re
from urllib.parse import quote

from batchproof.history.inert import inert
from batchproof.json_values import Json
from batchproof.report.printable import visible

# an underscore between letters is no emphasis, and identifiers are full of them
_SPECIAL = re.compile(r"([\\`*\[\]<>|~&#@!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_LONGEST_TEXT = 300
_TICKS = re.compile(r"`+")
# what GitHub turns into a link, a reference or a message to somebody after the markup has been read
_REFERENCE = re.compile(r"(@|#|:(?=//)|\bwww(?=\.)|\bGH(?=-[0-9]))", re.IGNORECASE)


def plain(text: str) -> str:
    """``text`` as running text: nothing in it is markup."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def quiet(text: str) -> str:
    """``text`` as running text that notifies nobody and refers to nothing, for a place where GitHub acts on such things."""
    return _REFERENCE.sub(r"\1<!-- -->", plain(text))


def code(text: str) -> str:
    """``text`` in code style, within a line."""
    text = visible(text)
    fence = "`" * (_longest_run(text) + 1)
    padding = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) or not text else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cell(text: str) -> str:
    """``text`` in code style, within a table, where a pipe ends the cell even in code."""
    return code(text).replace("|", "\\|")


def block(text: str, language: str) -> str:
    """``text`` as a code block; its line ends are kept."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def json_block(value: Json) -> str:
    """``value`` as a code block of JSON: nothing in it steers or is a command, and long texts in it are cut."""
    return block(inert(json.dumps(_shortened(value), indent=2, ensure_ascii=False)), "json")


def _shortened(value: Json) -> Json:
    if isinstance(value, str):
        return (
            value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}… ({len(value):,} characters)"
        )
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if isinstance(value, dict):
        return {_shortened(name): _shortened(item) for name, item in value.items()}
    return value


def link(title: str, url: str) -> str:
    """A link, if ``url`` is a web address; otherwise the title alone."""
    if not web_address(url):
        return plain(title)
    address = quote(url.encode("utf-8", "backslashreplace"), safe=":/?#[]@!$&'*+,;=%~-._")
    return f"[{plain(title)}](<{address}>)"


def web_address(url: str) -> str:
    """``url`` if it leads into the web, otherwise nothing: a link may do nothing else."""
    return url if url.startswith(("https://", "http://")) else ""


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
