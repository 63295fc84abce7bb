"""How a run lets time pass: it waits, or it moves the clock of the emulator that runs beside it."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import httpx

Pause = Callable[[float], None]


class RunClock:
    """The seconds of a history. Time that is skipped instead of waited for counts as passed: a server saw it pass.

    Threads may share it; no lock is held while one waits.
    """

    def __init__(self, origin: float, skip: Pause | None = None, *, at_least: float = 0.0) -> None:
        """``origin`` is the ``time.monotonic()`` that is second 0, and the present is second ``at_least`` or later.

        ``skip`` moves the server's clock; without it, one waits.
        """
        self._origin = origin
        self._skip = skip
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._skipped = max(0.0, at_least - (time.monotonic() - origin))

    def now(self) -> float:
        """Seconds since the origin, to the microsecond."""
        return round(time.monotonic() - self._origin + self._skipped, 6)

    def pause(self, seconds: float) -> None:
        """Lets time pass."""
        if self._skip is None:
            self._wait(seconds)
            return
        self._skip(seconds)
        with self._lock:
            self._skipped += seconds

    def stop_waiting(self) -> None:
        """Ends all pauses of this run, those to come as well: nothing is left to wait for."""
        self._over.set()

    def _wait(self, seconds: float) -> None:
        self._over.wait(seconds)


def skipping(control: str | None) -> AbstractContextManager[Pause | None]:
    """What moves the clock at the address ``control``; None where there is no such clock."""
    return nullcontext() if control is None else _Mover(control)


class _Mover:
    """Moves a clock by requests that belong to no history."""

    def __init__(self, control: str) -> None:
        self._control = control
        self._client = httpx.Client(trust_env=False, verify=False)  # noqa: S501 - plain HTTP on the loopback interface

    def __enter__(self) -> Pause:
        return self._advance

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _advance(self, seconds: float) -> None:
        self._client.post(self._control, params={"seconds": seconds}).raise_for_status()
