"""The mutation score of this project's own unit tests: ``reports/mutation.json``, and its section of the page.

A mutant is the code with one small change. It is killed when a unit test notices.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

FORMAT: Literal["batchproof-mutation/1"] = "batchproof-mutation/1"
FILE = Path("reports/mutation.json")
_REMEDY = "write it anew with: tox run -e mutation"
_TITLE = "## Do the unit tests notice a changed judge?"


class MutationError(Exception):
    """The file cannot be used. The message is one line that names file, place and remedy."""


class Module(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One module: how many mutants it has, how many of them were run, and how many of these were killed."""

    name: str
    mutants: int
    run: int
    killed: int


class Room(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder of ``src/batchproof``, with its modules by name."""

    name: str
    modules: list[Module]

    @property
    def total(self) -> Module:
        """All modules together."""
        return Module(
            name="all",
            mutants=sum(module.mutants for module in self.modules),
            run=sum(module.run for module in self.modules),
            killed=sum(module.killed for module in self.modules),
        )


class Scores(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of ``reports/mutation.json``. It holds no time: the same run gives the same bytes."""

    format: Literal["batchproof-mutation/1"] = FORMAT
    rooms: list[Room]


def to_json(scores: Scores) -> bytes:
    """The bytes of the file."""
    return msgspec.json.format(msgspec.json.encode(scores), indent=1) + b"\n"


def read_scores(file: Path) -> Scores | None:
    """The scores in ``file``, None where there is no such file. Raises ``MutationError``."""
    try:
        scores = msgspec.json.decode(file.read_bytes(), type=Scores)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MutationError(f"{file}: cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise MutationError(f"{file}: {str(error).splitlines()[0]}; {_REMEDY}") from error
    for room in scores.rooms:
        for module in room.modules:
            if not 0 <= module.killed <= module.run <= module.mutants:
                raise MutationError(
                    f"{file}: {room.name}/{module.name}: mutants, run and killed do not fit together; {_REMEDY}"
                )
    return scores


def section(scores: Scores) -> Iterator[str]:
    """The lines of the section."""
    yield from (_TITLE, "")
    yield (
        "`tox run -e mutation` changes the code in thousands of small ways, one at a time, and runs the unit tests that reach"
    )
    yield "the change. What survives, and why, stands in [mutation.md](mutation.md)."
    yield ""
    yield from (f"* {_described(room)}" for room in scores.rooms if room.total.run)
    yield ""
    yield from _table(scores.rooms)
    yield ""


def _described(room: Room) -> str:
    total = room.total
    all_run = total.run == total.mutants
    of = f"all {total.mutants:,}" if all_run else f"a sample of {total.run:,} of the {total.mutants:,}"
    return f"`{room.name}/`: of {of} mutants, {total.killed:,} are killed: {_percent(total)}."


def _table(rooms: Sequence[Room]) -> Iterator[str]:
    yield "| module | mutants | run | killed | score |"
    yield "| --- | --- | --- | --- | --- |"
    for room in rooms:
        for module in sorted(room.modules, key=lambda item: item.name):
            cells = (module.mutants, module.run, module.killed, _percent(module))
            yield f"| `{room.name}/{module.name}` | " + " | ".join(map(str, cells)) + " |"


def _percent(module: Module) -> str:
    return f"{100 * module.killed / module.run:.1f} %" if module.run else "not run"
