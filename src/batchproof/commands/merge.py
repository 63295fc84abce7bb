"""``batchproof merge``: the shards of a run as one."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from batchproof.actions import describe_to_actions
from batchproof.bars import bar_of
from batchproof.client import ConfigError
from batchproof.commands import options
from batchproof.commands.inputs import Input
from batchproof.console import console
from batchproof.contract import ContractError, load_contract
from batchproof.failing import EXIT_BROKEN, described
from batchproof.folders import HISTORY, fresh
from batchproof.history import HistoryError, read_history
from batchproof.judging import judge
from batchproof.merging import merged
from batchproof.parts import write as write_history
from batchproof.replay import write_scripts
from batchproof.report import print_results, write_reports
from batchproof.saying import fail, say


@click.command("merge", epilog=options.EXIT_CODES)
@click.argument(
    "shards",
    type=Input("the folder of a run with --shard", kind="run"),
    nargs=-1,
    required=True,
    metavar="DIR...",
)
@options.contract
@options.config
@options.expected
@options.strict
@click.option("--output", required=True, metavar="DIR", help="Folder for history and reports.")
@options.quiet
@options.verbose
def merge_command(
    shards: tuple[Path, ...],
    contract: str | None,
    config: str | None,
    expected: str | None,
    output: str,
    *,
    strict_bar: bool | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Join the histories of the shards of a run, and judge them as one, offline.

    Each DIR is the folder of a run with --shard; all have one contract, target, profile and seed. What only a
    missing shard would show is inconclusive. The clocks of the machines should agree: what one shard saw is
    compared with what the others saw.

    Example: batchproof merge reports/shard-1 reports/shard-2 --output reports/merged
    """
    detail = options.detail(quiet=quiet, verbose=verbose)
    try:
        joined = merged(shards)
        with ExitStack() as stack:
            folder = fresh(output, shards, stack)
            write_history(folder, joined.events)
            recorded = read_history(folder / HISTORY)
            loaded = load_contract(contract or recorded.header.contract)
            results = judge(loaded, recorded, bar_of(config, expected, strict_bar, loaded, recorded))
            write_reports(folder, loaded, results, recorded)
            write_scripts(folder, loaded, results, recorded)
    except (ConfigError, HistoryError, ContractError) as error:
        fail(error)
    except OSError as error:
        fail(described(error), EXIT_BROKEN)
    screen = console()
    describe_to_actions(results, recorded, screen, os.environ)
    print_results(results, recorded, screen, folder=folder, detail=detail)
    for note in joined.notes:
        say(note)
    sys.exit(results.exit_code)
