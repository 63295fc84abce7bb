"""The folder of a run: it holds nothing but what this run writes."""

import errno
import filecmp
import itertools
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import ModuleType

from batchproof.client import ConfigError, Settings

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # pragma: no cover - there are no such locks on Windows
    fcntl = None

HISTORY = "history.ndjson"
# what was spent until now: a run that goes on needs it
SPENDING = "spending.json"
SCRIPTS = "replays"
EARLIER = "earlier"
# what stands beside the history while findings are sent again, and while both become one
PARTS = "history.*.ndjson"
JOINED = ".history.joined"
PAGE = "report.html"
REPORTS = (
    "results.json",
    "junit.xml",
    "summary.md",
    "comment.md",
    "ctrf.json",
    "badge.json",
    "test-result.intoto.json",
    PAGE,
)
# what runs leave behind, shards of killed ones included
_LEFT = (HISTORY, PARTS, JOINED, SPENDING, *REPORTS)


def claim(settings: Settings, started_at: str, stack: ExitStack) -> Path:
    """The folder that the run owns until ``stack`` is closed, made if need be.

    A run that goes on finds what it has left there; what an earlier one has left moves to ``earlier/1`` and so on. Without
    a name, the run takes one that no other has. Raises ``ConfigError`` where the given folder cannot be used, and ``OSError``.
    """
    if settings.output is None:
        name = f"{started_at.replace(':', '').replace('-', '')}-{settings.contract.replace('/', '-')}"
        others = (f"{name}-{number}" for number in itertools.count(2))
        folder = _fresh(Path("reports"), itertools.chain([name], others))
        stack.enter_context(_locked(folder))
        return folder
    return _own(settings.output, stack, keep=settings.resume)


def fresh(output: str, sources: Iterable[Path], stack: ExitStack) -> Path:
    """The folder ``output`` for what is made of ``sources``; see ``claim``. Raises ``ConfigError`` and ``OSError``."""
    read = {(source if source.is_dir() else source.parent).resolve() for source in sources}
    if Path(output).resolve() in read:
        raise ConfigError(f"--output {output}", "", "is one of the folders to read; give another one")
    return _own(output, stack, keep=False)


def for_reports(output: str, history: Path | None, stack: ExitStack) -> Path:
    """The folder ``output`` for reports on ``history``; what a run with another history has left there moves away.

    Raises ``ConfigError`` and ``OSError``.
    """
    folder = _own(output, stack, keep=True)
    there = folder / HISTORY
    if there.exists() and (history is None or not _same(there, history)):
        _move_away(folder)
    return folder


def keep_history(folder: Path, history: Path) -> None:
    """Puts a copy of ``history`` beside its reports, unless it stands there. It holds no secret: none was written. Raises ``OSError``."""
    there = folder / HISTORY
    if not there.exists():
        partial = folder / JOINED
        shutil.copyfile(history, partial)
        partial.replace(there)


def _same(one: Path, other: Path) -> bool:
    return one.samefile(other) or filecmp.cmp(one, other, shallow=False)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else writes to ``folder``, where a run has left something, meanwhile. Raises ``ConfigError``."""
    if not folder.is_dir():
        raise ConfigError(str(folder), "", "is no folder; give the folder of a run")
    with ExitStack() as stack:
        try:
            stack.enter_context(_locked(folder))
        except BlockingIOError as error:
            raise ConfigError(str(folder), "", "a run is writing there; wait for its end") from error
        yield


def _own(output: str, stack: ExitStack, *, keep: bool) -> Path:
    """The folder ``output``, made if need be, to which nobody else writes until ``stack`` is closed.

    What is left in it moves away, unless it is to ``keep``. Raises ``ConfigError`` and ``OSError``.
    """
    folder = Path(output)
    where = f"--output {output}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(_locked(folder))
    except BlockingIOError as error:
        raise ConfigError(where, "", "another run is writing there; give another folder") from error
    except OSError as error:
        raise ConfigError(where, "", f"cannot be used: {error.strerror}; give a folder") from error
    except ValueError as error:
        raise ConfigError(where, "", f"cannot be used: {error}; give a folder") from error
    _check_places(folder)
    if not keep:
        _move_away(folder)
    return folder


def _fresh(parent: Path, names: Iterable[str]) -> Path:
    """A new folder with the first of ``names`` that none has."""
    parent.mkdir(parents=True, exist_ok=True)
    for name in names:
        with suppress(FileExistsError):
            (parent / name).mkdir()
            return parent / name
    raise AssertionError("there are more names than folders")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Nobody else gets the lock meanwhile: ``BlockingIOError``. It goes with the process, however that ends."""
    if fcntl is None:  # pragma: no cover
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            # some network file systems have no locks
            pass
        yield
    finally:
        os.close(descriptor)


def _check_places(folder: Path) -> None:
    """What has to become a file is no folder, and the other way round: it would be too late to tell when it is written."""
    for name in (HISTORY, SPENDING, *REPORTS):
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
    if (folder / SCRIPTS).exists() and not (folder / SCRIPTS).is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder / SCRIPTS))


def _move_away(folder: Path) -> None:
    left = sorted({file for pattern in _LEFT for file in folder.glob(pattern)})
    scripts = folder / SCRIPTS
    left += [scripts] if scripts.is_dir() and any(scripts.glob("*.json")) else []
    if left:
        away = _fresh(folder / EARLIER, map(str, itertools.count(1)))
        for item in left:
            item.rename(away / item.name)
