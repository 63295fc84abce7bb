"""Drives the scenarios of a plan, one after the other or many side by side."""

import inspect
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from queue import SimpleQueue
from typing import NamedTuple

import pytest

from batchproof.drive import Prober, Stopped, Unmet
from batchproof.history import Exchange
from batchproof.plan import Scenario
from batchproof.session import Session

HALTED = "the run has stopped asking"
# how long a scenario may take to notice that the run is over; its requests are cut off, so it is an instant
_LAST_S = 5.0


class Ended(NamedTuple):
    """A scenario that has ended: what it sent, why it ended early, and what broke, if anything did."""

    scenario: Scenario
    exchanges: list[Exchange]
    note: str = ""
    error: BaseException | None = None


def drive(session: Session, scenario: Scenario) -> str:
    """Drives one scenario, and says why it ended early, if it did: that is on record, too.

    Raises ``OSError`` once nothing can be put on record, ``KeyboardInterrupt`` when the run is to end, and whatever
    else is wrong with the scenario.
    """
    api = session.of(scenario.name)
    if api.halted:
        return HALTED
    given = {"api": api, "prober": Prober(api), **scenario.values}
    wanted = inspect.signature(scenario.run).parameters
    try:
        scenario.run(**{name: given[name] for name in wanted})
    except (Stopped, Unmet) as error:
        return session.described(error, scenario.name, scenario.operations)
    except pytest.skip.Exception as skipped:
        return str(skipped)
    return ""


def run(session: Session, scenarios: Iterable[Scenario], workers: int) -> Generator[Ended]:
    """Drives ``scenarios``, up to ``workers`` at a time, and yields each when it has ended.

    Those that need the server for themselves come last, one by one. The scenarios of one worker are driven by the
    thread that asks for them. Whatever ends the iteration early ends all scenarios; nothing more is sent then.
    """
    waiting = list(scenarios)
    alone = [item for item in waiting if item.alone or workers == 1]
    yield from _side_by_side(session, [item for item in waiting if not item.alone and workers > 1], workers)
    for scenario in alone:
        yield _ended(session, scenario)


def _ended(session: Session, scenario: Scenario) -> Ended:
    note, broken = "", None
    try:
        note = drive(session, scenario)
        session.ended(scenario.name)
    except Exception as error:  # noqa: BLE001 - whoever asked for it decides what follows
        broken = error
    return Ended(scenario, session.take(scenario.name), note, broken)


def _side_by_side(session: Session, scenarios: Sequence[Scenario], workers: int) -> Generator[Ended]:
    waiting = deque(scenarios)
    done: SimpleQueue[Ended | None] = SimpleQueue()

    def work() -> None:
        try:
            while waiting:
                done.put(_ended(session, waiting.popleft()))
        except (IndexError, KeyboardInterrupt):
            return
        finally:
            done.put(None)

    # a process does not wait for those that hang
    threads = [
        threading.Thread(target=work, name=f"batchproof-{number}", daemon=True)
        for number in range(1, min(workers, len(scenarios)) + 1)
    ]
    for thread in threads:
        thread.start()
    try:
        working = len(threads)
        while working:
            ended = done.get()
            if ended is None:
                working -= 1
            else:
                yield ended
    finally:
        waiting.clear()
        if any(thread.is_alive() for thread in threads):
            session.cut_off()
            for thread in threads:
                thread.join(_LAST_S)
