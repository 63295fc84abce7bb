"""Signals that end a run: SIGINT, SIGTERM and SIGHUP are one and the same.

The first one raises ``KeyboardInterrupt`` in the main thread, unless it is held back; later ones change nothing, since a
CI system sends several in a row. It is remembered, so that no thread sends anything more.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class _State:
    """What the handler knows. It runs between two instructions of the main thread, so it takes no lock."""

    received = False
    held = False
    over = False


def install() -> None:
    """Listens to the signals from now on. One that is ignored already (by ``nohup``, say) stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _on_signal)


def received() -> bool:
    """Whether the run was told to end."""
    return _State.received


def check() -> None:
    """Raises ``KeyboardInterrupt`` when the run was told to end."""
    if _State.received:
        raise KeyboardInterrupt


def finish() -> None:
    """From now on a signal comes too late: what the run has come to is decided."""
    _State.over = True


@contextmanager
def held(held: bool = True) -> Iterator[None]:
    """Inside, a signal is remembered and raises nothing; with False, it raises at once, also one that came before."""
    before = _State.held
    _State.held = held
    try:
        if not held:
            check()
        yield
    finally:
        _State.held = before


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    if _State.received or _State.over:
        return
    _State.received = True
    if not _State.held:
        raise KeyboardInterrupt
