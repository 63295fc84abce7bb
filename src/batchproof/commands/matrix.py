"""``batchproof matrix``: what the suite is proved to catch."""

import itertools
import os
import sys

import click

from batchproof import emulator
from batchproof.commands import options
from batchproof.console import console
from batchproof.fault_matrix import (
    Case,
    ExpectationsError,
    all_cases,
    matrix_of,
    run_all,
    summary_lines,
)
from batchproof.saying import WIDTH, fail

MATRIX_CODES = """\b
Exit codes:
  0    every fault is caught, and nothing that is legal is found fault with
  1    a fault escaped, something unexpected failed, or a row cannot fail
  2    bad usage or data
  3    VOID: the healthy emulator fails, or the canary is not caught
"""


@click.command("matrix", epilog=MATRIX_CODES)
@options.contract
@click.option(
    "-n",
    "processes",
    type=click.IntRange(1),
    metavar="N",
    help="Processes that share the work (default: one a core).",
)
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Only this fault; may be given again.")
def matrix_command(contract: str | None, processes: int | None, faults: tuple[str, ...]) -> None:
    """Plant every fault into the emulator and see whether the suite catches it.

    Without --contract: all emulated contracts.

    Example: batchproof matrix -n 2
    """
    contracts = emulator.contracts() if contract is None else (contract,)
    cases = [case for name in contracts for case in _cases(name, faults)]
    screen = console()
    done = itertools.count(1)

    def progress(case: Case, _seen: object) -> None:
        if screen.is_terminal:
            screen.print(f"{next(done)} of {len(cases)}: {case.described}"[:WIDTH].ljust(WIDTH - 1), end="\r")

    try:
        seen = run_all(cases, processes or os.cpu_count() or 1, progress)
        matrices = [matrix_of(name, seen, whole=not faults) for name in contracts]
    except ExpectationsError as error:
        fail(error)
    for line in summary_lines(matrices):
        click.echo(line)
    sys.exit(max(matrix.exit_code for matrix in matrices))


def _cases(contract: str, faults: tuple[str, ...]) -> list[Case]:
    """All cases of an emulated contract; with ``faults``, only those faults and what tells a void matrix."""
    if contract not in emulator.contracts():
        fail(f"--contract: there is no emulator for {contract}; known: {', '.join(emulator.contracts())}")
    cases = all_cases(contract)
    for name in faults:
        if name not in emulator.faults(contract):
            fail(f"--fault: {contract} has no fault {name}; see batchproof explain")
    if not faults:
        return cases
    return [case for case in cases if case.kind in ("healthy", "core", "canary") or case.name in faults]
