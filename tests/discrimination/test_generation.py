"""What only generated requests find, and what they must not find."""

from collections.abc import Callable
from typing import Any

import pytest

from batchproof import emulator
from batchproof.contract import load_contract

CONTRACTS = emulator.contracts()
EXTEND = "extend/2026-02-09"
SEEDS = {EXTEND: range(1, 11), "extend/2025-04-21": range(1, 4), "talonic/v1": range(1, 4)}

# Defects that no hand-written scenario reaches; of some, what fails besides.
GENERATED: dict[str, set[str]] = {
    "empty-accept-crashes": set(),
    "encoded-slash-crashes": set(),
    "id-beyond-ascii-crashes": set(),
    "long-id-cut": set(),
    "metadata-number-accepted": set(),
    "metadata-ascii-only": set(),
    "metadata-deep-as-text": set(),
    "metadata-empty-key-dropped": set(),
    "metadata-error-without-code": set(),
    "metadata-fractions-rounded": set(),
    "metadata-integers-overflow": set(),
    "metadata-long-text-cut": set(),
    "metadata-nulls-dropped": set(),
    "nul-in-metadata-crashes": set(),
    "page-size-with-exponent": set(),
    "parameter-twice-crashes": set(),
    "same-file-twice-crashes": set(),
    "second-text-accepted": set(),
}


@pytest.mark.parametrize("fault", sorted(GENERATED))
def test_generated_requests_find_the_fault_in_profile_core(verdicts: Callable[..., Any], fault: str) -> None:
    found = verdicts(EXTEND, faults=[fault], profile="core", generated=[True])
    breaks = emulator.faults(EXTEND)[fault].breaks
    assert breaks in found.failed()
    assert found.failed() - {breaks} == GENERATED[fault]


def test_written_scenarios_find_none_of_these_faults(verdicts: Callable[..., Any]) -> None:
    found = verdicts(EXTEND, faults=sorted(GENERATED), profile="core")
    assert found.failed() == set()


@pytest.mark.parametrize(
    ("contract", "seed"), [(contract, seed) for contract in CONTRACTS for seed in SEEDS[contract]]
)
def test_healthy_emulator_has_no_finding_in_profile_full(
    verdicts: Callable[..., Any], contract: str, seed: int
) -> None:
    found = verdicts(contract, generated=[True], seed=seed)
    assert found.failed() == set()


@pytest.mark.parametrize(
    ("contract", "variant"),
    [(contract, variant) for contract in CONTRACTS for variant in sorted(emulator.variants(contract))],
)
def test_variant_fails_no_must(verdicts: Callable[..., Any], contract: str, variant: str) -> None:
    found = verdicts(contract, variants=[variant], profile="core", generated=[True])
    assert found.failed("MUST") == set()


@pytest.mark.parametrize("fault", sorted(GENERATED))
def test_fault_names_a_requirement(fault: str) -> None:
    assert emulator.faults(EXTEND)[fault].breaks in load_contract(EXTEND).requirements
