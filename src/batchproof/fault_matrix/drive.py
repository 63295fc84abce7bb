"""Runs the suite against one emulator, and judges it: in one process, on a clock that moves when it is looked at."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from starlette.types import ASGIApp

from batchproof import emulator
from batchproof.client import Pause, Settings, Token
from batchproof.contract import Contract, load_contract
from batchproof.contract.model import Profile
from batchproof.engine import drive
from batchproof.folders import HISTORY
from batchproof.history import History, read_history
from batchproof.in_process import InProcess, in_process
from batchproof.judging import weigh
from batchproof.judging.verdicts import conclude
from batchproof.plan import Group, Scenario, scenarios_of
from batchproof.session import Endpoint, Session, file_fixtures, known_tokens

from .cases import Case, Seen

TOKEN = "tok_matrix"  # noqa: S105 - the emulator takes any
# Every run begins at this moment; it is later than every date from which on something is documented to be there.
_START = datetime(2026, 7, 1, 12, tzinfo=UTC)
# Some faults make an event unrecognisable, and a scenario waits for it in vain.
_PATIENCE_S = 1.5
# what stands between the suite and the emulator, as a proxy would
Around = Callable[[ASGIApp], ASGIApp]
# a probe with more inputs than this is dear
MANY_INPUTS = 100
_PDF = b"%PDF-1.4\n% a document for the emulator\n%%EOF\n"


def see(
    case: Case,
    *,
    groups: tuple[Group, ...] = ("steady",),
    large: bool = False,
    socket: bool = False,
    seed: int = 0,
    profile: Profile | None = None,
    wanted: Callable[[Scenario], bool] = lambda _: True,
    around: Around | None = None,
) -> Seen:
    """What the suite finds on the emulator of ``case``. Scenarios that cannot meet its fault are left out.

    All but the ``groups`` of steady scenarios need a ``socket``: a real connection between the suite and the emulator.
    ``large`` says whether probes with very many inputs are driven, too; ``profile`` how much else is, where it is not
    what suits the groups; ``around`` wraps the emulator.
    """
    contract = _contract(case.contract)
    chosen = [item for item in _of_groups(case.contract, groups, large=large) if wanted(item)]
    if case.faults:
        reached = _reached(case.contract, groups, large=large, socket=socket)
        planted = emulator.create_app(case.contract, faults=case.faults).state.emulator.behaviour
        chosen = [
            item for item in chosen if item.name not in reached or planted.may_change(reached[item.name])
        ]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="batchproof-")))
        profile = profile or _profile(case, groups)
        session, _ = _open(
            case, profile, groups, socket=socket, seed=seed, folder=folder, stack=stack, around=around
        )
        with _started(session):
            for scenario in chosen:
                _run(session, scenario)
        history = read_history(folder / HISTORY)
        evidence = weigh(contract, history.exchanges, history.deliveries, history.header.started_at)
        results = conclude(contract, history, evidence)
    inconclusive = {
        row.id for row in results.requirements if row.level == "MUST" and row.verdict == "inconclusive"
    }
    return Seen(
        failed=tuple(sorted(row.id for row in results.failed)),
        inconclusive=tuple(sorted(inconclusive)),
        exit_code=results.exit_code,
    )


def recorded(
    case: Case,
    *,
    groups: tuple[Group, ...] = ("steady",),
    seed: int = 0,
    wanted: Callable[[Scenario], bool] = lambda _: True,
) -> History:
    """What the suite records on the emulator of ``case``, in process: the same in every run where ``groups`` are steady."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="batchproof-")))
        profile = _profile(case, groups)
        session, _ = _open(case, profile, groups, socket=False, seed=seed, folder=folder, stack=stack)
        with _started(session):
            for scenario in filter(wanted, _of_groups(case.contract, groups, large=False)):
                _run(session, scenario)
        return read_history(folder / HISTORY)


class Driven(NamedTuple):
    """A run against one emulator, which still answers: the history is in ``folder``."""

    contract: Contract
    settings: Settings
    endpoint: Endpoint
    folder: Path


