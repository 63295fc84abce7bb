"""Signals that end a run, in one process."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from batchproof import interruption

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("received", "held", "over"):
        monkeypatch.setattr(interruption._State, name, False)
    before = {number: signal.getsignal(number) for number in SIGNALS}
    interruption.install()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_each_of_them_interrupts_once(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)
    for later in SIGNALS:
        signal.raise_signal(later)
    assert interruption.received()
    with pytest.raises(KeyboardInterrupt):
        interruption.check()


def test_what_is_held_back_is_remembered() -> None:
    with interruption.held():
        signal.raise_signal(signal.SIGTERM)
        assert interruption.received()
        with pytest.raises(KeyboardInterrupt), interruption.held(False):
            pytest.fail("a signal that came before ends it")


def test_after_the_end_nothing_is_heard() -> None:
    interruption.finish()
    signal.raise_signal(signal.SIGTERM)
    assert not interruption.received()


def test_a_signal_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interruption.install()
    signal.raise_signal(signal.SIGHUP)
    assert not interruption.received()


@pytest.fixture
def sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file by which another process is told; it is watched for until the test is over."""
    monkeypatch.setattr(interruption._State, "sign", None)
    return tmp_path / ".ended"


def test_a_process_that_belongs_to_a_run_is_told_by_a_file(sign: Path) -> None:
    with interruption.held():
        interruption.watch(sign)
        interruption.check()
        sign.touch()
        with pytest.raises(KeyboardInterrupt):
            interruption.check()
    assert interruption.received()


def test_a_process_that_belongs_to_a_run_is_woken_where_it_waits(sign: Path) -> None:
    interruption.watch(sign)
    began = time.monotonic()
    sooner = threading.Timer(0.3, sign.touch)
    sooner.start()
    with pytest.raises(KeyboardInterrupt):
        threading.Event().wait(20)
    sooner.join()
    assert (interruption.received(), time.monotonic() - began < 15) == (True, True)


def test_who_looks_for_the_file_takes_no_pause_that_others_count(
    sign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    interruption.watch(sign)
    sooner = threading.Timer(0.3, sign.touch)
    sooner.start()
    with pytest.raises(KeyboardInterrupt):
        threading.Event().wait(20)
    sooner.join()
    assert taken == []


def test_a_process_whose_run_is_over_is_left_in_peace(sign: Path) -> None:
    interruption.finish()
    interruption.watch(sign)
    sign.touch()
    for watcher in threading.enumerate():
        if watcher.name == "batchproof-sign":
            watcher.join()
    assert not interruption.received()
