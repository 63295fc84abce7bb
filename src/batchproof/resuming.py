"""Goes on with a run that was cut: whether it can, and what is left of it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from batchproof.client import ConfigError, Options, Settings
from batchproof.client.config import ConfigFile
from batchproof.contract import Contract
from batchproof.folders import REPORTS, SPENDING
from batchproof.history import Header, History, HistoryError, Unanswered, spent_in
from batchproof.parts import collect, header_in, reopen
from batchproof.plan import Scenario

_ADDRESS = ("http://", "https://")
_ANEW = "start a new run"


def header_of(folder: str) -> Header:
    """The header of the run in ``folder``. Raises ``ConfigError`` when nothing can go on with it."""
    where = f"--resume {folder}"
    try:
        head = header_in(Path(folder))
    except HistoryError as error:
        raise ConfigError(where, "", f"{error}; {_ANEW}") from error
    if head is None:
        raise ConfigError(where, "", "holds no run that had begun; give the folder of one")
    if not head.target.startswith(_ADDRESS):
        raise ConfigError(
            where, "", f"that run was on the {head.target}, which has forgotten everything; {_ANEW}"
        )
    if head.scenarios is None:
        raise ConfigError(where, "", f"its history does not say which scenarios have ended; {_ANEW}")
    if head.shard is not None and "," in head.shard:
        raise ConfigError(
            where, "", "holds shards that were merged; go on with the one that was cut, and merge again"
        )
    return head


def with_header(options: Options, file: ConfigFile, head: Header) -> Options:
    """``options``, and what ``head`` says where they say nothing. Raises ``ConfigError``."""
    if options.output is not None:
        raise ConfigError("--output", "", "a run goes on in its own folder; leave it out beside --resume")
    return msgspec.structs.replace(
        options,
        contract=options.contract or file.target.contract or head.contract,
        target=options.target or file.target.base_url or head.target,
        claim=options.claim or file.target.claims or head.claims,
        profile=options.profile or head.profile,
        seed=head.seed if options.seed is None else options.seed,
        max_runs=head.max_runs if options.max_runs is None else options.max_runs,
        max_requests=head.max_requests if options.max_requests is None else options.max_requests,
        shard=options.shard or head.shard,
        output=options.resume,
    )


def check_same(head: Header, given: Options, path: Path, contract: Contract, settings: Settings) -> None:
    """Raises ``ConfigError`` where what was ``given``, or stands in the configuration ``path``, is not that of the run."""
    for name, key, now, then in (
        ("contract", "target.contract", contract.id, head.contract),
        ("target", "target.base_url", settings.base_url, head.target),
        ("claim", "target.claims", _described(settings.claims), _described(head.claims)),
        ("profile", "", settings.profile, head.profile),
        ("seed", "", settings.seed, head.seed),
        ("shard", "", None if settings.shard is None else str(settings.shard), head.shard),
    ):
        if now != then:
            where: tuple[Path | str, str] = (
                (f"--{name}", "") if getattr(given, name) is not None else (path, key)
            )
            raise ConfigError(
                *where, f"is {now}, but the run in {given.resume} has {then}; leave it out, or {_ANEW}"
            )


def _described(claims: Sequence[str] | None) -> str:
    return "no claims" if claims is None else ", ".join(claims)


def opened(folder: Path, settings: Settings) -> History:
    """What is on record of the run in ``folder``, which goes on from there. Raises ``ConfigError`` and ``OSError``."""
    try:
        recorded = collect(folder)
        if recorded is None:
            raise ConfigError(f"--resume {folder}", "", "holds no run that had begun; give the folder of one")
        head = msgspec.structs.replace(
            recorded.header, max_runs=settings.max_runs, max_requests=settings.max_requests
        )
        recorded = _with_unanswered(recorded, folder / SPENDING)
        for name in REPORTS:
            (folder / name).unlink(missing_ok=True)
        return reopen(folder, recorded, head)
    except HistoryError as error:
        raise ConfigError(f"--resume {folder}", "", f"{error}; {_ANEW}") from error


def _with_unanswered(recorded: History, file: Path) -> History:
    """``recorded``, and what ``file`` says was spent without an answer on record.

    Raises ``ConfigError`` where it cannot be read, and ``OSError``.
    """
    try:
        more = _unanswered(recorded, file)
    except ValueError as error:
        raise ConfigError(file, "", f"does not say what the run has spent; {_ANEW}") from error
    return recorded if more is None else recorded._replace(unanswered=(*recorded.unanswered, more))


def _unanswered(recorded: History, file: Path) -> Unanswered | None:
    """What ``file`` says was spent beyond what is ``recorded``, if there is any. Raises ``OSError`` and ``ValueError``."""
    spent = spent_in(file)
    requests = max(0, spent.requests - recorded.requests_spent)
    documents = max(0, spent.documents - recorded.documents_spent)
    return Unanswered(requests=requests, documents=documents) if requests or documents else None


def tidy(folder: Path, recorded: History) -> None:
    """Removes the file that says what the run in ``folder`` spent, where what is ``recorded`` says all of it.

    Raises ``OSError``.
    """
    # what somebody else has written there meanwhile is left to them
    with suppress(ValueError):
        if _unanswered(recorded, folder / SPENDING) is None:
            (folder / SPENDING).unlink(missing_ok=True)


def left_of(before: History, folder: Path, scenarios: Iterable[Scenario]) -> list[Scenario]:
    """Those of ``scenarios`` that the run has still to drive. Raises ``ConfigError`` where one is unknown by now."""
    left = set(before.left)
    found = [scenario for scenario in scenarios if scenario.name in left]
    unknown: Sequence[str] = sorted(left - {scenario.name for scenario in found})
    if unknown:
        raise ConfigError(
            f"--resume {folder}", "", f"the suite has no scenario {unknown[0]} any more; {_ANEW}"
        )
    return found
