"""The pace of a run: turns at the rate that is asked for, whoever takes them, and holds that are for all."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from batchproof.client import RunClock
from batchproof.client.pacing import Pace

RATES = [1, 3, 5, 7.5, 20, 33, 100, 200, 333, 500, 1000]


class Time:
    """A clock that pauses alone move; each of them ends ``late`` by so many seconds."""

    def __init__(self, late: float = 0.0) -> None:
        self.at = 0.0
        self.pauses: list[float] = []
        self._late = late

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += seconds + self._late


@pytest.fixture
def made() -> Iterator[Callable[..., tuple[Pace, Time]]]:
    """A pace, and the clock that it goes by."""

    def make(rate: float | None, late: float = 0.0) -> tuple[Pace, Time]:
        time = Time(late)
        return Pace(rate, time), time  # type: ignore[arg-type]

    return make


def in_ten_seconds(pace: Pace, time: Time, each: float = 0.0) -> int:
    """How many turns one gets that are over in ten seconds; what one does with a turn takes ``each``."""
    count = 0
    while True:
        pace.turn(60.0)
        if time.at >= 10.0:
            return count
        time.at += each
        count += 1


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("late", [0.0, 0.0002, 0.02])
def test_rate_is_held_also_where_every_pause_ends_late(
    made: Callable[..., tuple[Pace, Time]], rate: float, late: float
) -> None:
    assert in_ten_seconds(*made(rate, late)) == pytest.approx(10 * rate, rel=0.05)


def test_who_was_late_catches_up_a_little(made: Callable[..., tuple[Pace, Time]]) -> None:
    pace, time = made(100.0)
    pace.turn(0.0)
    time.at = 50.0
    assert sum(pace.turn(0.0) == 0.0 and not time.pauses for _ in range(40)) == 21


def test_without_a_rate_nobody_waits(made: Callable[..., tuple[Pace, Time]]) -> None:
    pace, time = made(None)
    assert ([pace.turn(9.0) for _ in range(1_000)], time.pauses) == ([9.0] * 1_000, [])


def test_a_hold_is_for_the_next_turn_whoever_takes_it(made: Callable[..., tuple[Pace, Time]]) -> None:
    pace, time = made(None)
    pace.hold(7.0)
    assert ([pace.turn(60.0), pace.turn(60.0)], time.pauses) == ([53.0, 60.0], [7.0])


def test_after_a_hold_the_turns_come_one_by_one(made: Callable[..., tuple[Pace, Time]]) -> None:
    pace, time = made(2.0)
    pace.hold(7.0)
    begun = []
    for _ in range(3):
        pace.turn(60.0)
        begun.append(time.at)
    assert begun == [7.0, 7.3, 7.8]


def test_a_hold_that_is_longer_than_the_patience_is_not_waited_for(
    made: Callable[..., tuple[Pace, Time]],
) -> None:
    pace, time = made(None)
    pace.hold(7.0)
    assert (pace.turn(6.9), time.pauses) == (6.9, [])


def test_a_hold_that_grows_meanwhile_is_waited_for_as_far_as_patience_goes() -> None:
    class Growing(Time):
        """Somebody else is told to wait ten seconds more, each time when a wait is over."""

        def pause(self, seconds: float) -> None:
            super().pause(seconds)
            pace.hold(10.0)

    time = Growing()
    pace = Pace(None, time)  # type: ignore[arg-type]
    pace.hold(10.0)
    assert (pace.turn(25.0), time.pauses) == (5.0, [10.0, 10.0])


def test_a_hold_that_begins_while_one_waits_for_a_turn_is_kept() -> None:
    class Refused(Time):
        """Another thread is told to wait while this one does."""

        def pause(self, seconds: float) -> None:
            super().pause(seconds)
            if len(self.pauses) == 1:
                pace.hold(30.0)

    time = Refused()
    pace = Pace(1.0, time)  # type: ignore[arg-type]
    pace.turn(60.0)
    assert pace.turn(60.0) == 30.0
    assert time.at == 31.0


def test_threads_share_one_pace_and_hold_no_lock_while_they_wait() -> None:
    waiting = threading.Barrier(16)
    pauses: list[float] = []

    class Together(RunClock):
        """A clock that stands still; a pause is over when all others have begun theirs."""

        def now(self) -> float:
            return 0.0

        def pause(self, seconds: float) -> None:
            waiting.wait(30)
            pauses.append(seconds)

    pace = Pace(10.0, Together(0.0))
    pace.turn(0.0)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(pace.turn, [0.0] * 16)) == [0.0] * 16
    assert sorted(pauses) == pytest.approx([0.1 * number for number in range(1, 17)])
