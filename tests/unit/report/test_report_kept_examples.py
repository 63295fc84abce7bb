"""The examples beside a contract: one for every row whose rule looks at several answers, in words that people read."""

import re
from pathlib import Path

import pytest

from batchproof.contract import ContractError, installed_contracts, load_contract
from batchproof.report.explanation import explain
from batchproof.report.instances import declared, documented, instances
from batchproof.report.kept_examples import FILE, kept_examples
from batchproof.report.pair import Instances

# rows that can be tested and have no pair of examples on their card: none, of any contract
WITHOUT: dict[str, list[str]] = {"extend/2025-04-21": [], "extend/2026-02-09": [], "talonic/v1": []}
# what stands in expressions, ids without a meaning, ports, and places of a machine
UNREADABLE = re.compile(
    r"&&|\|\||\bhas\(|\bsize\(|\.all\(|[A-Za-z0-9_-]{40,}|127\.0\.0\.1|localhost|/tmp/|/home/|\binput-[0-9a-f]{6}-"
)
LONGEST = 3 * 76


@pytest.mark.parametrize("name", WITHOUT)
def test_every_row_that_can_be_tested_has_a_pair(name: str) -> None:
    contract = load_contract(name)
    kept = kept_examples(contract.folder)
    tested = {
        row.id: row
        for row in contract.requirements.values()
        if not row.untestable_because and not row.interpretations
    }
    several = {name for name, row in tested.items() if documented(contract, row) is None}
    # an example of a row that is gone, or needs none any more, is stale
    assert set(kept) - several == set()
    without = {name for name in several - set(kept) if declared(contract, tested[name]) is None}
    assert sorted(without) == WITHOUT[name]


def test_every_contract_is_counted() -> None:
    assert sorted(WITHOUT) == installed_contracts()


@pytest.mark.parametrize("name", WITHOUT)
def test_the_examples_are_readable(name: str) -> None:
    kept = kept_examples(load_contract(name).folder)
    said = {text for item in kept.values() for text in item}
    assert {text for text in said if UNREADABLE.search(text) or not text.isprintable()} == set()
    assert {text for text in said if len(text) > LONGEST} == set()
    assert [row for row, item in kept.items() if item.passes == item.fails] == []


def test_the_files_are_small() -> None:
    sizes = [(load_contract(name).folder / FILE).stat().st_size for name in WITHOUT]
    assert sum(sizes) < 300_000


def test_a_card_shows_what_is_kept() -> None:
    contract = load_contract("extend/2026-02-09")
    row = contract.requirements["list_parse_runs.distinct"]
    assert instances(contract, row) == Instances(
        "list_parse_runs: id pr_1, pr_2: each stands there once",
        "list_parse_runs: id pr_1 stands there more than once",
        "GET /parse_runs with batchId=bpar_1 and maxPageSize=2",
    )
    lines = explain(contract, row.id, {}).splitlines()
    start = lines.index("For example")
    assert lines[start + 1 : start + 4] == [
        "  * asked: GET /parse_runs with batchId=bpar_1 and maxPageSize=2",
        "  * passes: list_parse_runs: id pr_1, pr_2: each stands there once",
        "  * does not pass: list_parse_runs: id pr_1 stands there more than once",
    ]


def test_a_contract_need_not_have_any(tmp_path: Path) -> None:
    assert kept_examples(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "Input data was truncated"),
        (
            '{"format": "batchproof-card-examples/1", "examples": {"a": {"passes": "x"}}}',
            "missing required field `fails`",
        ),
        ('{"format": "other", "examples": {}}', "Invalid enum value"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, wrong: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ContractError) as raised:
        kept_examples(tmp_path)
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"{tmp_path / FILE}: ")
    assert wrong in line
    assert line.endswith("correct it, remove it, or make it anew with python -m tools.card_examples")
