"""When an exchange was on its way by the clock of the run: the histories count seconds from its start."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from batchproof.contract import CompiledInvariant
from batchproof.contract.kinds.variables import WALL_TIME
from batchproof.contract.moments import moment_of
from batchproof.history import Exchange

_NAMES = frozenset(variable.name for variable in WALL_TIME)


class WallTime:
    """The wall time of one run."""

    def __init__(self, started_at: str | None) -> None:
        """``started_at`` is that of the header; without it, or where it is no date-time, no time is known."""
        self._start: datetime | None = None
        if started_at is not None:
            try:
                self._start = moment_of(started_at).as_datetime()
            except (ValueError, OverflowError):
                return

    def variables(self, asked: Sequence[Exchange]) -> dict[str, datetime]:
        """When the run began, when the first of the exchanges was ``asked`` and when the last was answered."""
        if self._start is None or not asked:
            return {}
        return {
            "started_at": self._start,
            "asked_at": self._start + timedelta(seconds=min(exchange.start for exchange in asked)),
            "answered_at": self._start + timedelta(seconds=max(exchange.end for exchange in asked)),
        }


def uses_wall_time(compiled: CompiledInvariant) -> bool:
    """Whether an invariant names a variable that is another one in every run."""
    return not _NAMES.isdisjoint(compiled.variables)
