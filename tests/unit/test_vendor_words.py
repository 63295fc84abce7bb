"""Knowledge is data: outside the emulators, the code names no vendor."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from batchproof.contract import installed_contracts

SOURCE = Path(__file__).parents[2] / "src" / "batchproof"
VENDORS = sorted({name.partition("/")[0] for name in installed_contracts()})
# English, or Python: the method of a list
ALLOWED = re.compile(r"\.extend\(|\bextend(s|ed|ing)?\b(?![./_-])")


def named(text: str) -> Iterator[str]:
    """The lines of a text that name a vendor."""
    for line in text.splitlines():
        rest = ALLOWED.sub("", line).lower()
        if any(vendor in rest for vendor in VENDORS):
            yield line.strip()


def test_no_module_names_a_vendor() -> None:
    found = {
        str(file.relative_to(SOURCE)): lines
        for file in sorted(SOURCE.rglob("*.py"))
        if "emulator" not in file.relative_to(SOURCE).parts
        for lines in [list(named(file.read_text(encoding="utf-8")))]
        if lines
    }
    assert found == {}


def test_no_module_has_the_name_of_a_vendor() -> None:
    names = [file.relative_to(SOURCE) for file in SOURCE.rglob("*.py")]
    assert [
        str(name)
        for name in names
        if name.parts[0] != "emulator" and any(vendor in str(name) for vendor in VENDORS)
    ] == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("found.extend(more)", False),
        ("Extended by a second.", True),  # a capital may begin a name
        ("this is extended to lists", False),
        ('if contract.id == "extend/2026-02-09":', True),
        ('"https://docs.extend.ai"', True),
        ("x-extend-api-version", True),
        ("the Extend API", True),
        ("talonic", True),
    ],
)
def test_what_counts_as_a_name(line: str, *, is_found: bool) -> None:
    assert bool(list(named(line))) == is_found
