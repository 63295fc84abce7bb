"""What is wrong with deliveries is found, and what is unusual about them is not."""

from collections.abc import Callable
from typing import Any

import pytest

from batchproof import emulator
from batchproof.contract import load_contract

CONTRACT = "extend/2026-02-09"
REQUIREMENTS = load_contract(CONTRACT).requirements
FAULTS = sorted(name for name in emulator.faults(CONTRACT) if name.startswith("webhook-"))
VARIANTS = sorted(name for name in emulator.variants(CONTRACT) if name.startswith("webhook-"))
SCENARIOS = "test_event_"
ROWS = {row.id for row in REQUIREMENTS.values() if row.id.startswith("webhook.") and not row.readings}
# some faults make events unrecognisable, and a scenario waits for them in vain
SHORT_S = 3.0

# What else fails under a fault: statements that overlap with the one that it breaks, or follow from it.
COLLATERAL: dict[str, set[str]] = {
    "webhook-batch-type-of-failure": {"webhook.batch.status"},
    "webhook-batch-type-of-success": {"webhook.batch.status"},
    "webhook-run-type-of-failure": {"webhook.run.status"},
    "webhook-run-type-of-success": {"webhook.run.status"},
    "webhook-timestamp-in-milliseconds": {"webhook.timestamp.fresh"},
}

# What the suite does not see, and why.
ESCAPED = {"webhook-lost": "how long a delivery may take is not documented, so none is ever missing"}


def allowed(fault: str) -> set[str]:
    return {emulator.faults(CONTRACT)[fault].breaks} | COLLATERAL.get(fault, set())


@pytest.fixture
def delivered(verdicts: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **planted: verdicts(CONTRACT, only=SCENARIOS, **planted)


def test_healthy_deliveries_establish_every_row(delivered: Callable[..., Any]) -> None:
    found = delivered()
    assert found.failed() == set()
    assert ROWS - found.with_verdict("passed") == set()


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in ESCAPED])
def test_fault_fails_the_requirement_that_it_names(delivered: Callable[..., Any], fault: str) -> None:
    found = delivered(faults=[fault], patience_s=SHORT_S)
    assert emulator.faults(CONTRACT)[fault].breaks in found.failed()
    assert found.failed() - allowed(fault) == set()
    assert found.failed("MUST") == {name for name in allowed(fault) if REQUIREMENTS[name].level == "MUST"}
    assert (found.results.exit_code == 1) == bool(found.failed("MUST"))


@pytest.mark.parametrize("fault", ESCAPED)
def test_escaped_fault_establishes_nothing(delivered: Callable[..., Any], fault: str) -> None:
    found = delivered(faults=[fault], patience_s=SHORT_S)
    assert found.failed() == set()
    assert emulator.faults(CONTRACT)[fault].breaks in found.with_verdict("inconclusive")
    assert found.results.exit_code == 3


@pytest.mark.parametrize("variant", VARIANTS)
def test_variant_fails_nothing(delivered: Callable[..., Any], variant: str) -> None:
    found = delivered(variants=[variant])
    assert found.failed() == set()
    assert "webhook.signature" in found.with_verdict("passed")


def test_every_row_of_webhooks_is_broken_by_a_fault() -> None:
    broken = {emulator.faults(CONTRACT)[name].breaks for name in FAULTS}
    assert ROWS - broken == set()


def test_tables_name_what_there_is() -> None:
    assert set(COLLATERAL) | set(ESCAPED) <= set(FAULTS)
    assert set().union(*COLLATERAL.values()) <= set(REQUIREMENTS)
