"""Proof that the suite can fail: faults are planted into the emulator, and each must be found by the rows that it breaks.

``scenarios`` and ``drive`` run the suite against one emulator in this process; ``expectations`` reads what is expected;
``matrix`` compares (pure); ``campaign`` does it for everything on several cores; ``summary`` says what came of it.
"""

from .campaign import matrix_of, run_all, run_case
from .cases import Case, Seen, all_cases
from .drive import Driven, driven, see
from .expectations import Expectations, ExpectationsError, load_expectations
from .matrix import Matrix, compare
from .summary import summary_lines

__all__ = [
    "Case",
    "Driven",
    "Expectations",
    "ExpectationsError",
    "Matrix",
    "Seen",
    "all_cases",
    "compare",
    "driven",
    "load_expectations",
    "matrix_of",
    "run_all",
    "run_case",
    "see",
    "summary_lines",
]
