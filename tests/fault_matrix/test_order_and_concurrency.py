"""A random order of requests, and several clients at once, accuse nobody wrongly; the matrix has what they find."""

import pytest

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.fault_matrix import see
from batchproof.fault_matrix.cases import Case
from batchproof.fault_matrix.expectations import load_expectations
from batchproof.plan import Scenario, scenarios_of

CONTRACT = "extend/2026-02-09"
VARIANTS = [
    (name, turn, variant)
    for name in emulator.contracts()
    for turn, variant in enumerate(sorted(emulator.variants(name)))
]
# the matrix has seed 0
SEEDS = range(1, 3)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a sample half of the variants meet a random order of requests; the other half meets generated requests."""
    whole = metafunc.config.getoption("proof") == "whole"
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", SEEDS if whole else SEEDS[:1])
    if "variant" in metafunc.fixturenames:
        cases = [item for item in VARIANTS if whole or item[1] % 2 == 1]
        metafunc.parametrize(("contract", "turn", "variant"), cases)


def test_there_are_enough_faults_that_only_these_scenarios_find() -> None:
    assert len(load_expectations(CONTRACT).random) >= 10


def test_faults_of_deliveries_break_every_row_of_deliveries() -> None:
    rows = [row for row in load_contract(CONTRACT).requirements.values() if row.untestable_because is None]
    planted = emulator.faults(CONTRACT)
    broken = {planted[name].breaks for name in load_expectations(CONTRACT).events if name in planted}
    assert {
        row.id for row in rows if row.id.startswith("webhook.") and not row.interpretations
    } - broken == set()


@pytest.mark.parametrize("contract", emulator.contracts())
def test_healthy_emulator_has_no_finding_with_any_seed(contract: str, seed: int) -> None:
    case = Case(contract=contract, kind="healthy")
    assert see(case, groups=("random",), socket=True, seed=seed, wanted=one_workflow).failed == ()


def test_variant_fails_no_must(contract: str, turn: int, variant: str) -> None:
    """Where there are two workflows, every other variant meets the same one."""
    loaded = load_contract(contract)
    names = [item.name for item in scenarios_of(loaded) if item.group == "random" and one_workflow(item)]
    workflows = 2 if contract == CONTRACT else 1
    mine = set(names[turn // 2 % workflows :: workflows])
    assert mine
    case = Case(contract=contract, kind="variant", name=variant)
    found = see(case, groups=("random",), socket=True, profile="core", wanted=lambda item: item.name in mine)
    rows = loaded.requirements
    assert [name for name in found.failed if rows[name].level == "MUST"] == []


def one_workflow(scenario: Scenario) -> bool:
    """Enough of a contract whose families of runs are alike: extract runs, or parse runs, which differ most."""
    described = repr(scenario.values)
    return (
        "extract" in described
        or "parse" in described
        or ("classify" not in described and "split" not in described)
    )
