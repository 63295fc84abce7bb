"""What a second author wrote from the documentation alone: breaches are caught by a MUST, oddities are left alone.

Each run drives the whole suite; without ``--proof whole`` only a few of each contract are run, always the same ones.
"""

from pathlib import Path
from zlib import crc32

import pytest
import yaml
from trial import MODULES, alterations, tried

OPEN = yaml.safe_load((Path(__file__).parent / "open.yaml").read_text("utf-8"))
# how many of each contract are run without `--proof whole`
FEW = 8


def chosen(contract: str, *, whole: bool) -> list[str]:
    """The names of alterations, or a few of them that their names choose."""
    names = sorted(alterations(contract), key=lambda name: crc32(name.encode()))
    return sorted(names if whole else names[:FEW])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "alteration" in metafunc.fixturenames:
        whole = metafunc.config.getoption("proof") == "whole"
        cases = [(contract, name) for contract in MODULES for name in chosen(contract, whole=whole)]
        metafunc.parametrize(("contract", "alteration"), cases)


def test_alteration_gets_what_it_deserves(contract: str, alteration: str) -> None:
    deserved = "quiet" if alterations(contract)[alteration].kind == "oddity" else "caught"
    known = OPEN[contract].get(alteration, {"told": deserved})
    outcome = tried(contract, alteration)
    assert outcome.told == known["told"], outcome


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
