"""Generated requests accuse nobody wrongly; the matrix has what they find."""

import pytest

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.fault_matrix import see
from batchproof.fault_matrix.cases import Case
from batchproof.plan import scenarios_of

CONTRACTS = emulator.contracts()
GENERATED = {
    contract: [item.name for item in scenarios_of(load_contract(contract)) if item.group == "generated"]
    for contract in CONTRACTS
}
PARTS = 8
# ten seeds were tried once; the whole proof tries three, a sample one, and the matrix has seed 0
SEEDS = range(1, 4)
VARIANTS = [
    (contract, turn, variant)
    for contract in CONTRACTS
    for turn, variant in enumerate(sorted(emulator.variants(contract)))
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a sample half of the variants meet generated requests; the other half meets a random order of requests."""
    whole = metafunc.config.getoption("proof") == "whole"
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", SEEDS if whole else SEEDS[:1])
    if "variant" in metafunc.fixturenames:
        cases = [item for item in VARIANTS if whole or item[1] % 2 == 0]
        metafunc.parametrize(("contract", "turn", "variant"), cases)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_healthy_emulator_has_no_finding_with_any_seed(contract: str, seed: int) -> None:
    case = Case(contract=contract, kind="healthy")
    assert see(case, groups=("generated",), socket=True, seed=seed).failed == ()


def test_variant_fails_no_must(contract: str, turn: int, variant: str) -> None:
    """Each variant meets a part of the generated requests; the variants together meet all of them, several times."""
    mine = set(GENERATED[contract][turn // 2 % PARTS :: PARTS])
    assert mine
    case = Case(contract=contract, kind="variant", name=variant)
    rows = load_contract(contract).requirements
    failed = see(case, groups=("generated",), socket=True, wanted=lambda item: item.name in mine).failed
    assert [name for name in failed if rows[name].level == "MUST"] == []
