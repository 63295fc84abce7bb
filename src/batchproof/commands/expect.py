"""``batchproof expect``: entries of expected findings for what failed."""

from pathlib import Path

import click

from batchproof.commands import options
from batchproof.commands.inputs import Input
from batchproof.contract import ContractError
from batchproof.history import HistoryError
from batchproof.report.expected import entries_for
from batchproof.results_file import ResultsError, read_run
from batchproof.saying import fail


@click.command("expect")
@click.argument("run", type=Input("the folder of a run, its results.json, or a history", kind="run"))
@options.contract
@options.strict
def expect_command(run: Path, contract: str | None, *, strict_bar: bool | None) -> None:
    """Print entries of expected findings, ready for batchproof.toml, for what failed a run.

    RUN is the folder of a run, its results.json, or a history, which is judged. What results.json says is
    expected is left out. Put your own reason into each entry, and a link and a date (until) if there are any.

    Example: batchproof expect reports/latest >> batchproof.toml
    """
    strict = strict_bar or False
    try:
        results = read_run(run, contract)
    except (HistoryError, ContractError, ResultsError) as error:
        fail(error)
    for line in entries_for(results, strict=strict):
        click.echo(line)
