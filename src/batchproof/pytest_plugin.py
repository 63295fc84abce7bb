"""The pytest plugin: the scenarios of a plan as items, and the verdict at the end of the session.

Load it with ``-p batchproof.pytest_plugin``; it is no entry point, so it never loads into anyone else's tests.
"""

import io
import logging
import os
import time
import traceback
from collections.abc import Generator
from contextlib import closing
from typing import Literal, NoReturn

import pytest
from rich.console import Console

from batchproof.client import ConfigError, Options, Settings
from batchproof.contract import Contract, ContractError
from batchproof.contract.model import PROFILES
from batchproof.drive import Api, Prober, Stopped, Unmet
from batchproof.drive.generation import prepare
from batchproof.engine import HALTED, Ended
from batchproof.failing import described, exit_code_of
from batchproof.history import Redactor
from batchproof.memory import collect_rarely, give_back
from batchproof.plan import PARAMETERS, Scenario, expanded, plan_of, planned
from batchproof.report import Detail, print_results
from batchproof.report.printable import visible
from batchproof.running import Run
from batchproof.session import Session, configure, foreseen

# how a session ends in which every scenario had its turn
_ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
_SCENARIO = pytest.StashKey[Scenario]()
_WIDTH = 80
_NO_XDIST = "scenarios share one run; use --workers N instead of -n N"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("batchproof", "batchproof: conformance of a document-processing batch API")
    group.addoption("--contract", help="the contract to judge by (default: see schemas/catalog.yaml)")
    group.addoption("--target", help="base address of the server; without it the embedded emulator is used")
    group.addoption(
        "--token-env", help="the environment variable that holds the token (default: BATCHPROOF_TOKEN)"
    )
    group.addoption("--token-file", help="a file that holds the token")
    group.addoption("--ca-file", help="certificates (PEM) that the server's is verified by")
    group.addoption(
        "--claim",
        action="append",
        help="a capability that the server claims; may be given again (default: all of them)",
    )
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
    group.addoption("--shard", help="which share of the scenarios to drive: 2/5 is the second of five")
    group.addoption(
        "--output", help="folder for history and reports (default: reports/<UTC time>-<contract>)"
    )
    group.addoption("--expected", help="findings that fail nothing, instead of those of the configuration")
    # --strict is an option of pytest's own
    group.addoption(
        "--strict-bar", action="store_const", const=True, help="a SHOULD that fails, fails the run"
    )
    group.addoption("--webhook-url", help="the address at which the server reaches the receiver of webhooks")
    group.addoption("--webhook-listen", help="HOST:PORT where the receiver of webhooks listens")
    group.addoption(
        "--workers", type=int, help="scenarios at a time (default: 16, on the embedded emulator 1)"
    )
    group.addoption(
        "--webhook-secret-env",
        help="the environment variable that holds the signing secret (default: BATCHPROOF_WEBHOOK_SECRET)",
    )


def pytest_configure(config: pytest.Config) -> None:
    collect_rarely()
    give_back()
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
    config.addinivalue_line("markers", "alone: needs the server for itself")
    config.pluginmanager.register(Conformance(config), "batchproof-conformance")


class Handed:
    """A plugin that hands a run over, whose contract and settings are settled; plain pytest settles them by its options."""

    def __init__(self, run: Run) -> None:
        self.run = run


