"""Everything that is wrong with a contract folder, each problem with the line where somebody wrote it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from batchproof.contract.examples import check_examples
from batchproof.contract.families import Origins
from batchproof.contract.loader import Contract, gather
from batchproof.contract.positions import Positions
from batchproof.contract.problems import Problem, Step
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
    """What an inspection found. ``whole`` says whether all could be looked at: too much may be missing for some of it.

    ``drafts`` are rows of which nobody has judged level and sentence; there is nothing wrong with them.
    """

    problems: list[Located]
    whole: bool
    drafts: list[Located]


def inspect(folder: Path, *more: Callable[[Contract], Iterable[Problem]]) -> Inspected:
    """All problems of a contract folder, those that ``more`` finds among them, in the order of files and lines."""
    gathered = gather(folder)
    found = [*gathered.problems]
    if gathered.contract is not None:
        others = [
            *check_paths(gathered.contract, gathered.invariants),
            *check_unused(gathered.contract, gathered.invariants),
            *check_examples(gathered.contract),
            *(problem for check in more for problem in check(gathered.contract)),
        ]
        found += [problem for problem in others if problem.missing not in gathered.lost]
    drafts = _drafts(gathered.contract) if gathered.contract is not None else ()
    return Inspected(
        sorted(_together(_located(found, gathered.origins))),
        gathered.contract is not None,
        sorted(_together(_located(drafts, gathered.origins))),
    )


def _drafts(contract: Contract) -> Iterator[Problem]:
    for index, row in enumerate(contract.requirements.values()):
        if row.draft:
            remedy = (
                f"is a draft ({row.level}); read {row.source.document} {row.source.section}, "
                "judge level and sentence, and remove `draft`"
            )
            yield Problem(contract.folder / "requirements.yaml", row.id, remedy, (index,))


def _located(
    problems: Iterable[Problem], origins: Mapping[Path, Origins]
) -> Iterator[tuple[tuple[Path, int, int, str], str]]:
    """Place and remedy of each problem, and what it is about."""
    positions = cache(Positions)
    for problem in problems:
        file, at = problem.written or (problem.file, _written(problem.at, origins.get(problem.file, {})))
        line, column = problem.mark or positions(file).of(at)
        elsewhere = file != problem.file
        key = ".".join(map(str, at)) if elsewhere else problem.key
        remedy = f"{problem.missing} {problem.remedy}" if elsewhere else problem.remedy
        yield (file, line, column, remedy), key


def _written(at: tuple[Step, ...], origins: Origins) -> tuple[Step, ...]:
    """The place that somebody wrote for the place ``at`` of what was made of it."""
    for length in (1, 2):
        if at[:length] in origins:
            return (*origins[at[:length]], *at[length:])
    return at


def _together(found: Iterable[tuple[tuple[Path, int, int, str], str]]) -> Iterator[Located]:
    """One problem for all families that have it at one place."""
    keys: dict[tuple[Path, int, int, str], dict[str, None]] = {}
    for place, key in found:
        keys.setdefault(place, {})[key] = None
    for (file, line, column, remedy), names in keys.items():
        yield Located(file, line, column, ", ".join(names), remedy)
