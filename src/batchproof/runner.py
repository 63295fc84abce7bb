"""Runs the conformance scenarios: by their plan, or with pytest, shielded from the configuration of whoever calls."""

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import platformdirs
import pytest

from batchproof import interruption
from batchproof.client import ConfigError, Settings
from batchproof.contract import Contract
from batchproof.drive.generation import prepare
from batchproof.failing import EXIT_BROKEN, EXIT_INTERRUPTED, EXIT_USAGE, described, exit_code_of
from batchproof.history import History
from batchproof.judging import Results
from batchproof.places import conformance_dir
from batchproof.plan import Scenario, obstacles, plan, sum_line
from batchproof.pytest_plugin import Handed
from batchproof.report import Progress
from batchproof.report.reader import check_reader
from batchproof.running import Run
from batchproof.session import foreseen

_HYPOTHESIS = "HYPOTHESIS_STORAGE_DIRECTORY"
# what pytest's arguments can ask for instead of a run, and what that is to us
_NOTHING_RUN: dict[int, tuple[int, str | None]] = {
    pytest.ExitCode.OK: (0, None),
    pytest.ExitCode.USAGE_ERROR: (EXIT_USAGE, "pytest does not understand the arguments after --"),
    pytest.ExitCode.NO_TESTS_COLLECTED: (EXIT_USAGE, "the arguments after -- leave no scenario to run"),
}


class Ran(NamedTuple):
    """How a run ended. ``results`` is None when there is nothing to judge; ``output`` is what broke.

    ``error`` says in one line what went wrong otherwise; ``unprintable`` that nobody reads what is printed.
    """

    exit_code: int
    results: Results | None
    history: History | None
    folder: Path | None
    error: str | None
    output: str
    unprintable: bool = False


class _Watcher:
    """Follows a pytest session: progress while it runs, and what breaks."""

    def __init__(self, progress: Progress | None) -> None:
        self.broken: list[str] = []
        self.began = False
        self.collapsed = False
        self.unprintable: OSError | None = None
        self._progress = progress

    def pytest_runtest_logstart(self) -> None:
        self.began = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.broken.append(f"{report.nodeid}\n{report.longreprtext}")
        if report.when != "teardown" or self._progress is None:
            return
        counted = dict(report.user_properties)
        name = report.nodeid.rpartition("::")[2]
        try:
            self._progress.scenario(
                name, int(str(counted.get("requests", 0))), int(str(counted.get("findings", 0)))
            )
        except OSError as error:
            # nobody would see how it ends, and each further request may cost something
            self.unprintable = error
            pytest.exit("the progress cannot be printed", returncode=EXIT_BROKEN)

    def pytest_internalerror(self, excrepr: object) -> None:
        self.collapsed = True
        self.broken.append(str(excrepr))


def run_scenarios(
    contract: Contract, settings: Settings, pytest_args: Sequence[str], progress: Progress | None
) -> Ran:
    """Runs the scenarios and returns what came of it. With ``pytest_args`` pytest chooses them, and shows its own output."""
    drive = _by_pytest if pytest_args else _by_the_plan
    try:
        with _clean_environment():
            return drive(contract, settings, pytest_args, progress)
    finally:
        if progress is not None:
            with contextlib.suppress(OSError):
                progress.close()


def _by_the_plan(contract: Contract, settings: Settings, _: Sequence[str], progress: Progress | None) -> Ran:
    run = Run(contract, settings, partial(check_reader, sys.stdout))
    broken: list[str] = []
    unprintable: OSError | None = None
    interrupted = True
    try:
        # what scenarios print is of no use to anyone
        with contextlib.redirect_stdout(io.StringIO()):
            chosen = _planned(contract, settings, progress)
            prepare()
            with contextlib.closing(run.drive(chosen, settings.workers)) as driving:
                for ended in driving:
                    if ended.error is not None:
                        if run.unwritable is not None:
                            raise run.unwritable
                        broken.append("".join(traceback.format_exception(ended.error)))
                    try:
                        if progress is not None:
                            progress.scenario(ended.scenario.name, len(ended.exchanges), run.findings(ended))
                    except OSError as error:
                        # nobody would see how it ends, and each further request may cost something
                        unprintable = error
                        break
                else:
                    interrupted = False
    except KeyboardInterrupt:
        pass
    except (ConfigError, OSError) as error:
        run.error = error
    if progress is not None and unprintable is None:
        with contextlib.suppress(OSError):
            progress.phase("judging what was recorded")
    run.end(interrupted=interrupted)
    return _ran(run, broken, unprintable)


