"""How a run lets time pass: it waits, or it moves the clock of the emulator that runs beside it."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import httpx

Pause = Callable[[float], None]


def pausing(control: str | None) -> AbstractContextManager[Pause]:
    """What takes a number of seconds and lets them pass. ``control`` is the address of an emulator's clock, if there is one."""
    return nullcontext(time.sleep) if control is None else _Mover(control)


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
