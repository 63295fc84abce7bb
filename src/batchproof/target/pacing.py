"""The pace of a run: how many requests a second are sent."""

import math

from pyrate_limiter import Duration, Limiter, Rate

# so often a second a request may begin: the limiter counts in whole milliseconds, of which 1,000 a second leaves one
_TURNS = 20


def limiter(per_second: float) -> Limiter:
    """What lets ``per_second`` requests a second pass, within a hundredth; above 20, a few at a time every 50 ms.

    Without its usual buffer, which adds 50 ms to every wait.
    """
    at_once = math.ceil(per_second / _TURNS)
    every_ms = max(1, round(at_once * Duration.SECOND.value / per_second))
    return Limiter(Rate(at_once, every_ms), buffer_ms=0)
