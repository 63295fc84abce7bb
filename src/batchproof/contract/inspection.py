"""Everything that is wrong with a contract folder, each problem with the line where somebody wrote it."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from batchproof.contract.examples import check_examples
from batchproof.contract.loader import Contract, gather
from batchproof.contract.positions import Positions
from batchproof.contract.problems import Problem
from batchproof.contract.rule_paths import check_paths
from batchproof.contract.unused import check_unused


class Located(NamedTuple):
    """A problem with its place, as people and editors read it."""

    file: Path
    line: int
    column: int
    key: str
    remedy: str

    def __str__(self) -> str:
        """``file:line:column: key: remedy``."""
        about = f"{self.key}: {self.remedy}" if self.key else self.remedy
        return f"{self.file}:{self.line}:{self.column}: {about}"


class Inspected(NamedTuple):
    """What an inspection found. ``whole`` says whether all could be looked at: too much may be missing for some of it."""

    problems: list[Located]
    whole: bool


def inspect(folder: Path, *more: Callable[[Contract], Iterable[Problem]]) -> Inspected:
    """All problems of a contract folder, those that ``more`` finds among them, in the order of files and lines."""
    gathered = gather(folder)
    found = [*gathered.problems]
    if gathered.contract is not None:
        others = [
            *check_paths(gathered.contract, gathered.laws),
            *check_unused(gathered.contract, gathered.laws),
            *check_examples(gathered.contract),
            *(problem for check in more for problem in check(gathered.contract)),
        ]
        found += [problem for problem in others if problem.missing not in gathered.lost]
    return Inspected(sorted(set(_located(found))), gathered.contract is not None)


def _located(problems: Iterable[Problem]) -> Iterator[Located]:
    positions = cache(Positions)
    for problem in problems:
        file, at = problem.written or (problem.file, problem.at)
        line, column = problem.mark or positions(file).of(at)
        named = problem.written is not None
        key = ".".join(map(str, at)) if named else problem.key
        remedy = f"{problem.missing} {problem.remedy}" if named else problem.remedy
        yield Located(file, line, column, key, remedy)
