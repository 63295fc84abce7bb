"""What a run cost, and how fast it went."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from batchproof.history import Exchange, History

_BARS = 48


class Pace(NamedTuple):
    """``seconds`` is how long the run took, ``waits`` the median and the longest wait for an answer, in seconds.

    ``bars`` are the requests that began in each of equal parts of the run, each ``part`` seconds long. ``unanswered``
    more were on their way when the run was killed.
    """

    requests: int
    unanswered: int
    documents: int
    deliveries: int
    seconds: float
    a_second: float
    waits: tuple[float, float]
    at_a_time: int
    answers: list[tuple[str, int]]
    bars: list[int]
    part: float


def pace(history: History) -> Pace:
    """The cost and the pace of the run that wrote ``history``."""
    exchanges = history.exchanges
    seconds = history.last
    part = max(seconds, 0.001) / _BARS
    bars = Counter(min(max(int(item.start / part), 0), _BARS - 1) for item in exchanges)
    waits = sorted(item.end - item.start for item in exchanges) or [0.0]
    return Pace(
        requests=len(exchanges),
        unanswered=history.requests_spent - len(exchanges),
        documents=history.documents_spent,
        deliveries=len(history.deliveries),
        seconds=seconds,
        a_second=len(exchanges) / seconds if seconds > 0 else 0.0,
        waits=(waits[len(waits) // 2], waits[-1]),
        at_a_time=_at_a_time(exchanges),
        answers=sorted(Counter(map(_kind, exchanges)).items()),
        bars=[bars[number] for number in range(_BARS)],
        part=part,
    )


def _at_a_time(exchanges: Sequence[Exchange]) -> int:
    """How many requests were on their way at the same time, at most; one that ends makes room for one that begins."""
    moments = [(item.end, -1) for item in exchanges] + [(item.start, 1) for item in exchanges]
    most = now = 0
    for _, change in sorted(moments):
        now += change
        most = max(most, now)
    return most


def _kind(exchange: Exchange) -> str:
    if exchange.response is not None:
        return f"{exchange.response.status // 100}xx"
    return "no answer"
