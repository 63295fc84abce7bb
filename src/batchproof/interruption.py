"""Signals that end a run: SIGINT, SIGTERM and SIGHUP are one and the same.

The first one raises ``KeyboardInterrupt`` in the main thread, unless it is held back; later ones change nothing, since a
CI system sends several in a row. It is remembered, so that no thread sends anything more.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_BETWEEN_LOOKS_S = 0.1


class _State:
    """What the handler knows. It runs between two instructions of the main thread, so it takes no lock."""

    received = False
    held = False
    over = False
    sign: Path | None = None


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


def watch(sign: Path) -> None:
    """The file ``sign`` tells this process, which belongs to another one's run, that the run was told to end.

    It is looked for all the time, so that neither a pause nor a slow answer is waited for.
    """
    _State.sign = sign
    threading.Thread(target=_look_for, args=(sign,), name="batchproof-sign", daemon=True).start()


def check() -> None:
    """Raises ``KeyboardInterrupt`` when the run was told to end."""
    if _State.sign is not None and _State.sign.exists():
        _State.received = True
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


def _look_for(sign: Path) -> None:
    between = threading.Event()
    while _State.sign == sign and not (_State.received or _State.over):
        if sign.exists():
            _wake()
            return
        between.wait(_BETWEEN_LOOKS_S)


def _wake() -> None:
    """Sends a signal that is listened to into the main thread, where it ends whatever is waited for."""
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    heard = next((number for number in numbers if signal.getsignal(number) is _on_signal), None)
    identifier = threading.main_thread().ident
    if heard is not None and identifier is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(identifier, heard)


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    if _State.received or _State.over:
        return
    _State.received = True
    if not _State.held:
        raise KeyboardInterrupt
