"""``batchproof report``: makes every report anew from what a run has left."""

import os
from contextlib import ExitStack
from pathlib import Path

import click

from batchproof.actions import describe_to_actions
from batchproof.client import ConfigError
from batchproof.commands.inputs import Input
from batchproof.console import console
from batchproof.contract import ContractError, load_contract
from batchproof.failing import EXIT_BROKEN, described
from batchproof.folders import HISTORY, held
from batchproof.history import HistoryError, read_history
from batchproof.report.files import write_from
from batchproof.report.printable import visible
from batchproof.results_file import RESULTS, ResultsError, read_run
from batchproof.saying import fail

_CODES = """\b
Exit codes:
  0    the reports are written
  2    bad usage, or a folder without results and history of one run
  4    a report could not be written
"""


@click.command("report", epilog=_CODES)
@click.argument("run", type=Input("the folder of a run", kind="folder"), metavar="DIR")
@click.option("--contract", metavar="ID", help="The contract: an id, or a contract folder.")
def report_command(run: Path, contract: str | None) -> None:
    """Make the reports of a run anew: report.html, and the files for other programs.

    DIR is the folder of a run. What was judged is in its results.json, and what happened in its history.ndjson;
    nothing is judged again, and nothing is sent. Prints the names of the files.

    Example: batchproof report reports/latest
    """
    try:
        with ExitStack() as stack:
            stack.enter_context(held(run))
            results = read_run(run / RESULTS)
            if not (run / HISTORY).exists():
                fail(
                    f"{run / HISTORY}: does not exist, so these are reports on a HAR file or on deliveries; "
                    f"make them anew from that: batchproof judge FILE --output {run}"
                )
            history = read_history(run / HISTORY)
            if history.sha256 != results.history_sha256:
                fail(
                    f"{run / RESULTS}: was made from another history than {HISTORY} beside it; "
                    f"use: batchproof judge {run / HISTORY} --output {run}"
                )
            loaded = load_contract(contract or results.contract)
            written = write_from(run, loaded, results, history, (run / RESULTS).read_bytes())
    except (ConfigError, ContractError, HistoryError, ResultsError) as error:
        fail(error)
    except OSError as error:
        fail(described(error), EXIT_BROKEN)
    describe_to_actions(results, history, console(), os.environ)
    for file in written:
        click.echo(visible(str(file)))