def _planned(contract: Contract, settings: Settings, progress: Progress | None) -> list[Scenario]:
    """The scenarios of the plan, of which the sum is told first."""
    settings = foreseen(contract, settings)
    planned = plan(contract, settings)
    if progress is not None:
        progress.line(sum_line(planned, obstacles(contract, settings, planned), settings))
        progress.expect(len(planned.items))
    return [item.scenario for item in planned.items]


def _by_pytest(
    contract: Contract, settings: Settings, pytest_args: Sequence[str], progress: Progress | None
) -> Ran:
    run, watcher = Run(contract, settings, partial(check_reader, sys.stdout)), _Watcher(progress)
    try:
        status = int(pytest.main(_arguments(pytest_args), plugins=[watcher, Handed(run)]))
    except Exception:
        # once nothing can be written, whatever pytest wants to write fails, too
        if watcher.unprintable is None and run.error is None:
            raise
        status = EXIT_BROKEN
    if run.folder is None and run.error is None and not watcher.began and status in _NOTHING_RUN:
        code, error = _NOTHING_RUN[status]
        return Ran(code, None, None, None, error, "\n".join(watcher.broken))
    if run.folder is None and run.error is None and status == pytest.ExitCode.INTERRUPTED:
        return Ran(EXIT_INTERRUPTED, None, None, None, None, "")
    if watcher.collapsed and not interruption.received():
        run.interrupted = False
    return _ran(run, watcher.broken, watcher.unprintable)


def _ran(run: Run, broken: Sequence[str], unprintable: OSError | None) -> Ran:
    failure = unprintable or run.error
    exit_code = EXIT_BROKEN
    if failure is not None:
        exit_code = exit_code_of(failure)
    elif run.interrupted:
        exit_code = EXIT_INTERRUPTED
    elif run.results is not None and not broken:
        exit_code = run.results.exit_code
    return Ran(
        exit_code=exit_code,
        results=run.results,
        history=run.history,
        folder=run.folder,
        error=described(failure) if failure is not None else None,
        output="\n".join(broken),
        unprintable=unprintable is not None,
    )


def _arguments(pytest_args: Sequence[str]) -> list[str]:
    folder = conformance_dir()
    arguments = [
        "-c",
        str(folder / "conformance.ini"),
        "--rootdir",
        str(folder),
        # what else is installed must not change a verdict
        "--disable-plugin-autoload",
        # a cache that cannot be written is no defect
        "-W",
        "ignore::pytest.PytestCacheWarning",
        # it would look for garbage five times at the end; and scenarios assert nothing
        "-p",
        "no:unraisableexception",
        "--assert=plain",
        "-p",
        "batchproof.pytest_plugin",
    ]
    # for those who ask for --lf and the like
    arguments += ["-o", f"cache_dir={Path('reports', '.cache').absolute()}"]
    return [*arguments, "-q", *pytest_args, str(folder)]


@contextlib.contextmanager
def _clean_environment() -> Iterator[None]:
    """Without the variables by which pytest takes options from its surroundings, and without droppings."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", _HYPOTHESIS)
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        # Hypothesis keeps its tables of characters there, which take seconds to make
        os.environ[_HYPOTHESIS] = str(platformdirs.user_cache_path("batchproof") / "hypothesis")
        yield
    finally:
        sys.dont_write_bytecode = written
        del os.environ[_HYPOTHESIS]
        os.environ.update(kept)
