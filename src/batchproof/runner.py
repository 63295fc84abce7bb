"""Starts pytest with the conformance scenarios, shielded from the configuration of whoever calls."""

import contextlib
import importlib.util
import io
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs
import pytest
from rich.console import Console

from batchproof.contract import Contract
from batchproof.failing import EXIT_BROKEN, EXIT_INTERRUPTED, EXIT_USAGE, exit_code_of, told
from batchproof.history import History
from batchproof.judge import Results
from batchproof.places import conformance_dir
from batchproof.report import Progress
from batchproof.target import Options, Settings

_HYPOTHESIS = "HYPOTHESIS_STORAGE_DIRECTORY"
# workers of xdist import nothing from the current folder
_SAFE_PATH = "PYTHONSAFEPATH"
# what pytest's arguments can ask for instead of a run, and what that is to us
_NOTHING_RUN: dict[int, tuple[int, str | None]] = {
    pytest.ExitCode.OK: (0, None),
    pytest.ExitCode.USAGE_ERROR: (EXIT_USAGE, "pytest does not understand the arguments after --"),
    pytest.ExitCode.NO_TESTS_COLLECTED: (EXIT_USAGE, "the arguments after -- leave no scenario to run"),
}


class Ran(NamedTuple):
    """How a run ended. ``results`` is None when there is nothing to judge; ``output`` is what pytest printed.

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
    """Follows a pytest session: progress while it runs, its results in the end."""

    def __init__(self, progress: Progress | None, configured: tuple[Contract, Settings] | None) -> None:
        self.configured = configured
        self.conformance: Any = None
        self.broken: list[str] = []
        self.began = False
        self.unprintable: OSError | None = None
        self._progress = progress
        self._note = ""

    @property
    def failure(self) -> Exception | None:
        """What ended the session before its time, if it was that a file or the output could not be written."""
        failed: Exception | None = getattr(self.conformance, "error", None)
        return self.unprintable or failed

    def pytest_configure(self, config: pytest.Config) -> None:
        self.conformance = config.pluginmanager.get_plugin("batchproof-conformance")

    def pytest_runtest_logstart(self) -> None:
        self.began = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.broken.append(f"{report.nodeid}\n{report.longreprtext}")
        if report.skipped and isinstance(report.longrepr, tuple):
            self._note = str(report.longrepr[2]).removeprefix("Skipped: ")
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
        self.broken.append(str(excrepr))


def run_scenarios(
    options: Options,
    pytest_args: Sequence[str],
    progress_console: Console | None,
    configured: tuple[Contract, Settings] | None = None,
) -> Ran:
    """Runs the scenarios and returns what came of it. With ``pytest_args`` pytest's own output is shown as well."""
    progress = Progress(progress_console) if progress_console is not None else None
    watcher = _Watcher(progress, configured)
    captured = io.StringIO()
    shown = contextlib.nullcontext() if pytest_args else contextlib.redirect_stdout(captured)
    try:
        with _clean_environment(), shown:
            status = int(pytest.main(_arguments(options, pytest_args), plugins=[watcher]))
    except Exception:
        # once nothing can be written, whatever pytest wants to write fails, too
        if watcher.failure is None:
            raise
        status = EXIT_BROKEN
    finally:
        if progress is not None:
            with contextlib.suppress(OSError):
                progress.close()
    conformance = watcher.conformance
    results: Results | None = getattr(conformance, "results", None)
    folder: Path | None = getattr(conformance, "folder", None)
    failure = watcher.failure
    error = told(failure) if failure is not None else None
    exit_code = EXIT_BROKEN
    if failure is not None:
        exit_code = exit_code_of(failure)
    elif status == pytest.ExitCode.INTERRUPTED:
        exit_code = EXIT_INTERRUPTED
    elif results is not None and not watcher.broken:
        exit_code = results.exit_code
    elif pytest_args and not watcher.began and status in _NOTHING_RUN:
        exit_code, error = _NOTHING_RUN[status]
    return Ran(
        exit_code=exit_code,
        results=results,
        history=getattr(conformance, "history", None),
        folder=folder,
        error=error,
        output="\n".join(watcher.broken) or captured.getvalue(),
        unprintable=watcher.unprintable is not None,
    )


def _arguments(options: Options, pytest_args: Sequence[str]) -> list[str]:
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
    # a cache is worth a folder only to those who ask for --lf and the like
    arguments += (
        ["-o", f"cache_dir={Path('reports', '.cache').absolute()}"]
        if pytest_args
        else ["-p", "no:cacheprovider"]
    )
    if importlib.util.find_spec("xdist") is not None:
        arguments += ["-p", "xdist.plugin", "-p", "xdist.looponfail"]
    for name in Options.__struct_fields__:
        value = getattr(options, name)
        for item in value if isinstance(value, tuple) else () if value is None else (value,):
            arguments.append(f"--{name.replace('_', '-')}={item}")
    return [*arguments, "-q", *pytest_args, str(folder)]


@contextlib.contextmanager
def _clean_environment() -> Iterator[None]:
    """Without the variables by which pytest takes options from its surroundings, and without droppings."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", _HYPOTHESIS, _SAFE_PATH)
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        # Hypothesis keeps its tables of characters there, which take seconds to make
        os.environ[_HYPOTHESIS] = str(platformdirs.user_cache_path("batchproof") / "hypothesis")
        os.environ[_SAFE_PATH] = "1"
        yield
    finally:
        sys.dont_write_bytecode = written
        del os.environ[_HYPOTHESIS], os.environ[_SAFE_PATH]
        os.environ.update(kept)
