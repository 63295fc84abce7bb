"""A whole run: claims its folder, starts what is needed, drives scenarios, and in the end judges, reports and cleans up."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from batchproof import engine, interruption
from batchproof.client import Settings
from batchproof.contract import Contract
from batchproof.engine import Ended
from batchproof.failing import named
from batchproof.folders import HISTORY, claim
from batchproof.history import History, HistoryError
from batchproof.judging import Results, glance
from batchproof.leaks import LeakError, check
from batchproof.parts import has_begun
from batchproof.plan import Scenario
from batchproof.replay import conclude
from batchproof.resuming import left_of, opened, tidy
from batchproof.session import Endpoint, Session, point_latest, prepare_endpoint


class Run:
    """One run of the suite. ``results`` is None when there is nothing to judge; ``error`` is what it failed with.

    ``settings.output`` names its folder; without it the run takes a new one.
    """

    def __init__(
        self, contract: Contract, settings: Settings, heard: Callable[[], None] = lambda: None
    ) -> None:
        """``heard`` raises ``OSError`` when nobody listens to the run any more: then nothing more is sent."""
        self.contract = contract
        self.settings = settings
        self._heard = heard
        self.folder: Path | None = None
        self.results: Results | None = None
        self.history: History | None = None
        self.error: Exception | None = None
        self.interrupted = False
        self._stack = ExitStack()
        self._endpoint: Endpoint | None = None
        self._session: Session | None = None
        self._before: History | None = None

    def prepare(self) -> None:
        """Makes the embedded emulator, if there is to be one. Raises ``ConfigError``."""
        if self._endpoint is None:
            self._endpoint = prepare_endpoint(self.contract, self.settings, self._stack)

    @property
    def endpoint(self) -> Endpoint:
        """The server. Raises ``ConfigError``."""
        self.prepare()
        assert self._endpoint is not None
        return self._endpoint

    def started(self, scenarios: Sequence[str]) -> Session:
        """The session, started by the first who asks; ``scenarios`` are the names of those that the run drives.

        Raises ``ConfigError`` and ``OSError``.
        """
        if self._session is None:
            folder = self._owned()
            self._session = Session(
                self.contract, self.settings, folder, self.endpoint, before=self._before, heard=self._heard
            )
            self._session.start(scenarios=scenarios)
            self._session.look_around()
        return self._session

    def _owned(self) -> Path:
        """The folder of the run, with what is on record of one that goes on."""
        if self.folder is None:
            interruption.install()
            folder = claim(self.settings, self.endpoint.started_at, self._stack)
            if self.settings.resume:
                self._before = opened(folder, self.settings)
                self._endpoint = self.endpoint.since(self._before.header.started_at)
            self.folder = folder
        return self.folder

    def drive(self, scenarios: Iterable[Scenario], workers: int) -> Generator[Ended]:
        """Drives ``scenarios``; see ``engine.run``. Where the server cannot be tested at all, nothing is driven.

        A run that goes on drives those that have not ended.
        """
        chosen = list(scenarios)
        folder = self._owned()
        if self._before is not None:
            chosen = left_of(self._before, folder, chosen)
            if not chosen:
                return
        session = self.started([scenario.name for scenario in chosen])
        if session.trouble is None:
            yield from engine.run(session, chosen, workers)

    def findings(self, ended: Ended) -> int:
        """How many answers to a scenario are wrong at a glance."""
        return glance(self.contract, ended.exchanges)

    @property
    def unwritable(self) -> OSError | None:
        """Why nothing more can be put on record, if that is so."""
        return None if self._session is None else self._session.unwritable

    def end(self, *, interrupted: bool) -> None:
        """Ends the history, judges it, and writes the reports. ``error`` says what could not be done."""
        with interruption.held():
            self.interrupted = interrupted or interruption.received()
            try:
                if self._session is not None:
                    self._session.close(interrupted=self.interrupted)
            except OSError as error:
                self.error = self.error or error
            try:
                self._conclude()
            finally:
                self._stack.close()

    def _conclude(self) -> None:
        if self.folder is None:
            return
        try:
            if has_begun(self.folder / HISTORY):
                self.results, self.history = conclude(
                    self.contract, self.settings, self.endpoint, self.folder
                )
                ours = self.settings.resume and self.folder.parent == Path("reports")
                if self.settings.output is None or (ours and not self.folder.is_symlink()):
                    point_latest(self.folder)
                tidy(self.folder, self.history)
        except (OSError, HistoryError) as error:
            self.error = self.error or named(error, self.folder)
        try:
            check(self.folder, self.endpoint.applied(self.settings).secrets)
        except (OSError, LeakError) as error:
            # what the terminal would show is what the artefacts hold
            self.results, self.error = None, error
        if self.results is not None:
            interruption.finish()
            self.interrupted = interruption.received() and self.history is not None and not self.history.whole
