"""Runs the suite against one emulator, and judges it: in one process, on a clock that moves when it is looked at."""

import inspect
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from batchproof import emulator
from batchproof.contract import Contract, load_contract
from batchproof.contract.model import Profile
from batchproof.drive import Stopped, Unmet
from batchproof.history import read_history
from batchproof.judge import judge
from batchproof.session import HISTORY, Place, Session
from batchproof.target import Settings, Token

from .cases import Case, Seen
from .scenarios import Scenario, scenarios_of
from .transport import InProcess

TOKEN = "tok_discrimination"  # noqa: S105 - the emulator takes any
_MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
_TICK = timedelta(milliseconds=10)
_PDF = b"%PDF-1.4\n% a document for the emulator\n%%EOF\n"


class Ticking:
    """A clock that moves whenever it is looked at: what a server shows depends on the requests alone, and nobody waits."""

    def __init__(self) -> None:
        self._now = _MOMENT

    def now(self) -> datetime:
        """The next moment, 10 ms after the last one."""
        self._now += _TICK
        return self._now


def see(
    case: Case,
    *,
    large: bool = False,
    socket: bool = False,
    places: Mapping[str, Sequence[int]] | None = None,
) -> Seen:
    """What the suite finds on the emulator of ``case``. Scenarios that cannot meet the fault are left out.

    ``large`` says whether probes with very many inputs are driven, too; ``socket`` puts a real connection between
    the suite and the emulator. ``places`` picks the values of list fixtures that are given.
    """
    contract = _contract(case.contract)
    profile: Profile = "core" if case.kind == "core" else "full"
    app = emulator.create_app(case.contract, clock=Ticking(), faults=case.faults, variants=case.variants)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="batchproof-")))
        url, transport = "http://127.0.0.1", None
        if socket:
            url = stack.enter_context(emulator.Server(app)).url
        else:
            transport = stack.enter_context(InProcess(app))
        place = Place(url=url, label="emulator", origin=time.monotonic(), started_at="2026-01-01T00:00:00Z")
        session = Session(
            contract, _settings(contract, profile, folder, places or {}), folder, place, transport=transport
        )
        planted = [emulator.faults(case.contract)[name].operations for name in case.faults]
        wanted = (
            item
            for item in scenarios_of(case.contract)
            if (large or not item.large)
            and all(shown is None or shown & item.operations for shown in planted)
        )
        _drive(session, wanted)
        results = judge(contract, read_history(folder / HISTORY))
    inconclusive = {
        row.id for row in results.requirements if row.level == "MUST" and row.verdict == "inconclusive"
    }
    return Seen(
        failed=tuple(sorted(row.id for row in results.failed)),
        inconclusive=tuple(sorted(inconclusive)),
        exit_code=results.exit_code,
    )


@cache
def _contract(reference: str) -> Contract:
    return load_contract(reference)


def _drive(session: Session, scenarios: Iterable[Scenario]) -> None:
    try:
        session.start()
        if session.trouble is None:
            for scenario in scenarios:
                _run(session, scenario)
    finally:
        session.close()


def _run(session: Session, scenario: Scenario) -> None:
    assert session.api is not None
    session.api.scenario = scenario.name
    given = {"api": session.api, "prober": session.prober, **scenario.values}
    wanted = inspect.signature(scenario.run).parameters
    try:
        scenario.run(**{name: given[name] for name in wanted})
    except Unmet as unmet:
        session.record(unmet, scenario.name)
    except (Stopped, pytest.skip.Exception):
        return


def _fixtures(contract: str, places: Mapping[str, Sequence[int]]) -> dict[str, str | list[str]]:
    given = dict(emulator.fixtures(contract))
    for name, chosen in places.items():
        values = given[name]
        given[name] = [values[place] for place in chosen]
    return given


def _settings(
    contract: Contract, profile: Profile, folder: Path, places: Mapping[str, Sequence[int]]
) -> Settings:
    document = folder / "invoice.pdf"
    document.write_bytes(_PDF)
    files = [name for name, fixture in contract.manifest.fixtures.items() if fixture.type == "file"]
    return Settings(
        contract=contract.id,
        base_url=None,
        token=Token("BATCHPROOF_TOKEN", TOKEN),
        second_token=None,
        headers={},
        fixtures={**_fixtures(contract.id, places), **dict.fromkeys(files, str(document))},
        profile=profile,
        seed=0,
        max_runs=40_000,
        max_requests=1_000_000,
        requests_per_second=None,
        poll_interval_s=0.0,
        poll_timeout_s=60.0,
        request_timeout_s=60.0,
        output=None,
    )
