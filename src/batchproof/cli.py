"""The command line. It parses, calls and prints; nothing is decided here."""

import itertools
import json
import os
import re
import secrets
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import msgspec

import batchproof
from batchproof import emulator, interruption
from batchproof.bars import bar_of
from batchproof.commands.compare import compare_command
from batchproof.commands.contract import contract_group
from batchproof.commands.record import record_command
from batchproof.commands.report import report_command
from batchproof.commands.upgrade import upgrade_command
from batchproof.contract import (
    ClaimError,
    Contract,
    ContractError,
    default_contract,
    in_order_of,
    load_contract,
)
from batchproof.contract.openapi import openapi_document
from batchproof.failing import EXIT_BROKEN, EXIT_INTERRUPTED, told
from batchproof.folders import HISTORY, fresh
from batchproof.history import History, HistoryError, Redactor, read_history
from batchproof.history.recorded import deliveries_in, read_deliveries
from batchproof.history.traffic import is_har
from batchproof.judge import judge
from batchproof.judge.somebody_elses import is_recorded
from batchproof.leaks import LeakError
from batchproof.memory import collect_rarely, give_back
from batchproof.merging import merged
from batchproof.parts import write as write_history
from batchproof.plan import exit_code, obstacles, plan, plan_json, plan_lines
from batchproof.replay import ScriptError, replay, write_scripts
from batchproof.report import Detail, Progress, print_results, write_reports
from batchproof.report.catalogue import requirement_lines, requirements_json
from batchproof.report.coverage import coverage, coverage_lines
from batchproof.report.expected import entries_for
from batchproof.report.explanation import explain
from batchproof.report.page import Page
from batchproof.report.printable import visible
from batchproof.results_file import ResultsError, read_run
from batchproof.runner import run_scenarios
from batchproof.session import configure, foreseen
from batchproof.target import (
    MOST_WORKERS,
    ConfigError,
    Options,
    Settings,
    webhook_secret,
)
from batchproof.target.webhooks import DEFAULT_SECRET_ENV
from batchproof.telling import WIDTH
from batchproof.telling import console as _console
from batchproof.telling import fail as _fail
from batchproof.telling import tell as _tell
from batchproof.traffic import judge_traffic, notes_of, read_traffic

if TYPE_CHECKING:
    from batchproof.discrimination import Case

EXIT_CODES = """\b
Exit codes:
  0    no MUST failed, all that is owed was established, no scenario gave up
  1    a MUST failed unexpectedly, or an expected finding is gone or over
  2    bad usage or configuration
  3    nothing failed, but not all that the profile owes was established
  4    batchproof broke, something could not be written or held a secret
  130  interrupted; what there is was judged and reported
"""
PLAN_CODES = """\b
Exit codes:
  0    everything that the profile owes can be established
  2    bad usage or configuration
  3    limits or fixtures keep some of it out of reach
"""
REPLAY_CODES = """\b
Exit codes:
  0    the server keeps the requirement now
  1    the server is still wrong
  2    bad usage or configuration
  3    nothing could be told
"""
DISCRIMINATE_CODES = """\b
Exit codes:
  0    every fault is caught, and nothing that is legal is found fault with
  1    a fault escaped, something unexpected failed, or a row cannot fail
  2    bad usage or data
  3    VOID: the healthy emulator fails, or the canary is not caught
"""
_FOR_XDIST = re.compile(r"-n[0-9=]?|--numprocesses\b|--dist\b")

_contract = click.option("--contract", metavar="ID", help="The contract: an id, or a contract folder.")
_claim = click.option(
    "--claim",
    multiple=True,
    metavar="NAME",
    help="A capability that the server claims; may be given again (default: all of them).",
)
_output = click.option("--output", metavar="DIR", help="Folder for history and reports.")
_webhook_secret = click.option(
    "--webhook-secret-env",
    metavar="NAME",
    help="Environment variable with the signing secret of webhooks (default: BATCHPROOF_WEBHOOK_SECRET).",
)
_expected = click.option(
    "--expected", metavar="FILE", help="Findings that fail nothing, instead of those of the configuration."
)
_strict = click.option(
    "--strict",
    "strict_bar",
    is_flag=True,
    default=None,
    help="A SHOULD that fails, fails the run as a MUST does.",
)
_quiet = click.option("--quiet", is_flag=True, help="Print the claim and the verdict only.")
_verbose = click.option(
    "-v", "--verbose", is_flag=True, help="Print every scenario, all evidence, and what else there is to say."
)


