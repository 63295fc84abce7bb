"""When a run took place, as far as its history knows."""

from datetime import datetime, timedelta

from batchproof.contract.moments import moment_of
from batchproof.history import History


def duration(history: History) -> float:
    """How many seconds the run took: to its end, or to the last answer of one that was cut off.

    To a tenth of a millisecond: a number with more digits might be written with an exponent.
    """
    ends = [exchange.end for exchange in history.exchanges]
    return round(history.footer.ended if history.footer is not None else max(ends, default=0.0), 4)


def moment(history: History, seconds: float = 0) -> datetime | None:
    """The moment, in UTC, ``seconds`` after the run began; None where nobody knows when that was."""
    try:
        return moment_of(history.header.started_at).as_datetime() + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None