@contextmanager
def driven(
    case: Case,
    profile: Profile,
    *,
    groups: tuple[Group, ...],
    seed: int = 0,
    wanted: Callable[[Scenario], bool] = lambda _: True,
) -> Iterator[Driven]:
    """Drives scenarios over a real connection; inside, the emulator and the folder are there."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="batchproof-")))
        session, _ = _open(case, profile, groups, socket=True, seed=seed, folder=folder, stack=stack)
        with _started(session):
            for scenario in filter(wanted, _of_groups(case.contract, groups, large=False)):
                _run(session, scenario)
        yield Driven(session.contract, session.settings, session.endpoint, folder)


@cache
def _reached(
    reference: str, groups: tuple[Group, ...], *, large: bool, socket: bool
) -> dict[str, frozenset[emulator.Point]]:
    """Where each scenario reaches into the emulator, as seen on a healthy one. Events are all waited for together."""
    if "events" in groups:
        return {}
    found: dict[str, frozenset[emulator.Point]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="batchproof-")))
        healthy = Case(contract=reference, kind="healthy")
        profile = _profile(healthy, groups)
        session, behaviour = _open(
            healthy, profile, groups, socket=socket, seed=0, folder=folder, stack=stack
        )
        with _started(session):
            for scenario in _of_groups(reference, groups, large=large):
                behaviour.reached.clear()
                _run(session, scenario)
                found[scenario.name] = frozenset(behaviour.reached)
    return found


def _of_groups(reference: str, groups: tuple[Group, ...], *, large: bool) -> list[Scenario]:
    contract = _contract(reference)
    return [
        item
        for item in contract.kept(_scenarios)
        if item.group in groups and (large or not _is_dear(contract, item))
    ]


def _scenarios(contract: Contract) -> tuple[Scenario, ...]:
    """Every scenario of a contract, those that submit many inputs at the end.

    The largest batch that is accepted is left out: probes submit one of that size already.
    """
    found = [item for item in scenarios_of(contract) if not item.largest]
    return tuple(sorted(found, key=lambda item: _is_dear(contract, item)))


def _is_dear(contract: Contract, scenario: Scenario) -> bool:
    """A probe with very many inputs is dear, and so are lists after it."""
    return scenario.inputs_at_stake(contract) > MANY_INPUTS


def _profile(case: Case, groups: tuple[Group, ...]) -> Profile:
    return "core" if case.kind == "core" or groups == ("generated",) else "full"


def _open(
    case: Case,
    profile: Profile,
    groups: tuple[Group, ...],
    *,
    socket: bool,
    seed: int,
    folder: Path,
    stack: ExitStack,
    around: Around | None = None,
) -> tuple[Session, emulator.Behaviour]:
    """A session with the emulator of a case, and how that one behaves."""
    contract = _contract(case.contract)
    endpoint, transport, pause, behaviour = (
        _server(case, seed, stack, around) if socket else _application(case, seed, stack, around)
    )
    if "events" in groups and contract.manifest.webhooks is not None:
        endpoint = msgspec.structs.replace(endpoint, registers=True)
    settings = _settings(contract, profile, folder, seed)
    return Session(contract, settings, folder, endpoint, transport=transport, pause=pause), behaviour


def _server(
    case: Case, seed: int, stack: ExitStack, around: Around | None
) -> tuple[Endpoint, None, None, emulator.Behaviour]:
    served = emulator.Embedded(
        case.contract, seed=seed, start=_START, faults=case.faults, variants=case.variants, around=around
    )
    stack.enter_context(served)
    return _endpoint(served.url, served.control), None, None, served.behaviour


def _application(
    case: Case, seed: int, stack: ExitStack, around: Around | None
) -> tuple[Endpoint, InProcess, Pause, emulator.Behaviour]:
    app, clock = emulator.embedded(
        case.contract, seed=seed, start=_START, faults=case.faults, variants=case.variants
    )
    transport = stack.enter_context(in_process(app if around is None else around(app)))
    return _endpoint("http://127.0.0.1", None), transport, clock.advance, app.state.emulator.behaviour


def _endpoint(url: str, control: str | None) -> Endpoint:
    return Endpoint(
        url=url,
        label="emulator",
        origin=time.monotonic(),
        started_at=_START.isoformat().replace("+00:00", "Z"),
        control=control,
    )


@cache
def _contract(reference: str) -> Contract:
    return load_contract(reference)


@contextmanager
def _started(session: Session) -> Iterator[None]:
    try:
        session.start()
        session.look_around()
        yield
    finally:
        session.close()


def _run(session: Session, scenario: Scenario) -> None:
    if session.trouble is not None:
        return
    drive(session, scenario)


def _settings(contract: Contract, profile: Profile, folder: Path, seed: int) -> Settings:
    document = folder / "invoice.pdf"
    document.write_bytes(_PDF)
    return Settings(
        contract=contract.id,
        base_url=None,
        token=Token("BATCHPROOF_TOKEN", TOKEN),
        other_tokens={
            name: Token(f"BATCHPROOF_{name.upper()}_TOKEN", f"{TOKEN}_{name}")
            for name in known_tokens(contract)
        },
        headers={},
        fixtures={**emulator.fixtures(contract.id), **dict.fromkeys(file_fixtures(contract), str(document))},
        profile=profile,
        seed=seed,
        max_runs=40_000,
        max_requests=1_000_000,
        requests_per_second=None,
        poll_interval_s=0.0,
        poll_timeout_s=10.0,
        request_timeout_s=60.0,
        output=None,
        webhook_timeout_s=_PATIENCE_S,
    )
