"""The suite can fail, for the right reason; and it does not fail for the wrong one."""

from collections.abc import Callable
from typing import Any

import pytest

from batchproof import emulator

CONTRACT = "extend/2026-02-09"
FAULTS = emulator.faults(CONTRACT)


def test_healthy_emulator_has_no_finding(served: Callable[..., str], judged: Callable[..., Any]) -> None:
    run = judged(served())
    assert run.rows("failed") + run.rows("failed", "SHOULD") + run.rows("failed", "MAY") == []
    assert run.rows("inconclusive") == []
    assert run.code == 0


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"canary"}))
def test_fault_fails_the_requirement_that_it_names_and_no_other(
    served: Callable[..., str], judged: Callable[..., Any], fault: str
) -> None:
    run = judged(served(faults=[fault]))
    assert [FAULTS[fault].breaks] == run.rows("failed")
    assert run.code == 1


def test_canary_is_caught(served: Callable[..., str], judged: Callable[..., Any]) -> None:
    run = judged(served(faults=["canary"]))
    assert run.code == 1
    assert "auth.token.missing" in run.rows("failed")


@pytest.mark.parametrize("variant", sorted(emulator.variants(CONTRACT)))
def test_variant_fails_no_must(served: Callable[..., str], judged: Callable[..., Any], variant: str) -> None:
    run = judged(served(variants=[variant]))
    assert run.rows("failed") == []
    assert run.code in (0, 3)
