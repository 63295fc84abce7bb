"""The history of a run, from its parts: what is sent again, and what was put on record before the run was cut."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from batchproof.folders import HISTORY, JOINED, PARTS
from batchproof.history import Event, Footer, Header, History, HistoryError, read_header, read_history
from batchproof.history.writer import line_of

_MAIN = "history.main.ndjson"


@contextmanager
def part_of(folder: Path) -> Iterator[None]:
    """Inside, sessions with a name of their own may add to the history that is in ``folder``.

    Raises ``OSError`` when what they added cannot be kept; the history is as it was then.
    """
    recorded = read_history(folder / HISTORY)
    main = folder / _MAIN
    (folder / HISTORY).replace(main)
    try:
        try:
            yield
        finally:
            join(folder, recorded.header, interrupted=not recorded.whole)
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
    files = sorted(folder.glob(PARTS))
    # one without a whole line is of a process that could not write, or was killed, before it did anything
    parts = [read_history(file) for file in files if has_begun(file)]
    events = in_order(parts)
    cut = interrupted or len(parts) < len(files) or not all(part.whole for part in parts)
    footer = Footer(
        ended=max((part.last for part in parts), default=0.0),
        exchanges=sum(len(part.exchanges) for part in parts),
        interrupted=cut,
    )
    write(folder, [head, *events, footer])
    for file in files:
        file.unlink()


def in_order(parts: Iterable[History]) -> list[Event]:
    """The events of histories that belong together, without headers and footers."""
    known = list(parts)
    exchanges = sorted(
        (item for part in known for item in part.exchanges), key=lambda item: (item.end, item.id)
    )
    deliveries = sorted(
        (item for part in known for item in part.deliveries), key=lambda item: (item.received_at, item.id)
    )
    others = [item for part in known for item in part.others]
    return [*exchanges, *deliveries, *others]


def write(folder: Path, events: Iterable[Event]) -> None:
    """Replaces the history in ``folder`` at once. Raises ``OSError``, and leaves it as it is then."""
    temporary = folder / JOINED
    try:
        with temporary.open("w", encoding="ascii", newline="\n") as stream:
            stream.writelines(map(line_of, events))
        temporary.replace(folder / HISTORY)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def header_in(folder: Path) -> Header | None:
    """The header of the run in ``folder``; None where no run has begun there. Raises ``HistoryError``."""
    for file in (folder / HISTORY, folder / _MAIN):
        try:
            if has_begun(file):
                return read_header(file)
        except OSError as error:
            raise HistoryError(f"{file}: cannot be read: {error.strerror}") from error
    return None


def collect(folder: Path) -> History | None:
    """What is on record of a run that was cut at any moment, in one file; None where it had not begun.

    Raises ``OSError`` and ``HistoryError``.
    """
    files = list(folder.glob(PARTS))
    if (folder / HISTORY).exists():
        # they were joined already
        for file in files:
            file.unlink()
    elif (folder / _MAIN).exists():
        join(folder, read_history(folder / _MAIN).header, interrupted=False)
    (folder / JOINED).unlink(missing_ok=True)
    return read_history(folder / HISTORY) if has_begun(folder / HISTORY) else None


def reopen(folder: Path, recorded: History, head: Header) -> History:
    """Lets the run in ``folder`` go on: from now on nothing says that it was cut. ``head`` is its header.

    What kept a scenario from its end is forgotten where it is driven again, and so is that the server was not there.
    Raises ``OSError`` and ``HistoryError``.
    """
    ended = {item.scenario for item in recorded.ended}
    kept = recorded._replace(
        halt=None, unmet=tuple(item for item in recorded.unmet if item.scenario in ended)
    )
    end = () if recorded.left else (Footer(ended=kept.last, exchanges=len(kept.exchanges)),)
    write(folder, [head, *in_order([kept]), *end])
    return read_history(folder / HISTORY)


def has_begun(file: Path) -> bool:
    """Whether ``file`` is a history with a whole line. Raises ``OSError``."""
    if not file.exists():
        return False
    with file.open("rb") as stream:
        return stream.readline().endswith(b"\n")
