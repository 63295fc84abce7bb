import io
import os
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from rich.console import Console

from batchproof.report import Progress

MINUTES = 60.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_verbose_is_one_plain_line_a_scenario() -> None:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, width=80), verbose=True)
    progress.scenario("test_batches", 12, 0, "")
    progress.scenario("test_\x1b[2Jlists[a]", 1, 2, "skipped: [bold]no batch is known" + "x" * 100)
    progress.close()
    progress.close()
    first, second = stream.getvalue().splitlines()
    assert first == "test_batches: 12 requests, 0 findings"
    assert second.startswith("test_\\x1b[2Jlists[a]: 1 request, 2 findings; skipped: [bold]no batch")
    assert len(second) <= 80


@pytest.mark.parametrize(("took", "lines"), [(9.0, 0), (11.0, 1), (77.0, 5), (20 * MINUTES, 11)])
def test_a_line_every_ten_seconds_or_less_often(clock: Clock, took: float, lines: int) -> None:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, width=80), clock=clock)
    progress.expect(400)
    for _ in range(400):
        clock.now += took / 400
        progress.scenario("test_one", 3, 0)
    described = stream.getvalue().splitlines()
    assert len(described) == lines
    if took == 11.0:
        assert described == ["364 of 400 scenarios, 1,092 requests, 0 findings, 0:10"]


def test_a_long_run_says_something_every_five_minutes(clock: Clock) -> None:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, width=80), clock=clock)
    times = []
    for _ in range(2 * 60 * 6):
        clock.now += 10
        progress.scenario("test_one", 1, 0)
        if len(stream.getvalue().splitlines()) > len(times):
            times.append(clock.now)
    assert max(later - earlier for earlier, later in pairwise(times)) == 5 * MINUTES


@pytest.fixture
def seen_on_a_terminal(clock: Clock) -> Callable[[Callable[[Progress], None]], str]:
    def see(happens: Callable[[Progress], None]) -> str:
        stream = io.StringIO()
        console = Console(
            file=stream, width=80, force_terminal=True, color_system=None, _environ={"TERM": "xterm"}
        )
        progress = Progress(console, clock=clock)
        happens(progress)
        progress.close()
        return stream.getvalue()

    return see


def test_lines_that_change_on_a_terminal(
    clock: Clock, seen_on_a_terminal: Callable[[Callable[[Progress], None]], str]
) -> None:
    def happens(progress: Progress) -> None:
        progress.expect(4)
        progress.scenario("test_one", 2, 0, "")
        clock.now += 75
        progress.scenario("test_two", 3, 1, "")
        progress.phase("judging what was recorded")

    shown = seen_on_a_terminal(happens)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "[####################....................]" in text
    assert "2 of 4 scenarios, 5 requests, 1 finding, 1:15" in text
    assert "last: test_one" in text
    assert "first looks are wrong, last in test_two" in text
    assert "judging what was recorded" in text


def test_nothing_of_it_stays_on_a_terminal(
    seen_on_a_terminal: Callable[[Callable[[Progress], None]], str],
) -> None:
    def happens(progress: Progress) -> None:
        for number in range(100):
            progress.scenario(f"test_{number}", 2, 0, "")

    shown = seen_on_a_terminal(happens)
    up, down = len(re.findall(r"\x1b\[1A", shown)), shown.count("\n")
    assert up == down


def test_a_terminal_that_cannot_change_lines_gets_plain_ones(clock: Clock) -> None:
    stream = io.StringIO()
    console = Console(
        file=stream, width=80, force_terminal=True, color_system=None, _environ={"TERM": "dumb"}
    )
    progress = Progress(console, clock=clock)
    clock.now += 11
    progress.scenario("test_one", 2, 0, "")
    progress.phase("judging")
    progress.close()
    assert stream.getvalue() == "1 scenario, 2 requests, 0 findings, 0:11\n"


def test_a_reader_that_goes_away_is_noticed_between_two_lines(clock: Clock) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream:
        progress = Progress(Console(file=stream, width=80), clock=clock)
        progress.scenario("test_one", 1, 0)
        os.close(reading)
        with pytest.raises(BrokenPipeError):
            progress.scenario("test_two", 1, 0)


def test_a_console_that_knows_only_ascii() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    progress = Progress(Console(file=stream, width=80), verbose=True)
    progress.scenario("té→st", 0, 0, "")
    progress.close()


def test_a_minute_of_silence_is_broken(clock: Clock) -> None:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, width=80), clock=clock)
    progress.scenario("test_first_page", 3, 0)
    for passed in (59, 2, 59, 2):
        clock.now += passed
        progress.still_there()
    assert stream.getvalue().splitlines() == [
        "1 scenario, 3 requests, 0 findings, 1:01; waiting",
        "1 scenario, 3 requests, 0 findings, 2:02; waiting",
    ]
