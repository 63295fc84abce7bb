"""The pytest plugin: options, fixtures and markers of the conformance scenarios, and the verdict at the end of the session.

Load it with ``-p batchproof.pytest_plugin``; it is no entry point, so it never loads into anyone else's tests.
"""

import io
import logging
import os
from collections.abc import Callable, Generator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import pytest
from rich.console import Console

from batchproof import interruption
from batchproof import session as running
from batchproof.contract import Contract, ContractError
from batchproof.contract.model import PROFILES
from batchproof.drive import Api, Prober, Stopped, Unmet, driven
from batchproof.drive.courses import courses
from batchproof.drive.generation import restore_printing
from batchproof.failing import exit_code_of, named, told
from batchproof.folders import HISTORY, claim
from batchproof.history import History, HistoryError, Redactor
from batchproof.judge import Results, glance
from batchproof.leaks import LeakError, check
from batchproof.memory import collect_rarely
from batchproof.replay import conclude
from batchproof.report import print_results
from batchproof.report.printable import visible
from batchproof.target import ConfigError, Options, Settings

_SHARED = "batchproof_place"
_SEED = "batchproof_seed"
_FOLDER = "batchproof_folder"
_ENDED_SIGN = ".ended"
# how a session ends in which every scenario had its turn
_ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
_WIDTH = 80


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("batchproof", "batchproof: conformance of a document-processing batch API")
    group.addoption("--contract", help="the contract to judge by (default: see schemas/catalog.yaml)")
    group.addoption("--target", help="base address of the server; without it the embedded emulator is used")
    group.addoption(
        "--token-env", help="the environment variable that holds the token (default: BATCHPROOF_TOKEN)"
    )
    group.addoption("--token-file", help="a file that holds the token")
    group.addoption("--ca-file", help="certificates (PEM) that the server's is verified by")
    group.addoption("--config", help="the configuration file (default: batchproof.toml, if it is there)")
    group.addoption("--profile", choices=PROFILES, help="how much to exercise (default: core)")
    group.addoption(
        "--max-runs", type=int, help="documents that may be processed, and billed (default with --target: 0)"
    )
    group.addoption("--max-requests", type=int, help="requests that may be sent")
    group.addoption(
        "--seed",
        type=int,
        help="seed of everything that is chosen at random (default: 0, in profile full a random one)",
    )
    group.addoption(
        "--output", help="folder for history and reports (default: reports/<UTC time>-<contract>)"
    )
    group.addoption("--webhook-url", help="the address at which the server reaches the receiver of webhooks")
    group.addoption("--webhook-listen", help="HOST:PORT where the receiver of webhooks listens")
    group.addoption(
        "--webhook-secret-env",
        help="the environment variable that holds the signing secret (default: BATCHPROOF_WEBHOOK_SECRET)",
    )


def pytest_configure(config: pytest.Config) -> None:
    collect_rarely()
    # locals are shown cut in their middle, where no secret can be recognized any more
    config.option.showlocals = False
    for name in ("httpcore", "httpx"):
        # at level DEBUG they tell the headers of answers
        logging.getLogger(name).setLevel(logging.WARNING)
    config.addinivalue_line(
        "markers", "flow(*parts): drives the flows of the contract that have these operations"
    )
    config.addinivalue_line(
        "markers", "generated: sends generated requests, after everything that was written"
    )
    config.addinivalue_line("markers", "profile(name): belongs to this profile and the ones above it")
    config.addinivalue_line("markers", "large: submits as many inputs as the contract allows")
    config.pluginmanager.register(Conformance(config), "batchproof-conformance")


