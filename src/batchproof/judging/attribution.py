"""Whose answer it is: that of the API to the request, or that of a gateway, a rate limit or a check of the token.

What an answer shows is set aside only where something else can explain it:

* 401, 402, 403 and 407 are about who asks. Where the same caller succeeds before and afterwards, they are about the request.
* 429, the statuses of gateways and broken connections come and go. Where they come back to the same request, and to
  nothing else beside it, they are about the request.
* An answer that did not come in time is never evidence: no documentation says how fast a server is. Nor is one that was
  too large or too deep to be read.

An internal error may pass, too: one that was gone when the same request was sent again says nothing about that.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from batchproof.history import (
    ELSEWHERE,
    GATEWAY_STATUSES,
    INTERNAL,
    TO_THE_CALLER,
    TOO_MANY_REQUESTS,
    Exchange,
)
from batchproof.history.events import OWN_LIMITS
from batchproof.judging.somebody_elses import is_somebody_elses

# how often an answer comes back until it is no coincidence
_OFTEN = 3


class Attribution:
    """Says of each exchange of a history whether its answer belongs to its request."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        """``exchanges`` are in order."""
        self._beginnings: dict[str, list[float]] = defaultdict(list)
        self._ends: dict[str, list[float]] = defaultdict(list)
        self._outcomes: dict[Hashable, list[bool]] = defaultdict(list)
        self._answered: set[Hashable] = set()
        for exchange in exchanges:
            if _answers(exchange):
                self._answered.add(_same(exchange))
            if not too_late(exchange):
                self._outcomes[_same(exchange)].append(from_elsewhere(exchange))
            if exchange.auth is None and _succeeded(exchange):
                self._beginnings[exchange.scenario].append(exchange.start)
                self._ends[exchange.scenario].append(exchange.end)
        for times in self._beginnings.values():
            times.sort()

    def belongs(self, exchange: Exchange) -> bool:
        """Whether the answer, or the lack of one, is what the API makes of the request."""
        if too_late(exchange) or unread(exchange):
            return False
        if not from_elsewhere(exchange):
            return True
        if not self.between_successes(exchange):
            return False
        if exchange.response is not None and exchange.response.status in TO_THE_CALLER:
            return True
        if is_somebody_elses(exchange) and exchange.auth is not None:
            # other callers have limits of their own, and most of them are refused anyway
            return False
        outcomes = self._outcomes[_same(exchange)]
        return len(outcomes) >= _OFTEN and all(outcomes)

    def belongs_to_probe(self, exchange: Exchange, controls: Sequence[Exchange]) -> bool:
        """The same for a request with one change; ``controls`` are the accepted ones without it."""
        if too_late(exchange) or unread(exchange):
            return False
        if not from_elsewhere(exchange):
            return True
        if not any(control.start >= exchange.end for control in controls):
            return False
        if exchange.response is not None and exchange.response.status in TO_THE_CALLER:
            return True
        outcomes = self._outcomes[_same(exchange)]
        return len(outcomes) >= _OFTEN and all(outcomes)

    def passed(self, exchange: Exchange) -> bool:
        """Whether the answer is an internal error that was gone when the same request was sent again."""
        return (
            exchange.response is not None
            and exchange.response.status >= INTERNAL
            and _same(exchange) in self._answered
        )

    def between_successes(self, exchange: Exchange) -> bool:
        """Whether the same scenario succeeded with something before, and with something afterwards."""
        ends = self._ends.get(exchange.scenario, [])
        beginnings = self._beginnings.get(exchange.scenario, [])
        return bisect_right(ends, exchange.start) > 0 and bisect_left(beginnings, exchange.end) < len(
            beginnings
        )


def from_elsewhere(exchange: Exchange) -> bool:
    """Whether something other than the API may have answered, or broken the connection."""
    if exchange.response is not None:
        return exchange.response.status in ELSEWHERE
    return exchange.failure is not None and exchange.failure.kind in ("timeout", "connect", "protocol")


def unread(exchange: Exchange) -> bool:
    """Whether the answer was more than this program handles, which says nothing about the server."""
    return exchange.failure is not None and exchange.failure.kind in OWN_LIMITS


def too_late(exchange: Exchange) -> bool:
    """Whether the answer was still to come when the time of the request was over."""
    return exchange.failure is not None and exchange.failure.kind == "timeout"


def answer_of(exchange: Exchange) -> str:
    """The status of the answer, or the way in which the exchange failed."""
    if exchange.response is not None:
        return str(exchange.response.status)
    return "no answer" if exchange.failure is None else f"no answer: {exchange.failure.kind}"


def answered_with(exchange: Exchange) -> str:
    """What came of a request, in words."""
    return f"{'got' if exchange.response is None else 'was answered'} {answer_of(exchange)}"


def _answers(exchange: Exchange) -> bool:
    """Whether the server answered without failing; who asks may be all that it looked at."""
    if exchange.response is None:
        return False
    status = exchange.response.status
    return status < INTERNAL and status not in GATEWAY_STATUSES | {TOO_MANY_REQUESTS}


def _succeeded(exchange: Exchange) -> bool:
    return exchange.response is not None and 200 <= exchange.response.status < 300


def _same(exchange: Exchange) -> Hashable:
    """What tells requests apart: a probe is the same request each time, and so is one with the same address."""
    if exchange.probe is not None:
        return exchange.probe
    case = exchange.case.about if exchange.case is not None else None
    return exchange.operation, exchange.request.url, case, exchange.auth