class Conformance:
    """What the plugin knows about one pytest session."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.run: Run | None = None
        # those that the plan has for the functions that were collected, by name
        self._planned: dict[str, Scenario] = {}

    @property
    def contract(self) -> Contract:
        return self.configured().contract

    @property
    def settings(self) -> Settings:
        return self.configured().settings

    def configured(self) -> Run:
        """The run: the one that was handed over, or that of the options."""
        if self.run is None:
            if hasattr(self.config, "workerinput"):
                raise pytest.UsageError(_NO_XDIST)
            handed = [
                plugin for plugin in self.config.pluginmanager.get_plugins() if isinstance(plugin, Handed)
            ]
            self.run = handed[0].run if handed else self._by_options()
        return self.run

    def _by_options(self) -> Run:
        names = Options.__struct_fields__
        options = Options(**{name: self.config.getoption(name, None) for name in names})
        try:
            return Run(*configure(options, os.environ))
        except (ConfigError, ContractError) as error:
            raise pytest.UsageError(str(error)) from None

    def prepared(self) -> Run:
        """The run, whose emulator is there, if there is to be one."""
        run = self.configured()
        try:
            run.prepare()
        except ConfigError as error:
            raise pytest.UsageError(str(error)) from None
        return run

    def started(self) -> Session:
        """The session, started when the first scenario asks for it."""
        run = self.prepared()
        try:
            return run.started(self._names)
        except (ConfigError, OSError) as error:
            self.stop(error)

    def stop(self, error: Exception) -> NoReturn:
        """Ends the run at once: nothing more is sent."""
        self.prepared().error = error
        pytest.exit(visible(described(error)), returncode=exit_code_of(error))

    # collection

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if not _is_scenario(metafunc.definition):
            return
        if not self.config.option.collectonly:
            # the rest of the suite is collected meanwhile
            self.prepared()
        every = expanded(self.contract, metafunc.module.__name__, metafunc.function)
        found = list(planned(self.contract, self.settings, every))
        self._planned |= {scenario.name: scenario for scenario in found}
        for parameter in PARAMETERS & set(metafunc.fixturenames):
            metafunc.parametrize(
                parameter,
                [scenario.values[parameter] for scenario in found],
                ids=[scenario.label for scenario in found],
            )

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        # by now -k and the like have chosen
        others: list[pytest.Item] = []
        scenarios: dict[str, pytest.Item] = {}
        left_out: list[pytest.Item] = []
        for item in items:
            if not isinstance(item, pytest.Function) or not _is_scenario(item):
                others.append(item)
                continue
            # where the contract has nothing that a scenario drives, or the profile leaves it out, there is none
            scenario = self._planned.get(item.name)
            if scenario is None:
                left_out.append(item)
            else:
                item.stash[_SCENARIO] = scenario
                scenarios[item.name] = item
        chosen = [item.stash[_SCENARIO] for item in scenarios.values()]
        inorder = self._in_order(chosen) if chosen else []
        left_out += [scenarios[scenario.name] for scenario in chosen if scenario not in inorder]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
        items[:] = others + [scenarios[scenario.name] for scenario in inorder]

    def _in_order(self, scenarios: list[Scenario]) -> list[Scenario]:
        plan = plan_of(self.contract, foreseen(self.contract, self.settings), scenarios)
        return [item.scenario for item in plan.items]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._names = [item.name for item in session.items if _SCENARIO in item.stash]

    # running

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Drives scenarios side by side; whatever else is to be run is left to pytest."""
        items = {item.name: item for item in session.items if _SCENARIO in item.stash}
        if session.config.option.collectonly or session.testsfailed or len(items) < len(session.items):
            return None
        if not items or self.settings.workers == 1:
            return None
        self.started()
        prepare()
        wanted = [item.stash[_SCENARIO] for item in items.values()]
        with closing(self.prepared().drive(wanted, self.settings.workers)) as driving:
            for ended in driving:
                self._report(items[ended.scenario.name], ended)
                if session.shouldfail:
                    raise session.Failed(session.shouldfail)
        return True

    def _report(self, item: pytest.Item, ended: Ended) -> None:
        """Tells pytest of a scenario that another thread has driven."""
        if ended.error is not None:
            self._unless_unwritable()
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        now = time.time()
        for when in ("setup", "call", "teardown"):
            outcome: Literal["passed", "failed", "skipped"] = "passed"
            why: str | tuple[str, int, str] | None = None
            if when == "call" and ended.error is not None:
                outcome, why = "failed", self._clean("".join(traceback.format_exception(ended.error)))
            elif when == "call" and ended.note:
                outcome, why = "skipped", (str(item.path), 0, f"Skipped: {visible(ended.note)}")
            report = pytest.TestReport(
                nodeid=item.nodeid,
                location=item.location,
                keywords=dict.fromkeys(item.keywords, 1),
                outcome=outcome,
                longrepr=why,
                when=when,
                start=now,
                stop=now,
                duration=0,
                user_properties=self._counted(ended) if when == "teardown" else [],
            )
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)

    def _counted(self, ended: Ended) -> list[tuple[str, object]]:
        return [("requests", len(ended.exchanges)), ("findings", self.prepared().findings(ended))]

    def _unless_unwritable(self) -> None:
        unwritable = None if self.run is None else self.run.unwritable
        if unwritable is not None:
            self.stop(unwritable)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        scenario = pyfuncitem.stash.get(_SCENARIO, None)
        if scenario is None:
            return (yield)
        try:
            note = None
            try:
                result = yield
            except (Unmet, Stopped) as error:
                note = self.started().described(error, scenario.name, scenario.operations)
            except pytest.skip.Exception:
                self.started().ended(scenario.name)
                raise
            self.started().ended(scenario.name)
        except Exception:
            self._unless_unwritable()
            raise
        if note is not None:
            pytest.skip(visible(note))
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What a traceback shows is nobody's secret, and no command to a CI runner."""
        report = yield
        if report.failed:
            text = report.longreprtext
            clean = self._clean(text)
            if clean != text:
                report.longrepr = clean
        return report

    def _clean(self, text: str) -> str:
        if self.run is None:
            return text
        # an exception may quote a server
        return "\n".join(map(visible, Redactor(self.settings.secrets).text(text).split("\n")))

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        if self.run is not None and _SCENARIO in item.stash:
            scenario = item.stash[_SCENARIO]
            item.user_properties.extend(self._counted(Ended(scenario, self.started().take(scenario.name))))

    # the end

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self.run is None:
            return
        self.run.end(interrupted=exitstatus not in _ENDED)
        if self.run.error is not None and self.run.results is None:
            session.exitstatus = 4
        elif self.run.interrupted and self.run.results is not None:
            session.exitstatus = pytest.ExitCode.INTERRUPTED
        elif self.run.results is not None and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = self.run.results.exit_code

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        run = self.run
        if run is None:
            return
        if run.error is not None:
            terminalreporter.write_line(f"batchproof: {described(run.error)}")
        if run.results is None or run.history is None or run.folder is None:
            return
        terminalreporter.section("batchproof")
        text = io.StringIO()
        console = Console(file=text, width=_WIDTH)
        detail: Detail = "full" if terminalreporter.verbosity > 0 else "brief"
        print_results(run.results, run.history, console, folder=run.folder, detail=detail)
        terminalreporter.write(text.getvalue())


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Api:
    """The server under test. Skips when it cannot be tested at all."""
    session = _conformance(request).started()
    if session.trouble is not None:
        pytest.skip(visible(session.trouble))
    api = session.of(request.node.name)
    if api.halted:
        pytest.skip(HALTED)
    return api


@pytest.fixture
def prober(api: Api) -> Prober:
    """Sends negative probes."""
    return Prober(api)


def _is_scenario(item: pytest.Function) -> bool:
    """Whether it uses the fixture ``api`` of this plugin: other tests may have fixtures and parameters of that name."""
    found = item._fixtureinfo.name2fixturedefs.get("api")  # noqa: SLF001 - pytest tells it nowhere else
    return found is not None and found[-1].func.__module__ == __name__


def _conformance(request: pytest.FixtureRequest) -> Conformance:
    plugin = request.config.pluginmanager.get_plugin("batchproof-conformance")
    assert isinstance(plugin, Conformance)
    return plugin
