"""`docs/seeds.md` names, for every sentence of the five founding pages, the requirements that carry it, and misses none."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.contract.model import Requirement

DOCUMENT = Path(__file__).parents[2] / "docs" / "seeds.md"
CONTRACTS = {
    "000_9c51295a78a47ac4.txt": "extend/2026-02-09",
    "001_ed958cdd195e032b.txt": "extend/2025-04-21",
    "002_ce2118101a999fec.txt": "talonic/v1",
    "003_292fa8d45cc1c682.txt": "extend/2026-02-09",
    "004_6076f1fb0ef0c35c.txt": "extend/2026-02-09",
}

SECTION = re.compile(
    r"^### `(?P<seed>[^`]+)`\n\nContract `(?P<contract>[^`]+)`, page \*(?P<title>[^*]+)\*\.\n(?P<table>(?:(?!^### ).*\n)*)",
    re.MULTILINE,
)
LINE = re.compile(r"^\|(?P<where>[^|]*)\|(?P<says>[^|]*)\|(?P<requirements>[^|]*)\|$")
NAMED = re.compile(r"`[a-z0-9_.]+`(?:, `[a-z0-9_.]+`)*")
NONE = re.compile(r"none: \S+ \S+ \S+")


class Section(NamedTuple):
    """The part of the document about one page."""

    contract: str
    title: str
    lines: list[str]
    cells: list[str]

    @property
    def ids(self) -> set[str]:
        return {name for cell in self.cells for name in re.findall(r"`([^`]+)`", cell)}


def read_sections() -> dict[str, Section]:
    sections = {}
    for found in SECTION.finditer(DOCUMENT.read_text("utf-8")):
        _header, _rule, *lines = found["table"].split("\n\n")[0].strip().splitlines()
        cells = [line["requirements"].strip() for line in map(LINE.match, lines) if line]
        sections[found["seed"]] = Section(found["contract"], found["title"], lines, cells)
    return sections


@pytest.fixture(scope="module")
def sections() -> dict[str, Section]:
    return read_sections()


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return {name: load_contract(name) for name in set(CONTRACTS.values())}


def rests_on(row: Requirement, seed: str) -> bool:
    return seed in {
        row.source.seed,
        *(interpretation.source.seed for interpretation in row.interpretations.values()),
    }


def test_every_seed_has_a_section(sections: dict[str, Section]) -> None:
    assert {seed: section.contract for seed, section in sections.items()} == CONTRACTS


def test_contracts_name_no_other_seed(contracts: dict[str, Contract]) -> None:
    named = {
        (source.seed, name)
        for name, contract in contracts.items()
        for row in contract.requirements.values()
        for source in (
            row.source,
            *(interpretation.source for interpretation in row.interpretations.values()),
        )
        if source.seed
    }
    assert named == set(CONTRACTS.items())


@pytest.mark.parametrize("seed", CONTRACTS)
def test_title_is_that_of_the_page(
    seed: str, sections: dict[str, Section], contracts: dict[str, Contract]
) -> None:
    contract = contracts[CONTRACTS[seed]]
    pages = {row.source.document for row in contract.requirements.values() if row.source.seed == seed}
    assert {contract.manifest.documents[page].title for page in pages} == {sections[seed].title}


@pytest.mark.parametrize("seed", CONTRACTS)
def test_every_line_names_requirements_or_says_in_three_words_why_not(
    seed: str, sections: dict[str, Section]
) -> None:
    lines, cells = sections[seed].lines, sections[seed].cells
    assert len(lines) == len(cells) > 0
    assert [cell for cell in cells if not (NAMED.fullmatch(cell) or NONE.fullmatch(cell))] == []


@pytest.mark.parametrize("seed", CONTRACTS)
def test_every_id_is_one_of_the_contract(
    seed: str, sections: dict[str, Section], contracts: dict[str, Contract]
) -> None:
    known = {row.id for row in contracts[CONTRACTS[seed]].requirements.values()}
    assert sorted(sections[seed].ids - known) == []


@pytest.mark.parametrize("seed", CONTRACTS)
def test_every_requirement_of_the_page_is_named(
    seed: str, sections: dict[str, Section], contracts: dict[str, Contract]
) -> None:
    resting = {row.id for row in contracts[CONTRACTS[seed]].requirements.values() if rests_on(row, seed)}
    assert sorted(resting - sections[seed].ids) == []
