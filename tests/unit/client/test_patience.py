"""Every form in which servers ask for patience."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from batchproof.client.patience import wait_asked_for
from batchproof.contract import Contract
from batchproof.contract.model import RateLimit

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
        ("Wed Oct 21 07:28:07 2026", 7.0),
        ("Sun Nov  1 07:28:00 2026", 11 * 86400.0),
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


MOMENTS = RateLimit(reset="X-Reset", forms=["date-time", "epoch-seconds"])
DELAYS = RateLimit(reset="X-Reset", forms=["delay-seconds"])
EPOCH = 1792567680


@pytest.mark.parametrize(
    ("limit", "reset", "seconds"),
    [
        (MOMENTS, "2026-10-21T07:28:09Z", 9.0),
        (MOMENTS, "2026-10-21T09:28:09.5+02:00", 9.5),
        (MOMENTS, "2026-10-21T07:27:00Z", 0.0),
        (MOMENTS, str(EPOCH + 9), 9.0),
        (MOMENTS, f"{EPOCH}.5", 0.5),
        (DELAYS, "9", 9.0),
        (DELAYS, "2026-10-21T07:28:09Z", 1.0),
        (RateLimit(reset="X-Reset", forms=["date-time"]), str(EPOCH + 9), 1.0),
        (MOMENTS, "9" * 400, 1.0),
        (MOMENTS, "tomorrow", 1.0),
        (MOMENTS, "2026-10-99T07:28:09Z", 1.0),
        (None, "2026-10-21T07:28:09Z", 1.0),
    ],
)
def test_end_of_the_window_that_a_contract_declares(
    limit: RateLimit | None, reset: str, seconds: float
) -> None:
    assert wait_asked_for({"x-reset": reset, "date": DATE}, limit) == seconds


@pytest.mark.parametrize(("asked", "seconds"), [("3", 3.0), ("soon", 9.0)])
def test_retry_after_comes_before_the_end_of_the_window(asked: str, seconds: float) -> None:
    headers = {"retry-after": asked, "x-reset": str(EPOCH + 9), "date": DATE}
    assert wait_asked_for(headers, MOMENTS) == seconds


def test_the_contracts_that_know_an_end_of_the_window_declare_it(
    installed: Callable[[str], Contract],
) -> None:
    declared = installed("talonic/v1").manifest.rate_limit
    assert wait_asked_for({"x-ratelimit-reset": "2026-10-21T07:28:09Z", "date": DATE}, declared) == 9.0
    assert wait_asked_for({"x-ratelimit-reset": str(EPOCH + 9), "date": DATE}, declared) == 9.0
