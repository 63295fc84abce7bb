"""The words of the glossary are used: no old one is left in code, data or documentation."""

import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# these name what earlier versions wrote
ABOUT_OLD_NAMES = {
    "CHANGELOG.md",
    "docs/glossary.md",
    "src/batchproof/contract/first_names.py",
    "src/batchproof/older_names.py",
    "tests/unit/test_older_names.py",
    "tests/unit/test_words.py",
}
# recorded by earlier versions, or by others
RECORDED = re.compile(
    r"\.ndjson$|^reports/sample/|^tests/(interop|published)/|^tests/golden/instances/|^docs/seeds\.md$"
)
FOLDERS = ("src", "tests", "tools", "benchmarks", "schemas", "docs", "reports", "ci", ".github")
EVERYWHERE = frozenset(
    [
        "law",
        "laws",
        "sighting",
        "sightings",
        "ledger",
        "ledgers",
        "twin",
        "twins",
        "discriminate",
        "discrimination",
        "haste",
        "travels",
        "traveller",
    ]
)
# plain English elsewhere; nobody gives these names to things
IDENTIFIERS = frozenset(
    ["remembered", "told", "tells", "walk", "walks", "walked", "readings", "course", "courses"]
)
NAMES_OF_FILES = IDENTIFIERS | EVERYWHERE | {"gone", "apart", "pairs"}
# ids never change, and these are of documented statements; of the others, each is what it says in plain English
ALLOWED = re.compile(
    r"list_batches\.walk\.(once|whole)|[Rr]andom[ _-]?[Ww]alks?|travels? with|\b(os|ast)\.walk\b|twin of the document"
    r"|echoes[-_]all[-_]it[-_]is[-_]told"
)
# of pairs of a name and its value
FILES_ALLOWED = {"src/batchproof/history/pairs.py", "tests/unit/history/test_pairs.py"}
_MOST_WORDS = 3
SEGMENT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def segments(text: str) -> set[str]:
    """The words of which identifiers and texts are made up."""
    return {segment.lower() for segment in SEGMENT.findall(text)}


def tracked() -> list[str]:
    """The files of the project that people write, or programs for them."""
    listed = subprocess.run(
        ["git", "ls-files", *FOLDERS, "*.md", "*.toml", "*.yml", "*.ini"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = set(listed.stdout.split("\n")) - {""} - ABOUT_OLD_NAMES
    return sorted(name for name in names if not RECORDED.search(name) and (ROOT / name).is_file())


def identifiers(text: str) -> Iterator[str]:
    """The names in a Python file. Tests, and what breaks a server, are named by sentences in plain English."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and len(SEGMENT.findall(token.string)) <= _MOST_WORDS:
            yield token.string


def old(name: str, text: str) -> set[str]:
    """The old words in one file."""
    text = ALLOWED.sub("_", text)
    found = segments(text) & EVERYWHERE
    if name.endswith(".py"):
        for identifier in identifiers(text):
            found |= segments(identifier) & IDENTIFIERS
    return found


def test_no_old_word_is_left() -> None:
    found = {}
    for name in tracked():
        try:
            words = old(name, (ROOT / name).read_text("utf-8"))
        except UnicodeDecodeError:
            continue
        if words:
            found[name] = sorted(words)
    assert found == {}


def test_no_file_has_an_old_word_in_its_name() -> None:
    assert [
        name
        for name in tracked()
        if name not in FILES_ALLOWED and segments(ALLOWED.sub("", Path(name).name)) & NAMES_OF_FILES
    ] == []


def test_kinds_and_keys_of_contracts_are_new() -> None:
    key = re.compile(
        r"\beach: (sighting|walk|twin|pair)\b|^\s*(- \{)?(readings?|twin):|, (readings?|twin):", re.MULTILINE
    )
    assert {
        name: found[0]
        for name in tracked()
        if name.endswith(".yaml") and (found := list(key.finditer((ROOT / name).read_text("utf-8"))))
    } == {}


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", "broken_laws = 1", {"laws"}),
        ("a.py", "CompiledLaw()", {"law"}),
        ("a.py", "# a lawn", set()),
        ("a.py", "# it was told so", set()),
        ("a.py", "told = 1", {"told"}),
        ("a.py", "random_walk = 1", set()),
        ("a.md", "a walk to list_batches.walk.once", set()),
        ("a.md", "beside their twins", {"twins"}),
    ],
)
def test_what_counts_as_an_old_word(name: str, text: str, found: set[str]) -> None:
    assert old(name, text) == found
