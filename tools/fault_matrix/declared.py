"""What the data declare that each fault and variant shows: a run of the whole matrix proves it, and nothing else is written."""

from batchproof import emulator
from batchproof.fault_matrix import Case, Matrix, Seen, all_cases, load_expectations, matrix_of

CANARY_ROW = "auth.token.missing"


def declared(contract: str) -> Matrix:
    """The matrix of an emulated contract if everything is as declared."""
    return matrix_of(contract, {case: expected(case) for case in all_cases(contract)})


def expected(case: Case) -> Seen:
    """What is declared of one case."""
    if case.kind == "canary":
        return Seen(failed=(CANARY_ROW,), inconclusive=(), exit_code=1)
    if case.kind == "variant":
        warnings = load_expectations(case.contract).warnings.get(case.name, {})
        return Seen(failed=tuple(sorted(warnings)), inconclusive=(), exit_code=0)
    if case.kind != "fault":
        return Seen(failed=(), inconclusive=(), exit_code=0)
    fault = emulator.faults(case.contract)[case.name]
    collateral = set(fault.collateral)
    if fault.withheld is not None:
        return Seen(failed=tuple(sorted(collateral)), inconclusive=(fault.breaks,), exit_code=0)
    return Seen(failed=tuple(sorted({fault.breaks, *collateral})), inconclusive=(), exit_code=1)
