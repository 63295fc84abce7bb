"""``batchproof replay``: one finding, asked about again."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import msgspec

from batchproof import interruption
from batchproof import session as running
from batchproof.client import ConfigError, Options, Settings
from batchproof.contract import Contract
from batchproof.drive import Unmet
from batchproof.folders import HISTORY, SCRIPTS, claim
from batchproof.history import Exchange
from batchproof.judging import Finding, weigh
from batchproof.leaks import check
from batchproof.replay.performing import Performance, perform
from batchproof.replay.script import Script, ScriptError, read_script
from batchproof.report.evidence import exchange_line
from batchproof.report.printable import as_json, short, visible

LATEST = Path("reports", "latest", SCRIPTS)
_EXIT_CODES = {"mended": 0, "wrong": 1, "unknown": 3}


def replay(
    finding: Path, options: Options, environment: Mapping[str, str], say: Callable[[str], object]
) -> int:
    """Sends the requests of ``finding``, a script file, and returns the exit code; ``say`` prints a line.

    Raises ``ScriptError``, ``ConfigError``, ``ContractError``, ``LeakError`` or ``OSError``.
    """
    file = _found(finding)
    script = read_script(file)
    contract, settings = _configured(script, options, environment)
    _check(file, script, contract, settings)
    with ExitStack() as stack:
        endpoint = msgspec.structs.replace(
            running.prepare_endpoint(contract, settings, stack), registers=False
        )
        folder = claim(settings, f"{endpoint.started_at}-replay", stack)
        session = running.Session(contract, settings, folder, endpoint)
        try:
            session.start()
            count = len(script.steps)
            say(
                f"{visible(script.requirement)}: {count} request{'' if count == 1 else 's'} to {endpoint.label}"
            )
            performance = _performed(session, script)
        finally:
            _close(session, settings)
    for line in _described(contract, script, performance, endpoint.started_at):
        say(line)
    say(f"history: {folder / HISTORY}")
    return _EXIT_CODES[performance.outcome]


def _close(session: running.Session, settings: Settings) -> None:
    """Ends the history, however it came to that, and looks whether a secret stands in it."""
    try:
        session.close(interrupted=interruption.received())
    finally:
        check(session.folder, session.endpoint.applied(settings).secrets)


def _found(finding: Path) -> Path:
    if finding.is_file() or finding.suffix:
        return finding
    return LATEST / f"{finding.name}.json"


def _configured(
    script: Script, options: Options, environment: Mapping[str, str]
) -> tuple[Contract, Settings]:
    recorded = script.target if script.target.startswith(("http://", "https://")) else None
    chosen = msgspec.structs.replace(options, contract=options.contract or script.contract, profile="quick")
    contract, settings = running.configure(chosen, environment)
    if settings.base_url is None and recorded is not None:
        return running.configure(msgspec.structs.replace(chosen, target=recorded), environment)
    return contract, settings


def _check(file: Path, script: Script, contract: Contract, settings: Settings) -> None:
    """Raises ``ScriptError`` or ``ConfigError`` when the script cannot be sent as it is."""
    for number, step in enumerate(script.steps):
        if step.operation not in contract.manifest.operations:
            raise ScriptError(
                f"{file}: steps/{number}/operation: {contract.id} has no operation {step.operation}; "
                "choose the contract that the finding is from"
            )
    if script.requirement not in contract.requirements:
        raise ScriptError(f"{file}: requirement: {contract.id} has no requirement {script.requirement}")
    if script.documents > settings.max_runs:
        raise ConfigError(
            "--max-runs", "", f"this finding needs {script.documents} document(s) processed; allow as many"
        )


def _performed(session: running.Session, script: Script) -> Performance:
    if session.trouble is not None or session.api is None:
        return Performance("unknown", [], [], session.trouble)
    session.api.client.scenario = f"replay {script.fingerprint}"
    try:
        return perform(session.api, script, started_at=session.endpoint.started_at)
    except Unmet as unmet:
        session.record(unmet, session.api.client.scenario)
        return Performance("unknown", [], [], f"{unmet.reason}: {unmet.detail}")


def _described(contract: Contract, script: Script, performance: Performance, started_at: str) -> list[str]:
    lines = [f"  {exchange_line(exchange)}" for exchange in performance.exchanges]
    code = f"(exit {_EXIT_CODES[performance.outcome]})"
    if performance.outcome == "unknown":
        return [*lines, f"UNKNOWN: {short(performance.detail or '')} {code}"]
    if performance.outcome == "mended":
        return [*lines, f"MENDED: the server keeps {visible(script.requirement)} now {code}"]
    finding = _shown(contract, script, performance.exchanges, started_at)
    return [
        *lines,
        f"  found:    {short(finding.message)}",
        f"  expected: {short(finding.expected)}",
        f"  observed: {as_json(finding.observed)}",
        f"STILL WRONG: {visible(script.requirement)} {code}",
    ]


def _shown(contract: Contract, script: Script, exchanges: list[Exchange], started_at: str) -> Finding:
    """The finding itself, or another one on the same requirement."""
    found = weigh(contract, exchanges, started_at=started_at).findings(script.requirement)
    return next((item for item in found if item.fingerprint == script.fingerprint), found[0])
