"""Moments: ISO 8601 date-times in whatever form they are written, and how exactly each is given.

Where only ISO 8601 is documented, a server may use the extended or the basic format, any number of digits of a second,
and leave the offset out, which is read as UTC. Two views of one moment may give it with different digits.
"""

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from batchproof.json_values import Json

_DATE_TIME = re.compile(
    r"(?P<date>[0-9]{4}(?P<d>-?)(?:[0-9]{2}(?P=d)[0-9]{2}|W[0-9]{2}(?P=d)[1-7]))[Tt ]"
    r"(?P<hour>[0-9]{2})(?P<t>:?)(?P<minute>[0-9]{2})(?:(?P=t)(?P<second>[0-9]{2})(?:[.,](?P<digits>[0-9]{1,40}))?)?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<hours>[0-9]{2})(?::?(?P<minutes>[0-9]{2}))?)?"
)
_DAY_ZERO = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400


class Moment(NamedTuple):
    """``seconds`` since 1970 in UTC, and the ``unit`` of the last digit that was given, in seconds."""

    seconds: Fraction
    unit: Fraction

    def as_datetime(self) -> datetime:
        """The moment, cut off after microseconds. Raises ``OverflowError`` outside the years 1 to 9999."""
        return _EPOCH + timedelta(microseconds=self.seconds * 1_000_000 // 1)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Moment:
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no date-time")
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    # 24:00 ends a day, and the second 60 is a leap second
    if hour > 24 or minute > 59 or second > 60 or int(found["minutes"] or 0) > 59:
        raise ValueError(f"{text!r} is no time of day")
    days = (date.fromisoformat(found["date"]) - _DAY_ZERO).days
    offset = int(found["hours"] or 0) * 3600 + int(found["minutes"] or 0) * 60
    whole = days * _DAY_S + hour * 3600 + minute * 60 + second - (-offset if found["sign"] == "-" else offset)
    digits = found["digits"] or ""
    unit = Fraction(1, 10 ** len(digits))
    return Moment(whole + int(digits or 0) * unit, unit if found["second"] else Fraction(60))


def moment_of(value: Json) -> Moment:
    """The moment that ``value`` names. Raises ``ValueError`` where it is no ISO 8601 date-time."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no date-time")  # noqa: TRY004 - a fact about the data, as any other text
    return _parsed(value)


def same(one: Moment, other: Moment) -> bool:
    """Whether both are one moment, down to the coarser of the two precisions: the finer one may be cut off or rounded."""
    if one is other:
        return True
    apart = abs(one.seconds - other.seconds)
    return apart == 0 or (one.unit != other.unit and apart < max(one.unit, other.unit))


def not_before(later: Moment, earlier: Moment) -> bool:
    """Whether ``later`` does not lie before ``earlier``, down to the coarser of the two precisions."""
    return later is earlier or later.seconds >= earlier.seconds or same(later, earlier)
