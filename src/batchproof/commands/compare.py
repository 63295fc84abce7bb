"""``batchproof compare``: what changed between two runs of one contract."""

import sys
from pathlib import Path

import click

from batchproof.commands.inputs import Input
from batchproof.console import console
from batchproof.contract import ContractError
from batchproof.failing import EXIT_BROKEN, described
from batchproof.history import HistoryError
from batchproof.report.comparison import DifferentContractsError, compare, to_json
from batchproof.report.comparison_pages import comparison_markdown, print_comparison
from batchproof.report.files import write_whole
from batchproof.report.page import Page
from batchproof.results_file import ResultsError, read_run
from batchproof.saying import fail

_CODES = """\b
Exit codes:
  0    nothing got worse
  1    a requirement newly failed, has a new finding, or a MUST is no longer
       established; what is expected, and what the second run was not asked
       to look at, does not count
  2    bad usage, or something that is no run of the same contract
  4    something could not be written
"""


_RUN = Input("the folder of a run, its results.json, or a history", kind="run")


@click.command("compare", epilog=_CODES)
@click.argument("run_a", type=_RUN)
@click.argument("run_b", type=_RUN)
@click.option(
    "--markdown",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the comparison as Markdown, too.",
)
@click.option(
    "--json",
    "as_json",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the comparison as JSON, too.",
)
def compare_command(run_a: Path, run_b: Path, markdown: Path | None, as_json: Path | None) -> None:
    """Tell what changed from RUN_A to RUN_B, two runs of one contract.

    Two days, two deployments, two servers. Each is the folder of a run, its results.json, or a history, which is
    judged. Findings are told apart by their fingerprints. Where the catalogues of requirements differ, what both
    have is compared.

    Example: batchproof compare reports/monday reports/latest
    """
    try:
        compared = compare(read_run(run_a), read_run(run_b), (str(run_a), str(run_b)))
    except (ContractError, DifferentContractsError, HistoryError, ResultsError) as error:
        fail(error)
    try:
        if markdown is not None:
            write_whole(markdown, comparison_markdown(compared).encode("utf-8", "backslashreplace"))
        if as_json is not None:
            write_whole(as_json, to_json(compared))
    except OSError as error:
        fail(described(error), EXIT_BROKEN)
    print_comparison(compared, Page(console()))
    sys.exit(1 if compared.worse else 0)
