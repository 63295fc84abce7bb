"""What a second author wrote from the documentation alone: breaches are caught by a MUST, oddities are left alone.

Each run drives the whole suite. Without ``--proof whole`` only those are run that stand for a kind of evidence.
"""

from pathlib import Path

import pytest
import yaml
from trial import MODULES, alterations, tried

OPEN = yaml.safe_load((Path(__file__).parent / "open.yaml").read_text("utf-8"))
KINDS = yaml.safe_load((Path(__file__).parent / "kinds.yaml").read_text("utf-8"))


def chosen(contract: str, *, whole: bool) -> list[str]:
    """The names of alterations: all of them, or those that stand for a kind."""
    if whole:
        return sorted(alterations(contract))
    return [
        name for group in KINDS.values() for examples in group.values() for name in examples.get(contract, [])
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "alteration" in metafunc.fixturenames:
        whole = metafunc.config.getoption("proof") == "whole"
        cases = [(contract, name) for contract in MODULES for name in chosen(contract, whole=whole)]
        metafunc.parametrize(("contract", "alteration"), cases)


def test_alteration_gets_what_it_deserves(contract: str, alteration: str) -> None:
    deserved = "quiet" if alterations(contract)[alteration].kind == "oddity" else "caught"
    known = OPEN[contract].get(alteration, {"described": deserved})
    outcome = tried(contract, alteration)
    assert outcome.described == known["described"], outcome


@pytest.mark.parametrize("contract", MODULES)
def test_breaches_that_escape_are_few_and_have_a_reason(contract: str) -> None:
    known = alterations(contract)
    breaches = [name for name, item in known.items() if item.kind == "breach"]
    assert sorted(set(OPEN[contract]) - set(known)) == []
    assert [name for name, item in OPEN[contract].items() if not item["reason"]] == []
    assert len(OPEN[contract]) <= 0.05 * len(breaches)
    assert [name for name in OPEN[contract] if known[name].kind == "oddity"] == []


@pytest.mark.parametrize("contract", MODULES)
def test_second_author_was_thorough(contract: str) -> None:
    kinds = [item.kind for item in alterations(contract).values()]
    assert kinds.count("breach") >= 40
    assert kinds.count("oddity") >= 20


@pytest.mark.parametrize(("group", "kind"), [("breaches", "breach"), ("oddities", "oddity")])
def test_examples_of_a_kind_deserve_what_their_group_says(group: str, kind: str) -> None:
    examples = [
        alterations(contract)[name].kind
        for found in KINDS[group].values()
        for contract, names in found.items()
        for name in names
    ]
    assert set(examples) == {kind}
