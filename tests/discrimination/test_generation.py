"""Generated requests accuse nobody wrongly; the matrix has what they find."""

import pytest

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.discrimination import see
from batchproof.discrimination.cases import Case
from batchproof.plan import scenarios_of

CONTRACTS = emulator.contracts()
GENERATED = {
    contract: [item.name for item in scenarios_of(load_contract(contract)) if item.group == "generated"]
    for contract in CONTRACTS
}
PARTS = 8
# ten seeds were tried once; every run of the tests tries a few
SEEDS = {"extend/2026-02-09": range(1, 4), "extend/2025-04-21": range(1, 2), "talonic/v1": range(1, 2)}


@pytest.mark.parametrize(
    ("contract", "seed"), [(contract, seed) for contract in CONTRACTS for seed in SEEDS[contract]]
)
def test_healthy_emulator_has_no_finding_with_any_seed(contract: str, seed: int) -> None:
    case = Case(contract=contract, kind="healthy")
    assert see(case, groups=("generated",), socket=True, seed=seed).failed == ()


@pytest.mark.parametrize(
    ("contract", "turn", "variant"),
    [
        (contract, turn, variant)
        for contract in CONTRACTS
        for turn, variant in enumerate(sorted(emulator.variants(contract)))
    ],
)
def test_variant_fails_no_must(contract: str, turn: int, variant: str) -> None:
    """Each variant meets a part of the generated requests; the variants together meet all of them, several times."""
    mine = set(GENERATED[contract][turn % PARTS :: PARTS])
    assert mine
    case = Case(contract=contract, kind="variant", name=variant)
    rows = load_contract(contract).requirements
    failed = see(case, groups=("generated",), socket=True, wanted=lambda item: item.name in mine).failed
    assert [name for name in failed if rows[name].level == "MUST"] == []
