"""The requirements by operation and aspect."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import VERDICTS
from batchproof.report.grid import ASPECTS


class Entry(NamedTuple):
    """A requirement in one cell; ``home`` says that it is told there, and not only named."""

    row: RequirementResult
    home: bool


class Cell(NamedTuple):
    """The requirements of one operation and aspect: how many came to each verdict."""

    aspect: str
    entries: list[Entry]
    counts: list[tuple[str, int]]


class Line(NamedTuple):
    """One operation. ``cells`` has one for each aspect, None where there are no requirements."""

    number: int
    name: str
    about: str
    cells: list[Cell | None]
    counts: list[tuple[str, int]]


def table(contract: Contract, results: Results) -> list[Line]:
    """A line for every operation that has requirements, and one for those that no operation shows."""
    homes: set[str] = set()
    shown_by = {row.id: contract.operations_of(row.id) for row in results.requirements}
    names = {name: f"{item.method} {item.path}" for name, item in contract.manifest.operations.items()}
    others = sorted(set().union(*shown_by.values()) - set(names))
    lines: list[Line] = []
    for name, about in [*names.items(), *((name, "") for name in others)]:
        rows = [row for row in results.requirements if name in shown_by[row.id]]
        if rows:
            lines.append(_line(len(lines) + 1, name.strip("()"), about, rows, homes))
    alone = [row for row in results.requirements if not shown_by[row.id]]
    if alone:
        lines.append(_line(len(lines) + 1, "no operation", "no exchange shows them", alone, homes))
    return lines


def _line(number: int, name: str, about: str, rows: Sequence[RequirementResult], homes: set[str]) -> Line:
    cells: list[Cell | None] = []
    for aspect in ASPECTS:
        here = [row for row in rows if row.aspect == aspect]
        cells.append(
            Cell(aspect, [Entry(row, row.id not in homes) for row in here], counted(here)) if here else None
        )
    homes.update(row.id for row in rows)
    return Line(number, name, about, cells, counted(rows))


def counted(rows: Iterable[RequirementResult]) -> list[tuple[str, int]]:
    """How many of ``rows`` came to each verdict, without those that none came to; what failed goes first."""
    counts = Counter(row.verdict for row in rows)
    order = ("failed", *(verdict for verdict in VERDICTS if verdict != "failed"))
    return [(verdict, counts[verdict]) for verdict in order if counts[verdict]]  # type: ignore[index]
