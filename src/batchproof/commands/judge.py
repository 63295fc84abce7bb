"""``batchproof judge``: judges what was recorded."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import click
import msgspec

from batchproof.actions import describe_to_actions
from batchproof.bars import bar_of
from batchproof.client import ConfigError
from batchproof.client import webhook_secret as secret_of_webhooks
from batchproof.commands import options
from batchproof.commands.inputs import Input
from batchproof.console import console
from batchproof.contract import (
    ClaimError,
    Contract,
    ContractError,
    default_contract,
    in_order_of,
    load_contract,
)
from batchproof.failing import EXIT_BROKEN, described
from batchproof.folders import for_reports, keep_history
from batchproof.history import History, HistoryError, read_history
from batchproof.history.recorded import deliveries_in, read_deliveries
from batchproof.history.traffic import is_har
from batchproof.judging import judge
from batchproof.judging.somebody_elses import is_recorded
from batchproof.report import print_results, write_reports
from batchproof.saying import fail, say
from batchproof.traffic import judge_traffic, notes_of, read_traffic
from batchproof.version import __version__


@click.command("judge", epilog=options.EXIT_CODES)
@click.argument("history", type=Input("a history.ndjson or a HAR file"), required=False)
@click.option(
    "--webhooks",
    type=Input("recorded deliveries, one a line"),
    metavar="FILE",
    help='Judge recorded deliveries instead, or beside a HAR file, one a line: {"headers": {…}, "body": "the raw body"}.',
)
@options.webhook_secret
@click.option(
    "--base-url", metavar="URL", help="Which server of a HAR file to judge, if it holds calls of several."
)
@click.option(
    "--redact",
    multiple=True,
    metavar="POINTER",
    help="A place in bodies of a HAR file that is secret, too (a JSON Pointer, * for elements); may be given again.",
)
@options.contract
@options.config
@options.expected
@options.strict
@options.claim
@click.option(
    "--output",
    metavar="DIR",
    help="Folder for reports and, if HISTORY is one, for a copy of it; a HAR file and deliveries are not copied.",
)
@options.quiet
@options.verbose
def judge_command(
    history: Path | None,
    webhooks: Path | None,
    webhook_secret_env: str | None,
    contract: str | None,
    config: str | None,
    expected: str | None,
    claim: tuple[str, ...],
    output: str | None,
    base_url: str | None,
    redact: tuple[str, ...],
    *,
    strict_bar: bool | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Judge a recorded history again, traffic in a HAR file, or recorded deliveries of webhooks, offline.

    HISTORY is a history.ndjson, or a HAR file that a browser, a proxy or a library has exported; --webhooks adds
    deliveries to the latter. Secrets of a HAR file are found by themselves, and written nowhere.
    Deliveries may also say method, received_at (seconds since 1970, or a date-time) and, instead of body,
    body_base64. The exit code is 0 when no MUST failed and signature, headers and envelope were established.
    Of the configuration only the expected findings and strict are read; what is expected is so on the day
    of the run, and of recorded deliveries today.

    Example: batchproof judge reports/latest/history.ndjson
    """
    detail = options.detail(quiet=quiet, verbose=verbose)
    recording = history if history is not None and is_har(history) else None
    if recording is None and (history is None) == (webhooks is None):
        fail("judge: give a history, or recorded deliveries with --webhooks FILE")
    if recording is None and (base_url is not None or redact):
        fail("judge: --base-url and --redact are for HAR files, whose traffic somebody else has recorded")
    notes: list[str] = []
    try:
        secret = (
            None if webhooks is None else secret_of_webhooks(webhook_secret_env, "--webhooks", os.environ)
        )
        if recording is not None:
            loaded = load_contract(contract or default_contract())
            deliveries = None
            if webhooks is not None and secret is not None:
                deliveries = deliveries_in(webhooks, loaded, secret=secret.value, secret_name=secret.name)
            traffic = read_traffic(recording, loaded, base_url=base_url, deliveries=deliveries, redact=redact)
            traffic = traffic.of(_claiming(loaded, recording, traffic.clean, claim).header.claims)
            bar = bar_of(config, expected, strict_bar, loaded, traffic.clean)
            results, recorded = judge_traffic(loaded, traffic, bar)
            notes = traffic.notes
        elif webhooks is not None and secret is not None:
            loaded = load_contract(contract or default_contract())
            recorded = read_deliveries(
                webhooks, loaded, secret=secret.value, secret_name=secret.name, suite=__version__
            )
        else:
            assert history is not None
            recorded = read_history(history)
            loaded = load_contract(contract or recorded.header.contract)
        if recording is None:
            recorded = _claiming(loaded, history or webhooks or Path(), recorded, claim)
            results = judge(loaded, recorded, bar_of(config, expected, strict_bar, loaded, recorded))
            notes = notes_of(loaded, recorded) if is_recorded(recorded) else []
    except (ConfigError, HistoryError, ContractError) as error:
        fail(error)
    folder: Path | None = None
    if output is not None:
        try:
            with ExitStack() as stack:
                evidence = history if recording is None else None
                folder = for_reports(output, evidence, stack)
                if evidence is not None:
                    keep_history(folder, evidence)
                write_reports(folder, loaded, results, recorded)
        except ConfigError as error:
            fail(error)
        except OSError as error:
            fail(described(error), EXIT_BROKEN)
    screen = console()
    describe_to_actions(results, recorded, screen, os.environ)
    print_results(results, recorded, screen, folder=folder, detail=detail)
    for note in notes:
        say(note)
    sys.exit(results.exit_code)


def _claiming(contract: Contract, file: Path, history: History, claim: tuple[str, ...]) -> History:
    """``history``, which is that of ``file``, of a server that claims ``claim``, or else what it says itself.

    Raises ``ConfigError`` or ``HistoryError``.
    """
    given = claim or history.header.claims
    if given is None:
        return history
    try:
        claims = list(in_order_of(contract, given))
    except ClaimError as error:
        if claim:
            raise ConfigError("--claim", "", str(error)) from error
        raise HistoryError(f"{file}: header: claims: {error}; --claim NAME overrides it") from error
    return history._replace(header=msgspec.structs.replace(history.header, claims=claims))
