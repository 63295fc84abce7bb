"""The suite can fail, for the right reason; and it does not fail for the wrong one.

Each case is run once, here, and compared with what is declared.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.fault_matrix import Case, all_cases, run_case
from batchproof.plan import scenarios_of
from tools.fault_matrix import proof
from tools.fault_matrix.declared import declared, expected
from tools.fault_matrix.page import PAGE, page
from tools.mutation.scores import FILE as SCORES
from tools.mutation.scores import read_scores

ROOT = Path(__file__).parents[2]
CONTRACTS = sorted(emulator.contracts())
STALE = "stale: run `python -m tools.fault_matrix`; for the page alone, with `--page`"
# without `--proof whole` one fault in so many is run
SAMPLED = 10
# and a variant meets one in so many of the scenarios; the variants together meet all of them, many times
PARTS = 3
STEADY = {
    contract: [item.name for item in scenarios_of(load_contract(contract)) if item.group == "steady"]
    for contract in CONTRACTS
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        whole = metafunc.config.getoption("proof") == "whole"
        cases = [case for contract in CONTRACTS for case in all_cases(contract) if whole or in_sample(case)]
        metafunc.parametrize("case", cases, ids=lambda case: case.described)


def in_sample(case: Case) -> bool:
    """What is healthy or legal, and of the faults those that their names choose.

    A healthy run of the profile core is what the command line's own tests and CI begin with.
    """
    return case.kind != "core" and (case.kind != "fault" or crc32(case.described.encode()) % SAMPLED == 0)


def test_case_is_seen_as_declared(case: Case, request: pytest.FixtureRequest) -> None:
    if case.kind == "variant" and request.config.getoption("proof") != "whole":
        turn = sorted(emulator.variants(case.contract)).index(case.name)
        mine = set(STEADY[case.contract][turn % PARTS :: PARTS])
        assert set(run_case(case, lambda item: item.name in mine).failed) <= set(expected(case).failed)
        return
    seen = run_case(case)
    if case.kind == "canary":
        assert "auth.token.missing" in seen.failed
        assert seen.exit_code == 1
    elif case.kind in ("healthy", "core"):
        assert seen.failed == ()
        assert case.kind == "healthy" or (seen.inconclusive, seen.exit_code) == ((), 0)
    else:
        assert set(seen.failed) == set(expected(case).failed)
        assert set(expected(case).inconclusive) <= set(seen.inconclusive)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_nothing_is_left_to_complain_about(contract: str) -> None:
    assert declared(contract).complaints == ()


def test_page_says_what_is_declared() -> None:
    matrices = [declared(contract) for contract in CONTRACTS]
    assert (ROOT / PAGE).read_text("utf-8") == page(matrices, read_scores(ROOT / SCORES)), STALE


def test_a_whole_run_has_proved_the_faults_and_variants_of_today() -> None:
    proved = proof.read_proofs(ROOT / proof.FILE)
    assert proved == [proof.proof(declared(contract)) for contract in CONTRACTS], STALE
    assert {item.verdict for item in proved} == {"PROVEN"}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_fault_names_a_requirement_of_the_contract(contract: str) -> None:
    broken = {fault.breaks for name, fault in emulator.faults(contract).items() if name != "canary"}
    assert broken - set(load_contract(contract).requirements) == set()


# The harness stands in for the command line, whose own tests keep it honest. Here is one more.


def test_command_line_catches_the_canary(served: Callable[..., str], judged: Callable[..., Any]) -> None:
    run = judged(served(faults=["canary"]))
    assert run.code == 1
    assert "auth.token.missing" in run.rows("failed")
