"""What is wrong with a contract folder: one problem each, with the place where somebody wrote it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from batchproof.contract.errors import ContractError

Step = str | int


class Problem(NamedTuple):
    """One thing that does not fit, and what to do about it.

    ``at`` are the steps from the top of the file to what it is about, with ``for`` expanded. ``mark`` is line and column,
    from 1, where a reader knows them. ``missing`` is the name that was looked for and is not there. ``written`` is the place as it
    is written, where that is not ``at`` in ``file``.
    """

    file: Path
    key: str
    remedy: str
    at: tuple[Step, ...] = ()
    mark: tuple[int, int] | None = None
    missing: str | None = None
    written: tuple[Path, tuple[Step, ...]] | None = None

    def error(self, others: int = 0) -> ContractError:
        """The problem as the line with which a folder is refused, which counts the ``others``."""
        more = (
            f"; {others} more: `batchproof contract check {self.folder}` lists all with their lines"
            if others
            else ""
        )
        return ContractError(self.file, self.key, self.remedy, more)

    @property
    def folder(self) -> Path:
        """The contract folder that the file belongs to."""
        return self.file.parent.parent if self.file.suffix == ".json" else self.file.parent


def undeclared(
    file: Path,
    key: str,
    name: str | None,
    among: Mapping[str, object],
    what: str,
    at: Iterable[Step] = (),
) -> Iterator[Problem]:
    """The problem of a ``name`` that is not ``among`` what is declared; none where it is, or is left out."""
    if name is not None and name not in among:
        remedy = (
            f"names the {what} {name!r}, which is not declared; declare it or use one of: {', '.join(among)}"
        )
        yield Problem(file, key, remedy, tuple(at), missing=name)
