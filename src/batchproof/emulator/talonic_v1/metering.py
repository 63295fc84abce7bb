"""Rate limits: so many calls for each key and day, counted anew at midnight UTC."""

from collections import Counter

_DAY = 24 * 60 * 60 * 1000


class Meter:
    """Counts the calls of the current day."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._day = -1

    def spend(self, token: str, now: int) -> int:
        """Count one call and return how many there have been today."""
        self._used[token] = self.used(token, now) + 1
        return self._used[token]

    def used(self, token: str, now: int) -> int:
        """How many calls there have been today."""
        if now // _DAY != self._day:
            self._day = now // _DAY
            self._used.clear()
        return self._used[token]


def next_midnight(now: int) -> int:
    """When the count begins anew."""
    return (now // _DAY + 1) * _DAY
