"""``batchproof run``: drives a server, records, judges and reports."""

import os
import re
import sys
from typing import Any

import click

from batchproof.actions import describe_to_actions
from batchproof.commands import options
from batchproof.commands.of_a_run import configured, of_a_run
from batchproof.console import console
from batchproof.failing import EXIT_BROKEN, EXIT_INTERRUPTED
from batchproof.history import Redactor
from batchproof.report import Progress, print_results
from batchproof.report.printable import visible
from batchproof.runner import run_scenarios
from batchproof.saying import fail

_FOR_XDIST = re.compile(r"-n[0-9=]?|--numprocesses\b|--dist\b")


@click.command("run", epilog=options.EXIT_CODES)
@of_a_run
@options.quiet
@options.verbose
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED, metavar="[-- PYTEST ARGS]")
def run_command(*, quiet: bool, verbose: bool, pytest_args: tuple[str, ...], **given: Any) -> None:
    """Drive a server, record, judge, and report.

    Without --target the embedded emulator is started and judged.
    With --target nothing that is billed is created unless --max-runs allows it.
    With --webhook-url webhooks are received and judged: subscribe an endpoint with this address, in the
    version of the contract, to the events of batches and runs.
    With --resume a run that was killed or interrupted goes on: scenarios that have ended are not repeated, one
    that was cut is driven again, and what was spent stays spent. One that came to its end is judged again.

    Example: batchproof run --target https://staging.example.com --max-runs 40
    """
    detail = options.detail(quiet=quiet, verbose=verbose)
    contract, settings = configured(given)
    screen = console()
    if settings.resume and pytest_args:
        fail("--resume: the run drives what it has not driven yet; leave out what follows --")
    if any(_FOR_XDIST.match(argument) for argument in pytest_args):
        fail("-n: scenarios share one run and its limits; use --workers N")
    progress = None if quiet else Progress(screen, verbose=verbose)
    ran = run_scenarios(contract, settings, pytest_args, progress)
    if ran.results is not None and ran.history is not None and not ran.unprintable:
        describe_to_actions(ran.results, ran.history, screen, os.environ)
        print_results(ran.results, ran.history, screen, folder=ran.folder, detail=detail)
    if ran.error is not None:
        fail(ran.error, ran.exit_code)
    if ran.exit_code == EXIT_BROKEN:
        redactor = Redactor(settings.secrets)
        for line in ran.output.splitlines():
            click.echo(visible(redactor.text(line)), err=True)
        fail("a scenario broke; this is a defect of batchproof, not of the server", EXIT_BROKEN)
    if ran.exit_code == EXIT_INTERRUPTED and ran.results is None:
        fail("interrupted before the first request", EXIT_INTERRUPTED)
    sys.exit(ran.exit_code)
