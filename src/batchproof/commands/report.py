"""``batchproof report``: makes ``report.html`` anew from what a run has left."""

from contextlib import ExitStack
from pathlib import Path

import click

from batchproof.contract import ContractError, load_contract
from batchproof.failing import EXIT_BROKEN, told
from batchproof.folders import HISTORY, PAGE, held
from batchproof.history import HistoryError, read_history
from batchproof.report.files import write_page
from batchproof.results_file import RESULTS, ResultsError, read_run
from batchproof.target import ConfigError
from batchproof.telling import fail

_CODES = """\b
Exit codes:
  0    report.html is written
  2    bad usage, or a folder without a whole report of one run
  4    report.html could not be written
"""


@click.command("report", epilog=_CODES)
@click.argument("run", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--contract", metavar="ID", help="The contract: an id, or a contract folder.")
def report_command(run: Path, contract: str | None) -> None:
    """Make the report.html of a run anew.

    DIR is the folder of a run. What was judged is in its results.json, and what happened in its history.ndjson;
    nothing is judged again, and nothing is sent.

    Example: batchproof report reports/latest
    """
    try:
        with ExitStack() as stack:
            stack.enter_context(held(run))
            results = read_run(run / RESULTS)
            history = read_history(run / HISTORY)
            if history.sha256 != results.history_sha256:
                fail(
                    f"{run / RESULTS}: was made from another history than {HISTORY} beside it; "
                    f"use: batchproof judge {run / HISTORY} --output {run}"
                )
            write_page(run, load_contract(contract or results.contract), results, history)
    except (ConfigError, ContractError, HistoryError, ResultsError) as error:
        fail(error)
    except OSError as error:
        fail(told(error), EXIT_BROKEN)
    click.echo(str(run / PAGE))
