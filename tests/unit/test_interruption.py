"""Signals that end a run, in one process."""

import signal
from collections.abc import Iterator

import pytest

from batchproof import interruption

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("received", "held", "over"):
        monkeypatch.setattr(interruption._State, name, False)
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        # whoever runs the tests in the background has some of them ignored
        signal.signal(number, signal.SIG_DFL)
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