def _detail(*, quiet: bool, verbose: bool) -> Detail:
    if quiet and verbose:
        _fail("--quiet: prints the least, and --verbose the most; leave out one of them")
    return "quiet" if quiet else "full" if verbose else "brief"


_target = click.option(
    "--target", metavar="URL", help="Base address of the server. Without it: the embedded emulator."
)
_token_env = click.option(
    "--token-env", metavar="NAME", help="Environment variable with the token (default: BATCHPROOF_TOKEN)."
)
_token_file = click.option("--token-file", metavar="FILE", help="File with the token.")
_config = click.option(
    "--config", metavar="FILE", help="Configuration file (default: batchproof.toml, if it is there)."
)
_ca_file = click.option(
    "--ca-file", metavar="FILE", help="Certificates (PEM) that the server's is verified by."
)
_max_runs = click.option(
    "--max-runs",
    type=click.IntRange(0),
    metavar="N",
    help="Documents that may be processed, and billed (default with --target: 0).",
)


_OPTIONS_OF_A_RUN = (
    _contract,
    _target,
    _token_env,
    _token_file,
    _ca_file,
    _config,
    click.option(
        "--profile",
        type=click.Choice(["quick", "core", "full"]),
        help="How much to exercise (default: core).",
    ),
    _max_runs,
    click.option("--max-requests", type=click.IntRange(1), metavar="N", help="Requests that may be sent."),
    click.option(
        "--workers",
        type=click.IntRange(1, MOST_WORKERS),
        metavar="N",
        help="Scenarios at a time (default: 16, on the embedded emulator 1).",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        metavar="N",
        help="Seed of all random choices (default: 0, in profile full a random one).",
    ),
    click.option(
        "--webhook-url",
        metavar="URL",
        help="Where the server reaches the receiver of webhooks (the emulator finds it by itself).",
    ),
    click.option(
        "--webhook-listen",
        metavar="HOST:PORT",
        help="Where the receiver listens, if its address does not say so itself.",
    ),
    _webhook_secret,
    click.option(
        "--shard", metavar="K/N", help="Drive the K-th of N shares of the plan; see batchproof merge."
    ),
    click.option(
        "--resume",
        metavar="DIR",
        help="Go on with the run in DIR, which was cut: its contract, target, profile, seed and limits hold.",
    ),
    _expected,
    _strict,
    _claim,
    _output,
)


