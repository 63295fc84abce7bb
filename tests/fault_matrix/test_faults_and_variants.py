"""The suite can fail, for the right reason; and it does not fail for the wrong one.

Each case is run once, here, and compared with the committed matrix, which is compared with what is expected.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from batchproof import emulator
from batchproof.contract import load_contract
from batchproof.fault_matrix import MUTATION_FILE, all_cases, matrix_of, read_scores, run_case
from batchproof.fault_matrix.cases import Case, Seen
from batchproof.fault_matrix.pages import PAGE, json_file, page, read_json, to_json
from batchproof.plan import scenarios_of

ROOT = Path(__file__).parents[2]
CONTRACTS = emulator.contracts()
STALE = "stale: run `batchproof matrix --write`"
# without `--proof whole` one fault in so many is run
SAMPLED = 10
# and a variant meets one in so many of the scenarios; the variants together meet all of them, many times
PARTS = 3
STEADY = {
    contract: [item.name for item in scenarios_of(load_contract(contract)) if item.group == "steady"]
    for contract in CONTRACTS
}
MATRICES = {contract: read_json(ROOT / json_file(contract)) for contract in CONTRACTS}


def recorded(case: Case) -> set[str]:
    """The rows that fail, as the committed matrix has it."""
    matrix = MATRICES[case.contract]
    if case.kind == "variant":
        return {
            name
            for row in matrix.variants
            if row.name == case.name
            for name in (*row.findings, *row.warnings)
        }
    (row,) = (row for row in matrix.faults if row.name == case.name)
    return {*([row.breaks] if row.caught else []), *row.collateral, *row.undeclared}


def left_open(case: Case) -> tuple[str, ...]:
    """The row that stays inconclusive instead of failing, as the committed matrix has it."""
    return tuple(
        row.breaks
        for row in MATRICES[case.contract].faults
        if case.kind == "fault" and row.name == case.name and row.left_open
    )


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


def test_case_is_seen_as_the_committed_matrix_says(case: Case, request: pytest.FixtureRequest) -> None:
    if case.kind == "variant" and request.config.getoption("proof") != "whole":
        turn = sorted(emulator.variants(case.contract)).index(case.name)
        mine = set(STEADY[case.contract][turn % PARTS :: PARTS])
        assert set(run_case(case, lambda item: item.name in mine).failed) <= recorded(case), STALE
        return
    seen = run_case(case)
    if case.kind == "canary":
        assert "auth.token.missing" in seen.failed
        assert seen.exit_code == 1
    elif case.kind in ("healthy", "core"):
        assert seen.failed == ()
        assert case.kind == "healthy" or (seen.inconclusive, seen.exit_code) == ((), 0)
    else:
        assert set(seen.failed) == recorded(case), STALE
        assert set(left_open(case)) <= set(seen.inconclusive), STALE


@pytest.mark.parametrize("contract", CONTRACTS)
def test_committed_matrix_is_what_the_data_make_of_it(contract: str) -> None:
    """Names, sentences, reasons and rows are those of today, and nothing is left to complain about."""
    seen = {
        case: Seen(
            failed=tuple(sorted(recorded(case))) if case.kind in ("fault", "variant") else (),
            inconclusive=left_open(case),
            exit_code=0,
        )
        for case in all_cases(contract)
    }
    canary = Case(contract=contract, kind="canary", name="canary")
    seen[canary] = Seen(failed=("auth.token.missing",), inconclusive=(), exit_code=1)
    made = matrix_of(contract, seen)
    assert made.complaints == ()
    assert to_json(made) == to_json(MATRICES[contract]), STALE


def test_page_is_made_from_the_matrices() -> None:
    known = [read_json(file) for file in sorted((ROOT / "reports/fault-matrix").glob("*.json"))]
    assert (ROOT / PAGE).read_text("utf-8") == page(known, read_scores(ROOT / MUTATION_FILE)), STALE
    assert {matrix.contract for matrix in known} == set(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_fault_names_a_requirement_of_the_contract(contract: str) -> None:
    broken = {fault.breaks for name, fault in emulator.faults(contract).items() if name != "canary"}
    assert broken - set(load_contract(contract).requirements) == set()


# The harness stands in for the command line, whose own tests keep it honest. Here is one more.


def test_command_line_catches_the_canary(served: Callable[..., str], judged: Callable[..., Any]) -> None:
    run = judged(served(faults=["canary"]))
    assert run.code == 1
    assert "auth.token.missing" in run.rows("failed")
