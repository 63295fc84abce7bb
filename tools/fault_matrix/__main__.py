"""Runs the whole fault matrix and, when it is as declared, writes ``docs/fault-matrix.md`` and ``reports/fault-matrix.json``: hours.

    python -m tools.fault_matrix -n 2

``--page`` writes the page alone, after a sentence or a reason has changed: seconds.
"""

import os
import sys

import click

from batchproof import emulator
from batchproof.fault_matrix import all_cases, matrix_of, run_all, summary_lines
from batchproof.report.files import write_whole
from tools.fault_matrix import proof
from tools.fault_matrix.declared import declared
from tools.fault_matrix.page import PAGE, page
from tools.mutation.scores import FILE as SCORES
from tools.mutation.scores import MutationError, read_scores


@click.command()
@click.option(
    "-n", "processes", type=click.IntRange(1), default=os.cpu_count() or 1, metavar="N", help="Processes."
)
@click.option("--page", "page_only", is_flag=True, help="Run nothing, and write the page alone.")
def main(processes: int, *, page_only: bool) -> None:
    """Run the whole fault matrix, and write what people read of it."""
    try:
        scores = read_scores(SCORES)
    except MutationError as error:
        raise click.ClickException(str(error)) from error
    contracts = sorted(emulator.contracts())
    if page_only:
        matrices = [declared(name) for name in contracts]
    else:
        cases = [case for name in contracts for case in all_cases(name)]
        seen = run_all(cases, processes, lambda case, _: click.echo(case.described))
        matrices = [matrix_of(name, seen) for name in contracts]
        for line in summary_lines(matrices):
            click.echo(line)
        if any(matrix.exit_code for matrix in matrices):
            sys.exit(max(matrix.exit_code for matrix in matrices))
        write_whole(proof.FILE, proof.to_json(map(proof.proof, matrices)))
    write_whole(PAGE, page(matrices, scores).encode())


if __name__ == "__main__":
    main()
