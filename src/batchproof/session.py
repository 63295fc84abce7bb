"""One run of the suite: starts what is needed, and records."""

import secrets
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
from starlette.types import ASGIApp

from batchproof import emulator
from batchproof.client import (
    Budget,
    ConfigError,
    Options,
    Pause,
    RunClock,
    Settings,
    Target,
    Token,
    read_config,
    settle,
    skipping,
)
from batchproof.contract import Contract, claimed, default_contract, load_contract
from batchproof.contract.model import OTHER_TOKENS, token_fixture
from batchproof.drive import Api, Client, Stopped, Unmet, event_of, recall
from batchproof.folders import HISTORY, SPENDING
from batchproof.history import (
    START,
    Exchange,
    Footer,
    Header,
    History,
    HistoryWriter,
    Redactor,
    Reproduction,
    ScenarioEnded,
    Spending,
    Spent,
)
from batchproof.in_process import in_process
from batchproof.preflight import trouble_of
from batchproof.receiving import Registering, open_receiver
from batchproof.resuming import check_same, header_of, with_header
from batchproof.version import __version__

# what requests to the embedded emulator name as their server; no socket is opened for them
_HERE = "http://127.0.0.1"
# the part of a run that sends findings again
REPLAY = "replay"


class Session:
    """A run, from the first request to the reports."""

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        folder: Path,
        endpoint: "Endpoint",
        *,
        transport: httpx.BaseTransport | None = None,
        pause: Pause | None = None,
        before: History | None = None,
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        """``endpoint`` says where the server is, and ``heard`` raises ``OSError`` when nobody listens to the run any more.

        ``transport`` takes the place of the network, and ``pause`` that of waiting. ``before`` is what the run has put on
        record until now: what was spent stays spent, and seconds and numbers go on.
        """
        self.contract = contract
        self.folder = folder
        self.trouble: str | None = None
        self.settings = settings
        self._exchanges: dict[str, list[Exchange]] = defaultdict(list)
        self._under_way: set[str] = set()
        self._taking = threading.Lock()
        self.endpoint = endpoint
        self._transport = transport
        self._pause = pause
        self._before = before
        self._heard = heard
        self._unheard: OSError | None = None
        self._clock: RunClock | None = None
        self._stack = ExitStack()
        self._receiving = ExitStack()
        self._writer: HistoryWriter | None = None
        self._spending: Spending | None = None
        self._target: Target | None = None
        self.api: Api | None = None

    def start(self, part: str | None = None, scenarios: Sequence[str] | None = None) -> None:
        """Opens the history, or that of a ``part`` of the run, and looks whether the server is there.

        ``scenarios`` are the names of those that the run drives. The history of a run that goes on is that from before.
        Raises ``OSError`` when nothing can be written.
        """
        settings = self.endpoint.applied(self.settings)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / (HISTORY if part is None else f"history.{part}.ndjson")
        before = self._before
        goes_on = before is not None and part is None
        self._writer = HistoryWriter(
            self.file,
            Redactor(settings.secrets),
            after=len(before.exchanges) if before is not None and goes_on else None,
        )
        self._stack.callback(self._writer.close)
        if not goes_on:
            self._writer.write(header(self.contract, settings, self.endpoint, scenarios))
        here = self.endpoint.here
        pause = self._pause if here is None else here.pause
        clock = RunClock(
            self.endpoint.origin,
            pause or self._stack.enter_context(skipping(self.endpoint.control)),
            at_least=0.0 if before is None else before.last,
        )
        self._clock = clock
        spent = (
            Spent()
            if before is None
            else Spent(requests=before.requests_spent, documents=before.documents_spent)
        )
        self._spending = Spending(self.folder / SPENDING, spent)
        self._stack.callback(self._spending.close)
        target = Target(
            self.contract,
            settings,
            self._writer,
            base_url=self.endpoint.url,
            clock=clock,
            prefix=(prefix := named(settings, "x" if part is None else f"{part}-")),
            first=1 if before is None else 1 + sum(item.id.startswith(prefix) for item in before.exchanges),
            transport=self._transport if here is None else here.transport,
            on_exchange=self._keep,
            budget=Budget(
                settings.max_requests,
                settings.max_runs,
                requests=spent.requests,
                runs=spent.documents,
                record=self._spending.record,
            ),
            heard=self._check_heard,
        )
        self._target = self._stack.enter_context(target)
        receiver = open_receiver(
            self.contract,
            settings,
            self._writer,
            self._receiving,
            clock=clock,
            server=self._registering(),
            part=part,
            first=1 if before is None else 1 + len(before.deliveries),
        )
        self.api = Api(Client(self.contract, settings, target), receiver)
        if before is not None and part is None:
            recall(self.api, before)
        self._preflight(self.api, clock)

    def _registering(self) -> Registering | None:
        """The server that may be told of a receiver of webhooks."""
        if not self.endpoint.registers:
            return None
        here = self.endpoint.here
        if here is None:
            return Registering(self.endpoint.url)
        return Registering(self.endpoint.url, here.transport, here.hand_events_to)

    def look_around(self) -> None:
        """Discovers what is there, before anything is created. Where the server cannot be tested, it is left alone."""
        assert self.api is not None
        if self.trouble is None:
            with suppress(Unmet):
                self.api.objects.discover()

    def of(self, scenario: str) -> Api:
        """The server for one scenario. Safe to call from any thread."""
        assert self.api is not None
        with self._taking:
            self._under_way.add(scenario)
        return self.api.of(scenario)

    def _keep(self, exchange: Exchange) -> None:
        with self._taking:
            self._exchanges[exchange.scenario].append(exchange)

    def take(self, scenario: str) -> list[Exchange]:
        """What a scenario that has ended sent, and what was sent for all since the last call."""
        with self._taking:
            self._under_way.discard(scenario)
            names = [name for name in self._exchanges if name not in self._under_way]
            found = [exchange for name in names for exchange in self._exchanges.pop(name)]
        return sorted(found, key=lambda exchange: exchange.end)

    def cut_off(self) -> None:
        """Nothing more is sent, and what is under way ends at once."""
        if self._target is not None:
            self._target.cut_off()
        if self._clock is not None:
            self._clock.stop_waiting()

    def record(self, error: Unmet | Stopped, scenario: str, operations: Iterable[str] = ()) -> None:
        """Puts on record that a scenario ended early; ``operations`` are those that it would have driven."""
        assert self._writer is not None
        self._writer.write(event_of(error, scenario, operations))

    def described(self, error: Unmet | Stopped, scenario: str, operations: Iterable[str]) -> str:
        """Puts the same on record, and says it in words."""
        self.record(error, scenario, operations)
        if isinstance(error, Stopped):
            return f"stopped: {error}"
        return f"{error.reason}: {error.detail}" + (f" ({error.option})" if error.option else "")

    def ended(self, scenario: str) -> None:
        """Puts on record that a scenario has ended: it is not driven again when the run goes on later.

        Once the run has stopped asking, nothing comes to its end any more.
        """
        assert self._writer is not None
        assert self.api is not None
        if not self.api.halted:
            self._writer.write(ScenarioEnded(scenario=scenario))

    def note(self, reproduction: Reproduction) -> None:
        """Puts on record what came of sending a finding's requests again."""
        assert self._writer is not None
        self._writer.write(reproduction)

    @property
    def unwritable(self) -> OSError | None:
        """Why nothing more can be put on record, or told to anybody, if that is so."""
        kept = (self._writer, self._spending)
        failures = (item.failure for item in kept if item is not None and item.failure is not None)
        return next(failures, self._unheard)

    def _check_heard(self) -> None:
        try:
            self._heard()
        except OSError as error:
            self._unheard = error
            raise

    def close(self, *, interrupted: bool = False) -> None:
        """Ends the history. Closing twice does nothing. Raises ``OSError`` when the end cannot be put on record."""
        if self._clock is not None:
            # threads that wait would find nothing to go on with
            self._clock.stop_waiting()
        try:
            self._receiving.close()
            writer, self._writer = self._writer, None
            if writer is not None and self._clock is not None and writer.failure is None:
                writer.write(
                    Footer(ended=self._clock.now(), exchanges=writer.exchanges, interrupted=interrupted)
                )
        finally:
            self._close()

    def _close(self) -> None:
        self._stack.close()
        # they are on disk, and are read from there when they are judged
        self._exchanges.clear()

    def _preflight(self, api: Api, clock: RunClock) -> None:
        try:
            self.trouble = trouble_of(api, self.endpoint.label, clock)
        except Unmet as unmet:
            self.record(unmet, START)
            return
        if self.trouble is not None:
            self.record(Unmet(self.trouble, reason="target_error"), START)


