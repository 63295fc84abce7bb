"""Reasons for survivors: how they are read, and which mutants they cover."""

from pathlib import Path

import pytest

from batchproof.contract import ContractError, load_contract
from batchproof.contract.model import Source
from batchproof.contract.yamlfile import read_yaml
from tools.evidence.mutants import Judged, Key
from tools.evidence.openings import Opening, checked, forbidden, needless, without_reason

CONTRACT = "talonic/v1"
KEY = Key(CONTRACT, "get_batch", "detail", "completed", "/links/self", "neighbour", "once")


def opening(**changes):
    given = {
        "operations": ["get_*"],
        "properties": ["/links/*"],
        "operators": ["neighbour"],
        "reason": "The page does not say where the address leads.",
        "source": Source(document="get-batch", section="Response"),
    }
    return Opening(**(given | changes))


def judged(fate, **changes):
    return Judged(KEY._replace(**changes), fate, True, None)


def test_patterns_cover_a_mutant():
    assert opening().covers(KEY)
    assert not opening(operators=["null"]).covers(KEY)
    assert not opening(states=("failed",)).covers(KEY)


def test_survivor_without_a_reason_is_named():
    survivors = [judged("survived"), judged("survived", operator="null"), judged("killed", operator="type")]
    assert without_reason(survivors, [opening()]) == [survivors[1]]


def test_reason_for_no_survivor_is_needless():
    assert needless([judged("killed")], [opening()]) == [opening()]
    assert needless([judged("survived")], [opening()]) == []


def test_what_is_only_warned_of_may_have_a_reason():
    assert needless([judged("warned")], [opening()]) == []


def test_share_is_that_of_what_neither_shape_nor_reason_allows():
    killed = judged("killed", operator="type")
    items = [
        killed,
        judged("warned"),
        judged("allowed"),
        judged("survived", operator="null"),
        judged("survived"),
    ]
    assert forbidden(items, [opening()]) == [killed, items[3]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"operators": []}, "[0].operators: is empty"),
        ({"source": Source(document="nowhere", section="x")}, "'nowhere' is none of the documents"),
        ({"reason": "because"}, "[0].reason: is no sentence"),
    ],
)
def test_opening_that_says_nothing_is_refused(changes, message):
    with pytest.raises(ContractError) as caught:
        checked(Path("open.yaml"), [opening(**changes)], load_contract(CONTRACT))
    assert message in str(caught.value)


def test_unknown_key_is_named(tmp_path):
    file = tmp_path / "open.yaml"
    file.write_text("- {operations: [a], properties: [b], operators: [c], why: d}\n")
    with pytest.raises(ContractError, match="why"):
        read_yaml(file, list[Opening])
