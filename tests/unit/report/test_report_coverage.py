from pathlib import Path

from batchproof.contract import installed_contracts, load_contract
from batchproof.report.coverage import coverage, coverage_lines
from tools.coverage.__main__ import pages

ROOT = Path(__file__).resolve().parents[3]


def test_generated_files_are_fresh() -> None:
    assert {
        name: "stale; run python -m tools.coverage"
        for name, text in pages().items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text() != text
    } == {}


def test_every_statement_is_tested_or_unsettled_or_has_a_reason() -> None:
    for name in installed_contracts():
        described = coverage(load_contract(name))
        assert (
            described["statements"]
            == described["tested"] + described["unsettled"] + described["not_testable"]
        )
        assert all(described["reasons"].values())
        assert described["statements"] == sum(document["statements"] for document in described["documents"])


def test_text_names_every_untestable_statement() -> None:
    contract = load_contract("talonic/v1")
    text = "\n".join(coverage_lines(contract))
    assert [name for name in coverage(contract)["reasons"] if name not in text] == []
