"""What the scenarios of a run have in common: found or made once, for whoever asks first."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from batchproof.drive.refs import Ref

T = TypeVar("T")


class Shared:
    """Safe to share between threads.

    What is made here is made in a scenario of its own, so that no other scenario sends more or less for coming first.
    """

    def __init__(self) -> None:
        self.created: set[Ref] = set()
        self.gone: set[Ref] = set()
        # the discoveries that were not answered as documented
        self.failed: set[str] = set()
        # the resources of which no object has ended lately, however long it was waited for
        self.stuck: set[str] = set()
        # how many valid requests in a row were not answered as documented
        self.in_vain = 0
        self._found: dict[str, Any] = {}
        self._taken: dict[str, int] = {}
        self._locks: dict[str, threading.RLock] = {}
        self._guard = threading.Lock()

    def once(self, key: str, make: Callable[[], T], *, still: Callable[[T], bool] = lambda _: True) -> T:
        """What ``make`` made of ``key`` for the first who asked, or makes again once that is not ``still`` good.

        Whatever ``make`` raises comes through, and the next one who asks tries again.
        """
        with self._guard:
            lock = self._locks.setdefault(key, threading.RLock())
        with lock:
            if key not in self._found or not still(self._found[key]):
                self._found[key] = make()
            found: T = self._found[key]
            return found

    def know(self, key: str, found: Any) -> None:
        """An earlier part of the run has made ``found`` of ``key``."""
        with self._guard:
            self._found[key] = found

    def used(self, name: str, turns: int) -> None:
        """An earlier part of the run had so many turns at ``name``."""
        with self._guard:
            self._taken[name] = turns

    def turn(self, name: str) -> int:
        """How many have asked for a turn at ``name`` before."""
        with self._guard:
            turn = self._taken.get(name, 0)
            self._taken[name] = turn + 1
            return turn
