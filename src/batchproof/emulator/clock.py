"""The emulator's time: injectable, so that tests move it by hand instead of sleeping."""

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Clock(Protocol):
    """Tells the time in UTC; it never runs backwards."""

    def now(self) -> datetime:
        """Return the present moment as an aware datetime in UTC."""
        ...


class SystemClock:
    """Wall clock time at the start, carried on by the monotonic clock."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._origin)


class ManualClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("ManualClock needs a start with a time zone")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment at which the clock stands, in UTC."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock forward by `seconds`."""
        if seconds < 0:
            raise ValueError("a clock cannot be advanced by a negative time")
        self._now += timedelta(seconds=seconds)


class SteppingClock(ManualClock):
    """A clock that moves a little whenever it is looked at: what a server shows depends on the requests alone."""

    def __init__(self, start: datetime, tick_ms: int) -> None:
        super().__init__(start)
        self._tick = timedelta(milliseconds=tick_ms)

    def now(self) -> datetime:
        """Move on by one tick and return the moment, in UTC."""
        self._now += self._tick
        return self._now


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


@lru_cache(maxsize=65536)
def rfc3339(milliseconds: int) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`."""
    return from_milliseconds(milliseconds).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def from_milliseconds(milliseconds: int) -> datetime:
    """The moment, in UTC, that lies so many milliseconds after 1970."""
    return _EPOCH + milliseconds * _MILLISECOND
