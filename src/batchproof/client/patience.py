"""How long a server asks a client to wait: ``Retry-After``, RFC 9110, section 10.2.3, or what its contract declares."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from batchproof.contract.model import RateLimit

_UNASKED_S = 1.0
# some servers give a fraction, or several numbers, of which the first one is meant
_SECONDS = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:,.*)?")
_WITH_A_SUFFIX = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?")


def wait_asked_for(headers: Mapping[str, str], limit: RateLimit | None = None) -> float:
    """The seconds that an answer asks for; a second where it asks for none, or in no way that can be read.

    ``Retry-After`` comes before the end of the window that ``limit`` declares. A moment is compared with the ``Date``
    of the answer itself, where it has one: clocks differ.
    """
    asked = headers.get("retry-after", "")
    seconds = _number(asked)
    if seconds is not None:
        return seconds
    until = _http_date(asked)
    if until is None and limit is not None:
        shown = headers.get(limit.reset.lower(), "")
        number = _number(shown)
        if number is not None and "delay-seconds" in limit.forms:
            return number
        until = _reset(shown, number, limit)
    if until is None:
        return _UNASKED_S
    now = _http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _number(text: str) -> float | None:
    found = _SECONDS.fullmatch(text)
    return None if found is None else float(found[1])


def _reset(text: str, number: float | None, limit: RateLimit) -> datetime | None:
    """The moment at which a window ends, in one of the declared forms."""
    try:
        if number is not None:
            return datetime.fromtimestamp(number, UTC) if "epoch-seconds" in limit.forms else None
        if "date-time" in limit.forms and _WITH_A_SUFFIX.fullmatch(text.strip()):
            return _aware(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _http_date(text: str) -> datetime | None:
    """A date in one of the three formats of RFC 9110, section 5.6.7."""
    try:
        return _aware(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
