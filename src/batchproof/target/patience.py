"""How long a server asks a client to wait: ``Retry-After``, RFC 9110, section 10.2.3."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UNASKED_S = 1.0
# some servers give a fraction, or several numbers, of which the first one is meant
_SECONDS = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:,.*)?")


def wait_asked_for(headers: Mapping[str, str]) -> float:
    """The seconds that an answer asks for; a second where it asks for none, or in no way that can be read.

    A date is compared with the one of the answer itself, where it has one: clocks differ.
    """
    asked = headers.get("retry-after", "")
    seconds = _SECONDS.fullmatch(asked)
    if seconds is not None:
        return float(seconds[1])
    until = _moment(asked)
    if until is None:
        return _UNASKED_S
    return max(0.0, (until - (_moment(headers.get("date", "")) or datetime.now(UTC))).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
