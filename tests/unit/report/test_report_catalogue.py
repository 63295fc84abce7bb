import json
from collections import Counter

import pytest

from batchproof.contract import Contract, installed_contracts, load_contract
from batchproof.report.card import Planted
from batchproof.report.catalogue import UnknownRequirementError, explain, requirement_lines, requirements_json


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract("extend/2026-02-09")


def test_every_requirement_is_listed_in_eighty_columns(contract: Contract) -> None:
    lines = list(requirement_lines(contract))
    named = [line.split()[0] for line in lines if line and not line.startswith(" ")]
    assert named[: len(contract.requirements)] == list(contract.requirements)
    assert max(map(len, lines)) <= 80


def test_the_totals(contract: Contract) -> None:
    lines = list(requirement_lines(contract))
    totals = " ".join(lines[lines.index("") + 1 :])
    levels = [row.level for row in contract.requirements.values()]
    assert totals.startswith(f"{len(levels)} requirements: {levels.count('MUST')} MUST, ")


def test_requirements_as_data(contract: Contract) -> None:
    rows = json.loads(json.dumps(requirements_json(contract)))
    assert [row["id"] for row in rows] == list(contract.requirements)
    status = next(row for row in rows if row["id"] == "batch_run.status.enum")
    assert status["source"]["url"].startswith("https://")
    assert {place["kind"] for place in status["tested_by"]} == {"schema"}


@pytest.mark.parametrize("name", installed_contracts())
def test_every_requirement_says_something_of_its_own(name: str) -> None:
    rows = load_contract(name).requirements.values()
    said = Counter(row.statement for row in rows)
    assert [statement for statement, times in said.items() if times > 1] == []


def test_every_requirement_is_explained(contract: Contract) -> None:
    for identifier, row in contract.requirements.items():
        text = explain(contract, identifier, {})
        assert text.startswith(f"{identifier}\n")
        assert ("\n  * " in text) == (row.untestable_because is None)
        words = [line for line in text.splitlines() if len(line) > 80]
        assert all(" " not in line.strip() for line in words)


def test_invariants_say_which_answers_they_are_about(contract: Contract) -> None:
    for row, described in {
        "json.names": "invariant, in every answer of any operation",
        "error.usage_blocked.status": "invariant, in every error answer of any operation",
        "version.header.accepted": "invariant, in every success answer of list_extract_runs",
    }.items():
        assert described in " ".join(explain(contract, row, {}).split())


def test_a_keyword_is_explained(contract: Contract) -> None:
    faults = {
        "status-lowercase": Planted("batch_run.status.enum", "The status is in small letters."),
        "canary": Planted("canary", "Something else."),
    }
    text = explain(contract, "batch_run.status.enum", faults)
    assert 'schema resources/batch_run.json#/properties/status/else: enum ["PENDING",' in text
    assert "get_batch_run, submit_classify_batch" in " ".join(text.split())
    assert (
        "For example\n"
        '  * passes: "CANCELLED" at /status\n'
        '  * does not pass: "cancelled" at /status\n'
        "\n"
        "Broken in the emulator by a fault\n"
        "  * status-lowercase: The status is in small letters.\n"
    ) in text
    assert "canary" not in text
    assert "(seed 000_" in text


def test_references_are_followed(contract: Contract) -> None:
    text = " ".join(explain(contract, "extract_run.status.enum", {}).split())
    assert 'extract_run_summary.json#/properties/status/else: enum ["PENDING", "PROCESSING",' in text
    text = " ".join(explain(contract, "list_split_runs.body", {}).split())
    assert '"object": {"type": "string", "const": "list"}' in text
    assert '"items": "what split_run says"' in text


def test_no_explanation_ends_at_a_reference() -> None:
    for name in installed_contracts():
        loaded = load_contract(name)
        left = {row for row in loaded.requirements if "$ref" in explain(loaded, row, {})}
        assert left == set()


def test_a_probe_is_explained(contract: Contract) -> None:
    text = " ".join(explain(contract, "submit_extract_batch.inputs.max", {}).split())
    assert (
        "probe too-many-inputs: POST /extract_runs/batch is accepted; "
        'with one change, {"inputs": 1001}, it is refused with 400 or 422'
    ) in text


def test_a_life_cycle_and_its_end_are_explained(contract: Contract) -> None:
    assert "life cycle batch_run: a poller may miss a state" in explain(
        contract, "batch_run.status.order", {}
    )
    assert "nothing follows PROCESSED, FAILED, CANCELLED" in explain(
        contract, "batch_run.status.terminal", {}
    )


def test_interpretations_are_told(contract: Contract) -> None:
    text = explain(contract, "batch_run.status.processed", {})
    assert "interpretation all-ended: All runs have completed, whatever their outcome." in text
    assert "(shows the interpretation" in " ".join(text.split())


def test_what_cannot_be_tested_says_why(contract: Contract) -> None:
    row = next(row for row in contract.requirements.values() if row.untestable_because is not None)
    assert "Cannot be tested from outside:" in explain(contract, row.id, {})


def test_an_unknown_requirement_names_near_ones(contract: Contract) -> None:
    with pytest.raises(UnknownRequirementError) as caught:
        explain(contract, "batch_run.statu.enum", {})
    assert str(caught.value).startswith(
        "extend/2026-02-09 has no requirement 'batch_run.statu.enum'; near: batch_run.status.enum"
    )


def test_an_unknown_requirement_without_near_ones(contract: Contract) -> None:
    with pytest.raises(UnknownRequirementError, match="batchproof requirements lists them"):
        explain(contract, "zzzzzzzz", {})
