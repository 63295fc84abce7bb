"""What the terminal shows of matrices: at most 25 lines of 80 columns for three contracts."""

from collections.abc import Iterator, Sequence

from .matrix import Matrix

_LINES = 25
_WIDTH = 80


def summary_lines(matrices: Sequence[Matrix]) -> list[str]:
    """Counts and complaints of each matrix, and the verdict last."""
    room = max((_LINES - 1) // max(len(matrices), 1) - 4, 1)
    lines = [line for matrix in matrices for line in _described(matrix, room)]
    return [_cut(line) for line in [*lines, _verdict(matrices)]]


def _described(matrix: Matrix, room: int) -> Iterator[str]:
    caught = sum(fault.caught for fault in matrix.faults)
    left_open = sum(fault.left_open for fault in matrix.faults)
    clean = sum(not variant.findings for variant in matrix.variants)
    yield f"{matrix.contract}: {matrix.verdict}"
    yield f"  faults    {caught} of {len(matrix.faults)} caught, {left_open} left open"
    yield f"  variants  {clean} of {len(matrix.variants)} free of findings"
    yield f"  rows      {len(matrix.proven)} of {len(matrix.requirements)} testable rows are failed by a fault"
    shown = matrix.complaints if len(matrix.complaints) <= room else matrix.complaints[: room - 1]
    yield from (f"  ! {complaint}" for complaint in shown)
    if len(shown) < len(matrix.complaints):
        yield f"  ! and {len(matrix.complaints) - len(shown)} more"


def _verdict(matrices: Sequence[Matrix]) -> str:
    if any(matrix.verdict == "VOID" for matrix in matrices):
        return "VOID: measured nothing"
    if any(matrix.verdict == "FAILED" for matrix in matrices):
        return "FAILED: the suite does not catch what it claims, or complains about what is legal"
    return "PROVEN: with no fault does the row that it breaks pass"


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else line[: _WIDTH - 3] + "..."
