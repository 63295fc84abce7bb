"""One run of the suite: starts what is needed, and records."""

import secrets
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

import batchproof
from batchproof import emulator
from batchproof.contract import Contract, claimed, default_contract, load_contract
from batchproof.contract.model import OTHER_TOKENS, token_fixture
from batchproof.drive import Api, Stopped, Unmet, event_of
from batchproof.folders import HISTORY
from batchproof.history import (
    START,
    Event,
    Exchange,
    Footer,
    Header,
    HistoryWriter,
    Redactor,
    Reproduction,
    read_history,
)
from batchproof.history.writer import line_of
from batchproof.preflight import trouble_of
from batchproof.receiving import open_receiver
from batchproof.target import (
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

# the part of a run that sends findings again
REPLAY = "replay"


class Session:
    """A run, from the first request to the reports."""

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        folder: Path,
        place: "Place",
        *,
        transport: httpx.BaseTransport | None = None,
        pause: Pause | None = None,
        at_least: float = 0.0,
        budget: Budget | None = None,
    ) -> None:
        """``place`` says where the server is.

        ``transport`` takes the place of the network, and ``pause`` that of waiting. The history begins at second
        ``at_least`` or later. ``budget`` is what is left of the limits, where an earlier part of the run has spent some.
        """
        self.contract = contract
        self.folder = folder
        self.trouble: str | None = None
        self.settings = settings
        self._exchanges: dict[str, list[Exchange]] = defaultdict(list)
        self._under_way: set[str] = set()
        self._taking = threading.Lock()
        self.place = place
        self._transport = transport
        self._pause = pause
        self._at_least = at_least
        self._budget = budget
        self._clock: RunClock | None = None
        self._stack = ExitStack()
        self._receiving = ExitStack()
        self._writer: HistoryWriter | None = None
        self._target: Target | None = None
        self.api: Api | None = None

    def start(self, part: str | None = None) -> None:
        """Opens the history, or that of a ``part`` of the run, and looks whether the server is there.

        Raises ``OSError`` when nothing can be written.
        """
        settings = self.place.applied(self.settings)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / (HISTORY if part is None else f"history.{part}.ndjson")
        self._writer = HistoryWriter(self.file, Redactor(settings.secrets))
        self._stack.callback(self._writer.close)
        self._writer.write(header(self.contract, settings, self.place))
        clock = RunClock(
            self.place.origin,
            self._pause or self._stack.enter_context(skipping(self.place.control)),
            at_least=self._at_least,
        )
        self._clock = clock
        target = Target(
            self.contract,
            settings,
            self._writer,
            base_url=self.place.url,
            clock=clock,
            prefix="x" if part is None else f"{part}-",
            transport=self._transport,
            on_exchange=self._keep,
            budget=self._budget,
        )
        self._target = self._stack.enter_context(target)
        receiver = open_receiver(
            self.contract,
            settings,
            self._writer,
            self._receiving,
            clock=clock,
            server=self.place.url if self.place.registers else None,
            part=part,
        )
        self.api = Api(self.contract, settings, target, receiver)
        self._preflight(self.api, clock)

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

    def told(self, error: Unmet | Stopped, scenario: str, operations: Iterable[str]) -> str:
        """Puts the same on record, and says it in words."""
        self.record(error, scenario, operations)
        if isinstance(error, Stopped):
            return f"stopped: {error}"
        return f"{error.reason}: {error.detail}" + (f" ({error.option})" if error.option else "")

    def note(self, reproduction: Reproduction) -> None:
        """Puts on record what came of sending a finding's requests again."""
        assert self._writer is not None
        self._writer.write(reproduction)

    @property
    def unwritable(self) -> OSError | None:
        """Why nothing more can be put on record, if that is so."""
        return None if self._writer is None else self._writer.failure

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
            self.trouble = trouble_of(api, self.place.label, clock)
        except Unmet as unmet:
            self.record(unmet, START)
            return
        if self.trouble is not None:
            self.record(Unmet(self.trouble, reason="target_error"), START)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server under test is. What stands below ``started_at`` is what the embedded emulator brings along.

    ``control`` is the address of its clock, which moves with every request: nobody has to wait for it. ``registers``
    says that the server may be told of a receiver of webhooks on this machine.
    """

    url: str
    label: str
    origin: float
    started_at: str
    control: str | None = None
    token: str | None = None
    other_tokens: dict[str, str] = {}
    fixtures: dict[str, str | list[str]] = {}
    registers: bool = False

    def applied(self, settings: Settings) -> Settings:
        """The settings with what the place brings along; what the user gave comes first."""
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


def prepare_place(contract: Contract, settings: Settings, stack: ExitStack) -> Callable[[], Place]:
    """The configured server, or the embedded emulator, which is started and stops with ``stack``.

    What is returned waits until the emulator listens: until then there is time for something else. Raises
    ``ConfigError``.
    """
    origin = time.monotonic()
    started_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if settings.base_url is not None:
        given = Place(url=settings.base_url, label=settings.base_url, origin=origin, started_at=started_at)
        return lambda: given
    if contract.id not in emulator.contracts():
        known = ", ".join(emulator.contracts())
        raise ConfigError(
            "--target", "", f"is needed: there is an emulator for {known}, none for {contract.id}"
        )
    token = "sk_" + secrets.token_urlsafe(24)
    other_tokens: dict[str, str] = {
        name: f"sk_{name}_{secrets.token_urlsafe(24)}"
        for name in OTHER_TOKENS
        if token_fixture(name) in contract.manifest.fixtures
    }
    server = stack.enter_context(
        emulator.Apart(contract.id, seed=settings.seed, tokens=[token, *other_tokens.values()])
    )
    fixtures = {**emulator.fixtures(contract.id), **_sample_files(contract, stack)}
    return lambda: Place(
        url=server.url,
        label="embedded emulator",
        origin=origin,
        started_at=started_at,
        control=server.control,
        token=token,
        other_tokens=other_tokens,
        fixtures=fixtures,
        registers=contract.manifest.webhooks is not None and contract.manifest.webhooks.register is not None,
    )


def _sample_files(contract: Contract, stack: ExitStack) -> dict[str, str]:
    """A document for every fixture that names a local file; it is gone when ``stack`` is closed."""
    names = [name for name, fixture in contract.manifest.fixtures.items() if fixture.type == "file"]
    if not names:
        return {}
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="batchproof-")))
    sample = folder / "invoice.pdf"
    sample.write_bytes(b"%PDF-1.4\n% a document for the emulator\n%%EOF\n")
    return dict.fromkeys(names, str(sample))


def header(contract: Contract, settings: Settings, place: Place) -> Header:
    """The first event of a history."""
    return Header(
        suite=batchproof.__version__,
        contract=contract.id,
        profile=settings.profile,
        seed=settings.seed,
        started_at=place.started_at,
        target=place.label,
        token=settings.token.name if settings.token is not None else None,
        webhooks="received"
        if contract.manifest.webhooks is not None and (settings.webhook is not None or place.registers)
        else None,
        claims=None if settings.claims is None else list(settings.claims),
    )


def configure(options: Options, environment: Mapping[str, str]) -> tuple[Contract, Settings]:
    """What the server claims of the contract, and the settings of a run. Raises ``ConfigError`` or ``ContractError``."""
    file, path = read_config(options.config)
    contract = load_contract(options.contract or file.target.contract or default_contract())
    settings = settle(options, file, path, contract, environment)
    return claimed(contract, settings.claims), settings


def point_latest(folder: Path) -> None:
    """Makes ``latest`` beside ``folder`` point to it, where the file system knows symbolic links."""
    link = folder.parent / "latest"
    fresh = folder.parent / f".latest-{folder.name}"
    try:
        fresh.symlink_to(folder.name, target_is_directory=True)
        fresh.replace(link)
    except OSError:
        fresh.unlink(missing_ok=True)


@contextmanager
def shard_of(folder: Path, contract: Contract, settings: Settings, place: Place) -> Iterator[None]:
    """Inside, sessions with a name of their own may add to the history that is in ``folder``.

    Raises ``OSError`` when what they added cannot be kept; the history is as it was then.
    """
    recorded = read_history(folder / HISTORY)
    main = folder / "history.main.ndjson"
    (folder / HISTORY).replace(main)
    try:
        try:
            yield
        finally:
            join(folder, header(contract, settings, place), interrupted=not recorded.whole)
    except OSError:
        if main.exists():
            main.replace(folder / HISTORY)
        raise


def cut_off(folder: Path) -> None:
    """Lets the footer of the history in ``folder`` say that the run was interrupted. Raises ``OSError``."""
    file = folder / HISTORY
    *lines, last = file.read_bytes().splitlines(keepends=True)
    footer = msgspec.json.decode(last, type=Event)
    if isinstance(footer, Footer):
        end = line_of(msgspec.structs.replace(footer, interrupted=True)).encode("ascii")
        with file.open("r+b") as stream:
            stream.seek(sum(map(len, lines)))
            stream.truncate()
            stream.write(end)


def join(folder: Path, head: Header, *, interrupted: bool) -> None:
    """Joins the histories of the parts of a run into one. Raises ``OSError``, and leaves them as they are then."""
    files = sorted(folder.glob("history.*.ndjson"))
    # one without a whole line is of a process that could not write, or was killed, before it did anything
    shards = [(file, read_history(file)) for file in files if has_begun(file)]
    exchanges = sorted(
        (item for _, shard in shards for item in shard.exchanges), key=lambda item: (item.end, item.id)
    )
    deliveries = sorted(
        (item for _, shard in shards for item in shard.deliveries),
        key=lambda item: (item.received_at, item.id),
    )
    unmet = [item for _, shard in shards for item in shard.unmet]
    halts = sorted(
        (shard.halt for _, shard in shards if shard.halt is not None), key=lambda item: item.since_s
    )
    reproductions = [item for _, shard in shards for item in shard.reproductions]
    cut = interrupted or len(shards) < len(files) or any(not shard.whole for _, shard in shards)
    ended = max((shard.footer.ended for _, shard in shards if shard.footer is not None), default=0.0)
    footer = Footer(ended=ended, exchanges=len(exchanges), interrupted=cut)
    events: list[Event] = [head, *exchanges, *deliveries, *unmet, *halts, *reproductions, footer]
    temporary = folder / ".history.joined"
    try:
        with temporary.open("w", encoding="ascii", newline="\n") as stream:
            stream.writelines(map(line_of, events))
        temporary.replace(folder / HISTORY)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    for file in files:
        file.unlink()


def has_begun(file: Path) -> bool:
    """Whether ``file`` is a history with a whole line. Raises ``OSError``."""
    if not file.exists():
        return False
    with file.open("rb") as stream:
        return stream.readline().endswith(b"\n")
