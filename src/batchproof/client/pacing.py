"""The pace of a run: how many requests a second are sent, by all of its threads together."""

import threading

from batchproof.client.pausing import RunClock

# lost time may be caught up with this far, or each wait that ends late would slow a run down; in ten seconds it is 2 %
_CATCH_UP_S = 0.2


class Pace:
    """Gives turns to whoever wants to send something. Threads share it; no lock is held while one waits."""

    def __init__(self, per_second: float | None, clock: RunClock) -> None:
        """Without ``per_second`` every turn is now, unless a hold is on."""
        self._interval = 0.0 if per_second is None else 1.0 / per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._next = clock.now()
        self._held_until = 0.0

    def hold(self, seconds: float) -> None:
        """For so long from now on nobody gets a turn."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock.now() + seconds)

    def turn(self, patience: float) -> float:
        """Waits for a turn, and returns what is left of ``patience``: the seconds that may be spent on holds."""
        waited_for = 0.0
        while True:
            until = self._held_until
            held = until - self._clock.now()
            if until > waited_for and 0 < held <= patience:
                # nothing is reserved meanwhile: after a hold the turns come one by one, too
                self._clock.pause(held)
                patience -= held
                waited_for = until
                continue
            waited_for = max(waited_for, until)
            wait = self._reserved()
            if wait > 0:
                self._clock.pause(wait)
            if self._held_until <= waited_for:
                return patience

    def _reserved(self) -> float:
        """The seconds until the turn of whoever asks."""
        with self._lock:
            now = self._clock.now()
            turn = max(self._next, now - _CATCH_UP_S)
            self._next = turn + self._interval
        return turn - now
