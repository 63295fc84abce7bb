"""Every form in which servers ask for patience."""

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from batchproof.target.patience import wait_asked_for

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0.0),
        ("61", 61.0),
        (" 6.5 ", 6.5),
        ("6,120", 6.0),
        ("30, 120", 30.0),
        ("9" * 5_000, math.inf),
        ("Wed, 21 Oct 2026 07:28:07 GMT", 7.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Wednesday, 21-Oct-26 07:28:07 GMT", 7.0),
    ],
)
def test_what_is_asked_for(asked: str, seconds: float) -> None:
    assert wait_asked_for({"retry-after": asked, "date": DATE}) == seconds


@pytest.mark.parametrize(
    "asked", ["", "-5", "NaN", "inf", "1e400", "²", "soon", "Mon, 99 Foo 2020", "5 minutes"]
)
def test_what_cannot_be_read_asks_for_a_second(asked: str) -> None:
    assert wait_asked_for({"retry-after": asked}) == 1.0


def test_nothing_asks_for_a_second() -> None:
    assert wait_asked_for({}) == 1.0


def test_date_without_another_is_compared_with_the_clock() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55.0 < wait_asked_for({"retry-after": until}) <= 60.0