class Conformance:
    """What the plugin knows about one pytest session."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.results: Results | None = None
        self.history: History | None = None
        self.error: Exception | None = None
        self.folder: Path | None = None
        self._stack = ExitStack()
        self._configured: tuple[Contract, Settings] | None = None
        self._coming: Callable[[], running.Place] | None = None
        self._place: running.Place | None = None
        self._session: running.Session | None = None
        self._shared_out = False
        self._sent_before = 0

    # configuration

    def configured(self) -> tuple[Contract, Settings]:
        if self._configured is None:
            # the command line has worked it out already; xdist workers and plain pytest have not
            known = [
                getattr(plugin, "configured", None) for plugin in self.config.pluginmanager.get_plugins()
            ]
            self._configured = next((item for item in known if isinstance(item, tuple)), None)
        if self._configured is None:
            names = Options.__struct_fields__
            options = Options(**{name: self.config.getoption(name, None) for name in names})
            try:
                contract, settings = running.configure(options, os.environ)
            except (ConfigError, ContractError) as error:
                raise pytest.UsageError(str(error)) from None
            if self._workerinput is not None:
                settings = msgspec.structs.replace(settings, seed=self._workerinput[_SEED])
            self._configured = contract, settings
        return self._configured

    @property
    def contract(self) -> Contract:
        return self.configured()[0]

    @property
    def settings(self) -> Settings:
        return self.configured()[1]

    @property
    def _workerinput(self) -> dict[str, Any] | None:
        return getattr(self.config, "workerinput", None)

    def place(self) -> running.Place:
        """The server: started here, or handed down by the xdist controller."""
        if self._place is None:
            interruption.install()
            handed = self._workerinput
            if handed is not None:
                self._place = msgspec.convert(handed[_SHARED], running.Place)
            else:
                self._prepare()
                assert self._coming is not None
                self._place = self._coming()
        return self._place

    def _prepare(self) -> None:
        """Lets the emulator start, if there is to be one."""
        if self._coming is None:
            try:
                self._coming = running.prepare_place(self.contract, self.settings, self._stack)
            except ConfigError as error:
                raise pytest.UsageError(str(error)) from None

    def started(self) -> running.Session:
        """The run of this process, started when the first scenario asks for it."""
        if self._session is None:
            handed = self._workerinput
            worker = None if handed is None else str(handed["workerid"])
            share = 1 if handed is None else int(handed["workercount"])
            try:
                folder = self._own_folder()
                if handed is not None:
                    interruption.watch(folder / _ENDED_SIGN)
                self._session = running.Session(self.contract, self.settings, folder, self.place(), share)
                self._session.start(worker)
            except (ConfigError, OSError) as error:
                self.stop(error)
        return self._session

    def _own_folder(self) -> Path:
        """The folder of the run, claimed by the process that all others come from."""
        if self.folder is None:
            handed = self._workerinput
            self.folder = (
                claim(self.settings, self.place().started_at, self._stack)
                if handed is None
                else Path(handed[_FOLDER])
            )
        return self.folder

    def stop(self, error: Exception) -> NoReturn:
        """Ends the run at once: nothing more is sent."""
        self.error = error
        pytest.exit(visible(told(error)), returncode=exit_code_of(error))

    # collection

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if (
            "api" in metafunc.fixturenames
            and self._workerinput is None
            and not self.config.option.collectonly
        ):
            # the rest of the suite is collected meanwhile
            self._prepare()
        marker = metafunc.definition.get_closest_marker("flow")
        if marker is not None and "flow" in metafunc.fixturenames:
            flows = {
                name: flow
                for name, flow in self.contract.manifest.flows.items()
                if all(getattr(flow, part) is not None for part in marker.args)
            }
            metafunc.parametrize("flow", list(flows.values()), ids=list(flows))
        if "probe_name" in metafunc.fixturenames:
            probes = [name for name, probe in self.contract.probes.items() if self._owed(probe.requirement)]
            metafunc.parametrize("probe_name", probes)
        if "listing" in metafunc.fixturenames:
            lists = [
                name for name, item in self.contract.manifest.operations.items() if item.pages is not None
            ]
            metafunc.parametrize("listing", lists)
        if "reader" in metafunc.fixturenames:
            readers = [
                name
                for name, item in self.contract.manifest.operations.items()
                if item.reads is not None and item.method == "GET"
            ]
            metafunc.parametrize("reader", readers)
        if "course" in metafunc.fixturenames:
            found = courses(self.contract)
            metafunc.parametrize("course", list(found.values()), ids=list(found))

        if "requested" in metafunc.fixturenames:
            asked = [
                name
                for name, item in self.contract.manifest.operations.items()
                if item.request is not None or item.query is not None
            ]
            metafunc.parametrize("requested", asked)
        if "addressed" in metafunc.fixturenames:
            addressed = [
                name
                for name, item in self.contract.manifest.operations.items()
                if "{id}" in item.path and item.request is None
            ]
            metafunc.parametrize("addressed", addressed)

    def _owed(self, requirement: str) -> bool:
        row = self.contract.requirements[requirement]
        return self._costly_too or PROFILES.index(row.set) <= PROFILES.index(self.settings.profile)

    @property
    def _costly_too(self) -> bool:
        """On the embedded emulator nothing costs anything."""
        embedded = self.settings.base_url is None
        return self.settings.profile == "full" or (embedded and self.settings.profile == "core")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if self._chosen(item)]
        left_out = [item for item in items if not self._chosen(item)]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
        # what must be allowed most comes first, while the limit is still untouched; what is generated comes last
        items[:] = sorted(
            chosen,
            key=lambda item: (item.get_closest_marker("generated") is not None, -self._inputs_at_stake(item)),
        )

    def _inputs_at_stake(self, item: pytest.Item) -> int:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        name = parameters.get("probe_name")
        return (self.contract.probes[name].change.inputs or 0) if name is not None else 0

    def _chosen(self, item: pytest.Item) -> bool:
        if "api" not in getattr(item, "fixturenames", ()):
            return True
        if item.name.endswith("[NOTSET]"):
            # the contract has nothing that this scenario drives
            return False
        wanted = item.get_closest_marker("profile")
        return wanted is None or PROFILES.index(wanted.args[0]) <= PROFILES.index(self.settings.profile)

    def pytest_collection_finish(self) -> None:
        restore_printing()

    # running

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        try:
            return (yield from self._run(pyfuncitem))
        except Exception:
            unwritable = None if self._session is None else self._session.unwritable
            if unwritable is not None:
                self.stop(unwritable)
            raise

    def _run(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        try:
            return (yield)
        except (Unmet, Stopped) as error:
            self.started().record(error, pyfuncitem.name, _driven(pyfuncitem))
            if isinstance(error, Stopped):
                pytest.skip(visible(f"stopped: {error}"))
            why = f"{error.reason}: {error.detail}" + (f" ({error.option})" if error.option else "")
            pytest.skip(visible(why))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What a traceback shows is nobody's secret."""
        report = yield
        if report.failed:
            text = report.longreprtext
            clean = Redactor(self.settings.secrets).text(text)
            if clean != text:
                report.longrepr = clean
        return report

    def pytest_runtest_logstart(self) -> None:
        self._sent_before = len(self._session.exchanges) if self._session is not None else 0

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        if self._session is not None and "api" in getattr(item, "fixturenames", ()):
            sent = self._session.exchanges[self._sent_before :]
            findings = glance(self.contract, sent)
            item.user_properties.extend([("requests", len(sent)), ("findings", findings)])

    # the end

    def pytest_keyboard_interrupt(self) -> None:
        """Workers of xdist get no signal: a file tells them that nothing more is sent."""
        if self._shared_out and self.folder is not None:
            with suppress(OSError):
                (self.folder / _ENDED_SIGN).touch()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        with interruption.held():
            interrupted = exitstatus not in _ENDED or interruption.received()
            try:
                if self._session is not None:
                    self._session.close(interrupted=interrupted)
            except OSError as error:
                self.error = self.error or error
            if self._shared_out and self.folder is not None:
                (self.folder / _ENDED_SIGN).unlink(missing_ok=True)
            try:
                self._conclude(session, exitstatus, interrupted=interrupted)
            finally:
                self._stack.close()

    def _conclude(self, session: pytest.Session, exitstatus: int, *, interrupted: bool) -> None:
        if self._workerinput is not None:
            interruption.finish()
            return
        try:
            if self._shared_out and self.folder is not None and any(self.folder.glob("history.*.ndjson")):
                head = running.header(self.contract, self.place().applied(self.settings), self.place())
                running.join(self.folder, head, interrupted=interrupted)
            if self.folder is None or not running.has_begun(self.folder / HISTORY):
                return
            self.results, self.history = conclude(self.contract, self.settings, self.place(), self.folder)
            if self.settings.output is None:
                running.point_latest(self.folder)
        except (OSError, HistoryError) as error:
            self.error = self.error or named(error, self.folder or Path())
        if self.folder is None:
            return
        try:
            check(self.folder, self.place().applied(self.settings).secrets)
        except (OSError, LeakError) as error:
            # what the terminal would show is what the artefacts hold
            self.results, self.error = None, error
        if self.results is None:
            session.exitstatus = 4
            return
        interruption.finish()
        if interruption.received() and self.history is not None and not self.history.whole:
            session.exitstatus = pytest.ExitCode.INTERRUPTED
        elif exitstatus == pytest.ExitCode.OK:
            session.exitstatus = self.results.exit_code

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hands the server and the seed down to an xdist worker."""
        self._shared_out = True
        try:
            folder = self._own_folder()
        except (ConfigError, OSError) as error:
            self.stop(error)
        node.workerinput[_FOLDER] = str(folder.absolute())
        node.workerinput[_SHARED] = msgspec.to_builtins(self.place())
        node.workerinput[_SEED] = self.settings.seed

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.error is not None:
            terminalreporter.write_line(f"batchproof: {told(self.error)}")
        if self.results is None or self.history is None or self.folder is None:
            return
        terminalreporter.section("batchproof")
        text = io.StringIO()
        print_results(self.results, self.history, Console(file=text, width=_WIDTH), folder=self.folder)
        terminalreporter.write(text.getvalue())


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Api:
    """The server under test. Skips when it cannot be tested at all."""
    session = _conformance(request).started()
    if session.trouble is not None:
        pytest.skip(visible(session.trouble))
    assert session.api is not None
    if session.api.halted:
        pytest.skip("the run has stopped asking")
    session.api.scenario = request.node.name
    return session.api


@pytest.fixture
def prober(request: pytest.FixtureRequest) -> Prober:
    """Sends negative probes."""
    found = _conformance(request).started().prober
    assert found is not None
    return found


def _driven(item: pytest.Function) -> list[str]:
    marker = item.get_closest_marker("flow")
    values = item.callspec.params if hasattr(item, "callspec") else {}
    return driven(values, () if marker is None else marker.args)


def _conformance(request: pytest.FixtureRequest) -> Conformance:
    plugin = request.config.pluginmanager.get_plugin("batchproof-conformance")
    assert isinstance(plugin, Conformance)
    return plugin