def _of_a_run(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that say what a run is."""
    for option in reversed(_OPTIONS_OF_A_RUN):
        command = option(command)
    return command


class _UnreadError(Exception):
    """Nobody reads the output any more."""


class _Commands(click.Group):
    """Tells when the reader of the output has gone; click would end with 1."""

    def make_context(self, *about: Any, **more: Any) -> click.Context:
        with _read():
            return super().make_context(*about, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _read():
            return super().invoke(ctx)


@contextmanager
def _read() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _UnreadError(told(error)) from error


def main() -> NoReturn:
    """Runs a command and ends the process with its exit code: 1 means what the command says, and nothing else."""
    interruption.install()
    code: object = EXIT_BROKEN
    if sys.stdout is None:
        _tell("the standard output is closed, so nothing could be told")
        sys.exit(EXIT_BROKEN)
    try:
        code = commands(standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as ended:
        code = ended.code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = EXIT_INTERRUPTED
        _tell("interrupted")
    except (OSError, _UnreadError) as error:
        _tell(told(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no failed requirement
        *_, frame = traceback.extract_tb(error.__traceback__)
        _tell(
            f"{type(error).__name__}: {error} ({Path(frame.filename).name}, line {frame.lineno}); "
            "this is a defect of batchproof"
        )
    try:
        sys.stdout.flush()
    except OSError:
        code = EXIT_BROKEN
        # what is left would be written, and fail, once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code if isinstance(code, int) else 0)


@click.group(
    "batchproof",
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
    epilog=EXIT_CODES,
    no_args_is_help=False,
    invoke_without_command=True,
)
@click.version_option(batchproof.__version__, prog_name="batchproof")
@click.pass_context
def commands(context: click.Context) -> None:
    """Prove whether a server keeps what its vendor's documentation says.

    Example: batchproof run
    """
    collect_rarely()
    give_back()
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (compare_command, contract_group, record_command, report_command, upgrade_command):
    commands.add_command(_command)


@commands.command(epilog=EXIT_CODES)
@_of_a_run
@_quiet
@_verbose
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED, metavar="[-- PYTEST ARGS]")
def run(*, quiet: bool, verbose: bool, pytest_args: tuple[str, ...], **given: Any) -> None:
    """Drive a server, record, judge, and report.

    Without --target the embedded emulator is started and judged.
    With --target nothing that is billed is created unless --max-runs allows it.
    With --webhook-url webhooks are received and judged: subscribe an endpoint with this address, in the
    version of the contract, to the events of batches and runs.
    With --resume a run that was killed or interrupted goes on: scenarios that have ended are not repeated, one
    that was cut is driven again, and what was spent stays spent. One that came to its end is judged again.

    Example: batchproof run --target https://staging.example.com --max-runs 40
    """
    detail = _detail(quiet=quiet, verbose=verbose)
    contract, settings = _configured(given)
    console = _console()
    if settings.resume and pytest_args:
        _fail("--resume: the run drives what it has not driven yet; leave out what follows --")
    if any(_FOR_XDIST.match(argument) for argument in pytest_args):
        _fail("-n: scenarios share one run and its limits; use --workers N")
    progress = None if quiet else Progress(console, verbose=verbose)
    ran = run_scenarios(contract, settings, pytest_args, progress)
    if ran.results is not None and ran.history is not None and not ran.unprintable:
        print_results(ran.results, ran.history, console, folder=ran.folder, detail=detail)
    if ran.error is not None:
        _fail(ran.error, ran.exit_code)
    if ran.exit_code == EXIT_BROKEN:
        redactor = Redactor(settings.secrets)
        for line in ran.output.splitlines():
            click.echo(visible(redactor.text(line)), err=True)
        _fail("a scenario broke; this is a defect of batchproof, not of the server", EXIT_BROKEN)
    if ran.exit_code == EXIT_INTERRUPTED and ran.results is None:
        _fail("interrupted before the first request", EXIT_INTERRUPTED)
    sys.exit(ran.exit_code)


def _configured(given: Mapping[str, Any]) -> tuple[Contract, Settings]:
    try:
        contract, settings = configure(Options(**given), os.environ)
    except (ConfigError, ContractError) as error:
        _fail(error)
    if settings.base_url is None and contract.id not in emulator.contracts():
        _fail(f"--target: is needed, because there is no emulator for {contract.id}")
    return contract, settings


@commands.command("plan", epilog=PLAN_CODES)
@_of_a_run
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Name the requirements, too.")
def plan_command(*, as_json: bool, verbose: bool, **given: Any) -> None:
    """Tell what a run would cost at most, and what it could establish. Nothing is sent.

    Scenarios are listed in the order in which they would be driven: what establishes most for what it costs
    comes first.

    Example: batchproof plan --target https://staging.example.com --max-runs 40
    """
    contract, settings = _configured(given)
    settings = foreseen(contract, settings)
    planned = plan(contract, settings)
    found = obstacles(contract, settings, planned)
    if as_json:
        click.echo(json.dumps(plan_json(planned, found, settings), indent=2))
    else:
        for line in plan_lines(planned, found, settings, verbose=verbose):
            click.echo(line)
    sys.exit(exit_code(found))


@commands.command("judge", epilog=EXIT_CODES)
@click.argument("history", type=click.Path(path_type=Path), required=False)
@click.option(
    "--webhooks",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='Judge recorded deliveries instead, or beside a HAR file, one a line: {"headers": {…}, "body": "the raw body"}.',
)
@_webhook_secret
@click.option(
    "--base-url", metavar="URL", help="Which server of a HAR file to judge, if it holds calls of several."
)
@click.option(
    "--redact",
    multiple=True,
    metavar="POINTER",
    help="A place in bodies of a HAR file that is secret, too (a JSON Pointer, * for elements); may be given again.",
)
@_contract
@_config
@_expected
@_strict
@_claim
@_output
@_quiet
@_verbose
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
    detail = _detail(quiet=quiet, verbose=verbose)
    recording = history if history is not None and is_har(history) else None
    if recording is None and (history is None) == (webhooks is None):
        _fail("judge: give a history, or recorded deliveries with --webhooks FILE")
    if recording is None and (base_url is not None or redact):
        _fail("judge: --base-url and --redact are for HAR files, whose traffic somebody else has recorded")
    notes: list[str] = []
    try:
        secret = None if webhooks is None else webhook_secret(webhook_secret_env, "--webhooks", os.environ)
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
                webhooks, loaded, secret=secret.value, secret_name=secret.name, suite=batchproof.__version__
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
        _fail(error)
    folder = Path(output) if output is not None else None
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_reports(folder, loaded, results, recorded)
        except OSError as error:
            _fail(told(error), EXIT_BROKEN)
    print_results(results, recorded, _console(), folder=folder, detail=detail)
    for note in notes:
        _tell(note)
    sys.exit(results.exit_code)


@commands.command("merge", epilog=EXIT_CODES)
@click.argument("shards", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="DIR...")
@_contract
@_config
@_expected
@_strict
@click.option("--output", required=True, metavar="DIR", help="Folder for history and reports.")
@_quiet
@_verbose
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
    detail = _detail(quiet=quiet, verbose=verbose)
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
        _fail(error)
    except OSError as error:
        _fail(told(error), EXIT_BROKEN)
    print_results(results, recorded, _console(), folder=folder, detail=detail)
    for note in joined.notes:
        _tell(note)
    sys.exit(results.exit_code)


@commands.command("expect")
@click.argument("run", type=click.Path(path_type=Path))
@_contract
@_strict
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
        _fail(error)
    for line in entries_for(results, strict=strict):
        click.echo(line)


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


@commands.command("replay", epilog=REPLAY_CODES)
@click.argument("finding", type=click.Path(path_type=Path))
@_contract
@_target
@_token_env
@_token_file
@_ca_file
@_config
@_max_runs
@_output
def replay_command(finding: Path, **given: Any) -> None:
    """Send the requests of one finding again, and tell whether the server is still wrong.

    FINDING is a file in the replays folder of a report, or the name of one in
    reports/latest/replays. Without --target the server is the one that the
    finding is from; the embedded emulator, if it was that.

    Example: batchproof replay reports/latest/replays/0f3a9c1d2b4e5f60.json
    """
    try:
        sys.exit(replay(finding, Options(**given), os.environ, Page(_console()).verbatim))
    except (ConfigError, ContractError, ScriptError) as error:
        _fail(error)
    except LeakError as error:
        _fail(error, EXIT_BROKEN)
    except OSError as error:
        _fail(told(error), EXIT_BROKEN)


@commands.command()
@_contract
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port (default: a free one)."
)
@click.option(
    "--step-ms",
    type=click.IntRange(1),
    default=50,
    metavar="N",
    help="Milliseconds that each state lasts (default: 50).",
)
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Plant a fault; may be given again.")
@click.option(
    "--variant",
    "variants",
    multiple=True,
    metavar="NAME",
    help="Behave unusually, but legally; may be given again.",
)
@click.option("--token-env", metavar="NAME", help="Accept only the token in this environment variable.")
@click.option("--webhook", "webhook_url", metavar="URL", help="Deliver the events of every workspace there.")
@_webhook_secret
@click.option(
    "--clock",
    type=click.Choice(["wall", "requests"]),
    default="wall",
    help="What moves the emulator's time: the wall clock (default), or every request.",
)
def serve(
    contract: str | None,
    port: int,
    step_ms: int,
    faults: tuple[str, ...],
    variants: tuple[str, ...],
    token_env: str | None,
    webhook_url: str | None,
    webhook_secret_env: str | None,
    clock: str,
) -> None:
    """Run the emulator alone until it is interrupted.

    Every bearer token is accepted, and each is a workspace of its own, except those that
    contain a word like "unknown" or "invalid". Without a secret in the environment, the one
    that signs webhooks is made up and printed. With --clock requests nothing happens while
    nobody asks, ids are the same in every run, times count from the start, and an address is
    printed: POST to it with ?seconds=N moves the clock.

    Example: batchproof serve --port 8080 --fault status-lowercase
    """
    tokens = None
    if token_env is not None:
        token = os.environ.get(token_env)
        if not token:
            _fail(f"--token-env: the environment variable {token_env} is not set; put the token there")
        tokens = [token]
    secret = os.environ.get(webhook_secret_env or DEFAULT_SECRET_ENV)
    if webhook_secret_env is not None and not secret:
        _fail(f"--webhook-secret-env: the environment variable {webhook_secret_env} is not set")
    made_up = None if secret else f"wss_{secrets.token_urlsafe(24)}"
    about: dict[str, Any] = {
        "step_ms": step_ms,
        "faults": faults,
        "variants": variants,
        "tokens": tokens,
        "webhook": None if webhook_url is None else emulator.Webhook(webhook_url, secret or made_up or ""),
    }
    made: emulator.Embedded | emulator.Server
    try:
        if clock == "requests":
            made = emulator.Embedded(contract or default_contract(), port=port, **about)
        else:
            made = emulator.Server(emulator.create_app(contract or default_contract(), **about), port=port)
    except ValueError as error:
        _fail(error)
    try:
        with made as server:
            click.echo(f"READY {server.url}")
            if isinstance(server, emulator.Embedded):
                click.echo(f"CLOCK {server.control}")
            if webhook_url is not None and made_up is not None:
                click.echo(f"SECRET {made_up}")
            server.wait()
    except KeyboardInterrupt:
        return
    except OSError as error:
        _fail(f"--port {port}: cannot be used: {error.strerror}; choose another one")


@commands.command(epilog=DISCRIMINATE_CODES)
@_contract
@click.option(
    "-n",
    "processes",
    type=click.IntRange(1),
    metavar="N",
    help="Processes that share the work (default: one a core).",
)
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Only this fault; may be given again.")
@click.option(
    "--write", is_flag=True, help="Write docs/discrimination.md and reports/discrimination/*.json here."
)
def discriminate(
    contract: str | None, processes: int | None, faults: tuple[str, ...], *, write: bool
) -> None:
    """Plant every fault into the emulator and see whether the suite catches it.

    Without --contract: all emulated contracts.

    Example: batchproof discriminate -n 2
    """
    # half a second that no other command needs
    from batchproof.discrimination import (  # noqa: PLC0415
        MUTATION_FILE,
        ExpectationsError,
        MutationError,
        matrix_of,
        read_scores,
        run_all,
        summary_lines,
        write_pages,
    )

    contracts = emulator.contracts() if contract is None else (contract,)
    cases = [case for name in contracts for case in _cases(name, faults)]
    if write and faults:
        _fail("--write: needs all faults; leave --fault out")
    try:
        scores = read_scores(MUTATION_FILE) if write else None
    except MutationError as error:
        _fail(error)
    console = _console()
    done = itertools.count(1)

    def progress(case: "Case", _seen: object) -> None:
        if console.is_terminal:
            console.print(f"{next(done)} of {len(cases)}: {case.told}"[:WIDTH].ljust(WIDTH - 1), end="\r")

    try:
        seen = run_all(cases, processes or os.cpu_count() or 1, progress)
        matrices = [matrix_of(name, seen, whole=not faults) for name in contracts]
    except ExpectationsError as error:
        _fail(error)
    if write:
        try:
            write_pages(matrices, scores, Path.cwd())
        except OSError as error:
            _fail(told(error), EXIT_BROKEN)
    for line in summary_lines(matrices):
        click.echo(line)
    sys.exit(max(matrix.exit_code for matrix in matrices))


def _cases(contract: str, faults: tuple[str, ...]) -> "list[Case]":
    """All cases of an emulated contract; with ``faults``, only those faults and what tells a void matrix."""
    from batchproof.discrimination import all_cases  # noqa: PLC0415

    if contract not in emulator.contracts():
        _fail(f"--contract: there is no emulator for {contract}; known: {', '.join(emulator.contracts())}")
    cases = all_cases(contract)
    for name in faults:
        if name not in emulator.faults(contract):
            _fail(f"--fault: {contract} has no fault {name}; see batchproof explain")
    if not faults:
        return cases
    return [case for case in cases if case.kind in ("healthy", "core", "canary") or case.name in faults]


@commands.command()
@_contract
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--coverage", "as_coverage", is_flag=True, help="How much of the documentation is tested.")
def requirements(contract: str | None, *, as_json: bool, as_coverage: bool) -> None:
    """List every requirement of a contract.

    Example: batchproof requirements --json
    """
    loaded = _loaded(contract)
    if as_json:
        listed: Any = coverage(loaded) if as_coverage else requirements_json(loaded)
        click.echo(json.dumps(listed, indent=2))
        return
    for line in coverage_lines(loaded) if as_coverage else requirement_lines(loaded):
        click.echo(line)


@commands.command("explain")
@click.argument("requirement")
@_contract
def explain_command(requirement: str, contract: str | None) -> None:
    """Explain one requirement and how it is tested.

    Example: batchproof explain batch_run.status.enum
    """
    loaded = _loaded(contract)
    known = emulator.faults(loaded.id) if loaded.id in emulator.contracts() else {}
    try:
        click.echo(explain(loaded, requirement, {name: fault.breaks for name, fault in known.items()}))
    except LookupError as error:
        _fail(error.args[0])


@commands.command()
@_contract
def openapi(contract: str | None) -> None:
    """Print an OpenAPI 3.1 document made from the contract.

    Example: batchproof openapi > openapi.json
    """
    click.echo(json.dumps(openapi_document(_loaded(contract)), indent=2))


def _loaded(reference: str | None) -> Contract:
    try:
        return load_contract(reference or default_contract())
    except ContractError as error:
        _fail(error)
