"""Makes ``reports/mutation.json`` of what mutmut left in ``mutants/``, brings the page up to date, and names the survivors.

A module of which fewer mutants were run than the file knows of keeps what the file says, unless its code has changed.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import click

from batchproof import emulator
from batchproof.report.files import write_whole
from tools.fault_matrix.declared import declared
from tools.fault_matrix.page import PAGE, page
from tools.mutation.scores import (
    FILE,
    Module,
    MutationError,
    Room,
    Scores,
    read_scores,
    to_json,
)

ROOMS = ("judging", "contract")
SOURCES = Path("mutants/src/batchproof")
# what mutmut notes for a mutant: a test failed, or pytest broke on it; the tests did not come to an end
KILLED = frozenset({1, 3, 24, -24, 36, 152, 255})
# not run at all, or left out
NOT_RUN = frozenset({None, 2, 34})

Exits = dict[str, int | None]


def read_exits(folder: Path) -> dict[str, Exits]:
    """For each module of a room that has mutants, how the tests of each mutant ended."""
    found = {
        file.name.removesuffix(".py.meta"): json.loads(file.read_bytes())["exit_code_by_key"]
        for file in sorted(folder.glob("*.py.meta"))
    }
    return {name: exits for name, exits in found.items() if exits}


def module(name: str, exits: Exits) -> Module:
    """The score of one module. A mutant that no test reaches was run, and survived."""
    return Module(
        name=name,
        mutants=len(exits),
        run=sum(code not in NOT_RUN for code in exits.values()),
        killed=sum(code in KILLED for code in exits.values()),
    )


def merged(earlier: Iterable[Module], found: Iterable[Module]) -> list[Module]:
    """What was found, and for modules of which less was run than earlier, what was known of them."""
    known = {item.name: item for item in earlier}
    return [_better(known.get(item.name), item) for item in found]


def _better(earlier: Module | None, found: Module) -> Module:
    if earlier is not None and earlier.mutants == found.mutants and earlier.run > found.run:
        return earlier
    return found


def main() -> None:
    try:
        known = read_scores(FILE)
    except MutationError as error:
        click.echo(f"{error}; taken as empty", err=True)
        known = None
    earlier = {room.name: room.modules for room in known.rooms} if known is not None else {}
    rooms = []
    for name in ROOMS:
        exits = read_exits(SOURCES / name)
        found = [module(*item) for item in exits.items()]
        for mutant, code in (item for one in exits.values() for item in one.items()):
            if code not in KILLED | NOT_RUN:
                click.echo(f"survived: {mutant}")
        run, killed = sum(item.run for item in found), sum(item.killed for item in found)
        click.echo(f"{name}/: {killed} killed of {run} that were run")
        rooms.append(Room(name=name, modules=merged(earlier.get(name, []), found)))
    scores = Scores(rooms=rooms)
    write_whole(FILE, to_json(scores))
    write_whole(PAGE, page([declared(name) for name in sorted(emulator.contracts())], scores).encode())


if __name__ == "__main__":
    main()
