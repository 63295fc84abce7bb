"""Proof that the suite can fail: faults are planted into the emulator, and each must be found by the rows that it breaks.

``scenarios`` and ``drive`` run the suite against one emulator in this process; ``expectations`` reads what is expected;
``matrix`` compares (pure); ``campaign`` does it for everything on several cores; ``pages`` and ``summary`` tell.
``mutation`` tells how many changes of the judge the unit tests notice.
"""

from .campaign import matrix_of, run_all, run_case
from .cases import Case, Seen, all_cases
from .drive import Driven, driven, see
from .expectations import Expectations, ExpectationsError, load_expectations
from .matrix import Matrix, compare
from .mutation import FILE as MUTATION_FILE
from .mutation import MutationError, Scores, read_scores
from .pages import page, write_pages
from .summary import summary_lines

__all__ = [
    "MUTATION_FILE",
    "Case",
    "Driven",
    "Expectations",
    "ExpectationsError",
    "Matrix",
    "MutationError",
    "Scores",
    "Seen",
    "all_cases",
    "compare",
    "driven",
    "load_expectations",
    "matrix_of",
    "page",
    "read_scores",
    "run_all",
    "run_case",
    "see",
    "summary_lines",
    "write_pages",
]
