"""What the documentation does not settle: the question to the vendor, and where every contradiction is held."""

from collections.abc import Callable

import msgspec
import pytest

from batchproof.contract import installed_contracts, load_contract
from batchproof.contract.model import Document, Source
from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import InterpretationSeen
from batchproof.report.junit import junit
from batchproof.report.markdown import summary
from batchproof.report.unsettled import contradictions, followed, question

GUIDE = Source(document="guide", section="Times")
PAGES = {"guide": Document(title="The Guide", url="https://docs.example/guide")}


@pytest.fixture
def zone(row: Callable[..., RequirementResult]) -> Callable[..., RequirementResult]:
    def make(utc: int, local: int, asked: str | None = None) -> RequirementResult:
        interpretations = [
            InterpretationSeen(interpretation="utc", says="It is UTC.", source=GUIDE, observations=utc),
            InterpretationSeen(interpretation="local", says="It is local.", source=GUIDE, observations=local),
        ]
        return row(
            "batch.zone",
            "inconclusive",
            reason="documentation_contradicts",
            statement="A time has a zone.",
            interpretations=interpretations,
            question=asked,
        )

    return make


def asked(results: Callable[..., Results], row: RequirementResult) -> list[str]:
    return list(question(results(row, documents=PAGES), row))


def test_the_question_holds_sources_and_evidence(
    results: Callable[..., Results], zone: Callable[..., RequirementResult]
) -> None:
    assert asked(results, zone(3, 0)) == [
        "2 places of your documentation (acme/v1) do not agree. They are about this: A time has a zone.",
        "(1) The Guide, Times (https://docs.example/guide), says: It is UTC.",
        "(2) The Guide, Times (https://docs.example/guide), says: It is local.",
        "The answers of the server agreed with (1) 3 times.",
        "Which of the 2 holds?",
    ]


def test_a_server_that_follows_both_or_none(
    results: Callable[..., Results], zone: Callable[..., RequirementResult]
) -> None:
    assert (
        asked(results, zone(1, 2))[3]
        == "The answers of the server agreed with (1) once and with (2) 2 times."
    )
    assert asked(results, zone(0, 0))[3] == "No answer of the server showed us which one it follows."
    assert [followed(zone(1, 2)), followed(zone(0, 0))] == ["utc (1), local (2)", ""]


def test_the_contract_may_word_the_question(
    results: Callable[..., Results], zone: Callable[..., RequirementResult]
) -> None:
    assert asked(results, zone(0, 0, "Is the example right?"))[-1] == "Is the example right?"


def test_the_question_stands_in_the_files(
    results: Callable[..., Results],
    zone: Callable[..., RequirementResult],
    history: Callable[..., History],
) -> None:
    described = results(zone(3, 0), documents=PAGES)
    text = summary(described, history())
    assert "To ask the vendor:\n\n```text\n2 places of your documentation (acme/v1) do not agree." in text
    assert "\nWhich of the 2 holds?\n```\n" in text
    assert b"Which of the 2 holds?" in junit(described, history())
    (held,) = contradictions(described)
    assert msgspec.to_builtins(held)["interpretations"][0]["source"] == {
        "document": "guide",
        "section": "Times",
        "seed": None,
    }


@pytest.mark.parametrize("name", installed_contracts())
def test_every_contradiction_is_held_by_a_row_or_says_why_not(name: str) -> None:
    contract = load_contract(name)
    listed = {row for item in contract.contradictions for row in item.rows}
    held = {row.id for row in contract.requirements.values() if row.interpretations}
    assert held - listed == set()
    assert all(item.rows or item.untouched for item in contract.contradictions)


@pytest.mark.parametrize("name", installed_contracts())
def test_every_reading_cites_a_page(name: str) -> None:
    contract = load_contract(name)
    for row in contract.requirements.values():
        assert len(row.interpretations) != 1, row.id
        assert {item.source.document for item in row.interpretations.values()} <= set(
            contract.manifest.documents
        )
        assert len({item.says for item in row.interpretations.values()}) == len(row.interpretations)