class Here(NamedTuple):
    """The embedded emulator, where it runs in this process: how it is asked, and how its clock is moved.

    ``hand_events_to`` lets its events be handed to an application, without a socket either.
    """

    transport: httpx.BaseTransport
    pause: Pause
    hand_events_to: Callable[[ASGIApp], None]


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server under test is. What stands below ``started_at`` is what the embedded emulator brings along.

    It is asked in this process, as ``here`` says, or at an address; ``control`` is then that of its clock. The clock moves
    with every request: nobody has to wait for it. ``registers`` says that the server may be told of a receiver of webhooks
    on this machine.
    """

    url: str
    label: str
    origin: float
    started_at: str
    control: str | None = None
    here: Here | None = None
    token: str | None = None
    other_tokens: dict[str, str] = {}
    fixtures: dict[str, str | list[str]] = {}
    registers: bool = False

    def since(self, started_at: str) -> "Endpoint":
        """The same endpoint for a run that began at ``started_at``: its seconds go on."""
        began, now = (datetime.fromisoformat(moment) for moment in (started_at, self.started_at))
        return msgspec.structs.replace(
            self, started_at=started_at, origin=self.origin - (now - began).total_seconds()
        )

    def applied(self, settings: Settings) -> Settings:
        """The settings with what the endpoint brings along; what the user gave comes first."""
        if self.token is None:
            return settings
        return msgspec.structs.replace(
            settings,
            token=Token("BATCHPROOF_TOKEN", self.token),
            other_tokens={
                name: Token(f"BATCHPROOF_{name.upper()}_TOKEN", value)
                for name, value in self.other_tokens.items()
            },
            poll_interval_s=0.0,
            fixtures={**self.fixtures, **settings.fixtures},
        )


def foreseen(contract: Contract, settings: Settings) -> Settings:
    """The settings of a run before it starts: without a target, with what the embedded emulator will bring along."""
    if settings.base_url is not None or contract.id not in emulator.contracts():
        return settings
    endpoint = Endpoint(
        url="",
        label="embedded emulator",
        origin=0.0,
        started_at="",
        token="-",  # noqa: S106 - nothing is sent with it
        other_tokens=dict.fromkeys(known_tokens(contract), "-"),
        fixtures={**emulator.fixtures(contract.id), **dict.fromkeys(file_fixtures(contract), "-")},
    )
    return endpoint.applied(settings)


def known_tokens(contract: Contract) -> list[str]:
    """The names of the other tokens that a contract knows."""
    return [name for name in OTHER_TOKENS if token_fixture(name) in contract.manifest.fixtures]


def file_fixtures(contract: Contract) -> list[str]:
    """The fixtures that name a local file."""
    return [name for name, fixture in contract.manifest.fixtures.items() if fixture.type == "file"]


def prepare_endpoint(contract: Contract, settings: Settings, stack: ExitStack) -> Endpoint:
    """The configured server, or the embedded emulator, which ends with ``stack``. Raises ``ConfigError``."""
    now = datetime.now(UTC)
    # second 0 is that moment, so that the seconds of runs can be compared
    origin = time.monotonic() - now.microsecond / 1_000_000
    started_at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    if settings.base_url is not None:
        return Endpoint(url=settings.base_url, label=settings.base_url, origin=origin, started_at=started_at)
    if contract.id not in emulator.contracts():
        known = ", ".join(emulator.contracts())
        raise ConfigError(
            "--target", "", f"is needed: there is an emulator for {known}, none for {contract.id}"
        )
    token = "sk_" + secrets.token_urlsafe(24)
    other_tokens: dict[str, str] = {
        name: f"sk_{name}_{secrets.token_urlsafe(24)}" for name in known_tokens(contract)
    }
    application = emulator.embedded(contract.id, seed=settings.seed, tokens=[token, *other_tokens.values()])
    transport = stack.enter_context(in_process(application.app))

    def pause(seconds: float) -> None:
        with transport.turn:
            application.clock.advance(seconds)

    fixtures = {**emulator.fixtures(contract.id), **sample_files(contract, stack)}
    return Endpoint(
        url=_HERE,
        label="embedded emulator",
        origin=origin,
        started_at=started_at,
        here=Here(transport, pause, application.hand_events_to),
        token=token,
        other_tokens=other_tokens,
        fixtures=fixtures,
        registers=contract.manifest.webhooks is not None and contract.manifest.webhooks.register is not None,
    )


def sample_files(contract: Contract, stack: ExitStack) -> dict[str, str]:
    """A document for every fixture that names a local file; it is gone when ``stack`` is closed."""
    names = file_fixtures(contract)
    if not names:
        return {}
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="batchproof-")))
    sample = folder / "invoice.pdf"
    sample.write_bytes(b"%PDF-1.4\n% a document for the emulator\n%%EOF\n")
    return dict.fromkeys(names, str(sample))


def named(settings: Settings, prefix: str) -> str:
    """What the ids of a run begin with: those of a shard are unlike those of any other."""
    return prefix if settings.shard is None else f"{settings.shard.number}-{prefix}"


def header(
    contract: Contract, settings: Settings, endpoint: Endpoint, scenarios: Sequence[str] | None = None
) -> Header:
    """The first event of a history; ``scenarios`` are the names of those that the run drives."""
    return Header(
        suite=__version__,
        contract=contract.id,
        profile=settings.profile,
        seed=settings.seed,
        started_at=endpoint.started_at,
        target=endpoint.label,
        token=settings.token.name if settings.token is not None else None,
        webhooks="received"
        if contract.manifest.webhooks is not None and (settings.webhook is not None or endpoint.registers)
        else None,
        claims=None if settings.claims is None else list(settings.claims),
        scenarios=None if scenarios is None else list(scenarios),
        shard=None if settings.shard is None else str(settings.shard),
        max_runs=settings.max_runs,
        max_requests=settings.max_requests,
    )


def configure(options: Options, environment: Mapping[str, str]) -> tuple[Contract, Settings]:
    """What the server claims of the contract, and the settings of a run. Raises ``ConfigError`` or ``ContractError``."""
    file, path = read_config(options.config)
    head = None if options.resume is None else header_of(options.resume)
    wanted = options if head is None else with_header(options, file, head)
    contract = load_contract(wanted.contract or file.target.contract or default_contract())
    settings = settle(wanted, file, path, contract, environment)
    if head is not None:
        check_same(head, options, path, contract, settings)
    return claimed(contract, settings.claims), settings


def configure_run(options: Options, environment: Mapping[str, str]) -> tuple[Contract, Settings]:
    """The same for a run that has to have a server: the target, or an emulator of the contract."""
    contract, settings = configure(options, environment)
    if settings.base_url is None and contract.id not in emulator.contracts():
        raise ConfigError("--target", "", f"is needed, because there is no emulator for {contract.id}")
    return contract, settings


def point_latest(folder: Path) -> None:
    """Makes ``latest`` beside ``folder`` point to it, where the file system knows symbolic links."""
    link = folder.parent / "latest"
    fresh = folder.parent / f".latest-{folder.name}"
    try:
        fresh.symlink_to(folder.name, target_is_directory=True)
        fresh.replace(link)
    except OSError:
        fresh.unlink(missing_ok=True)
