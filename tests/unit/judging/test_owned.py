"""Invariants about what belongs to one object beside what belongs to others."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, ContractError, load_contract
from batchproof.history import Exchange
from batchproof.judging.judging import weigh

ROW = "document.pages"
ALL_ALIKE = "others.exists(o, o.request == request && size(o.rows) == size(rows))"


@pytest.fixture
def alike(build: ModuleType, tmp_path: Path) -> Contract:
    """The invented vendor's contract with one invariant: some other batch was submitted alike, and lists as many documents."""
    folder: Path = build.copy_of_acme(tmp_path)
    with (folder / "invariants.yaml").open("a", encoding="utf-8") as invariants:
        invariants.write(
            f'- {{requirement: {ROW}, each: owned, on: list_documents, when: size(others) > 0, rule: "{ALL_ALIKE}"}}\n'
        )
    return load_contract(str(folder))


def submitted(build: ModuleType, at: float, name: str, *, inputs: int = 1) -> list[Exchange]:
    """A batch that is created at that second, and looked at when it is done."""
    sent = {"documents": [{"url": "http://files.test/a.pdf"}] * inputs}
    return [
        build.exchange("submit_batch", at, 201, sent=sent, body=build.batch(id=name)),
        build.exchange("get_batch", at + 1, path={"id": name}, body=build.batch("done", id=name)),
    ]


def listed(build: ModuleType, at: float, name: str, *rows: str, **about: Any) -> Exchange:
    body = {"documents": [build.document("done", id=row) for row in rows], "next": None}
    page: Exchange = build.exchange("list_documents", at, query={"batch": name}, body=body, **about)
    return page


def outcome(contract: Contract, *exchanges: Exchange) -> tuple[int, int]:
    evidence = weigh(contract, exchanges)
    return evidence.observations[ROW], sum(finding.count for finding in evidence.findings(ROW))


def test_each_owner_is_held_against_the_others(build: ModuleType, alike: Contract) -> None:
    two = [*submitted(build, 1, "b_1"), *submitted(build, 3, "b_2")]
    assert outcome(alike, *two, listed(build, 9, "b_1", "d_1"), listed(build, 10, "b_2", "d_2")) == (2, 0)
    assert outcome(alike, *two, listed(build, 9, "b_1", "d_1"), listed(build, 10, "b_2", "d_2", "d_3")) == (
        2,
        2,
    )


def test_of_several_traversals_the_last_one_counts(build: ModuleType, alike: Contract) -> None:
    two = [*submitted(build, 1, "b_1"), *submitted(build, 3, "b_2")]
    traversals = [
        listed(build, 9, "b_1", "d_1"),
        listed(build, 10, "b_2"),
        listed(build, 11, "b_2", "d_2", scenario="later"),
    ]
    assert outcome(alike, *two, *traversals) == (2, 0)


def test_what_this_history_did_not_create_is_no_other(build: ModuleType, alike: Contract) -> None:
    found = build.exchange("get_batch", 3, path={"id": "b_2"}, body=build.batch("done", id="b_2"))
    traversals = [
        listed(build, 9, "b_1", "d_1"),
        listed(build, 10, "b_2", "d_2"),
        listed(build, 11, "b_3", "d_3"),
    ]
    assert outcome(alike, *submitted(build, 1, "b_1"), found, *traversals) == (0, 0)


def test_evidence_is_both_lists_and_the_owner(build: ModuleType, alike: Contract) -> None:
    other = submitted(build, 3, "b_2", inputs=2)
    pages = [listed(build, 9, "b_1", "d_1"), listed(build, 10, "b_2", "d_2")]
    evidence = weigh(alike, [*submitted(build, 1, "b_1"), *other, *pages])
    assert [finding.exchanges for finding in evidence.findings(ROW)] == [["x9", "x2", "x10", "x4"]]


def test_a_list_without_owners_is_refused(build: ModuleType, tmp_path: Path) -> None:
    folder = build.copy_of_acme(tmp_path)
    manifest, invariants = folder / "contract.yaml", folder / "invariants.yaml"
    manifest.write_text(manifest.read_text().replace("    owner: {parameter: batch, resource: batch}\n", ""))
    invariants.write_text(
        invariants.read_text().replace(
            "each: traversal\n  on: list_documents", "each: owned\n  on: list_documents"
        )
    )
    with pytest.raises(ContractError) as refused:
        load_contract(str(folder))
    said = "invariants.yaml: list_documents.complete: is about what others own, and list_documents declares no owner"
    assert str(refused.value).endswith(said)
