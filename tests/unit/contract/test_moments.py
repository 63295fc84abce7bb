"""Moments: every form of an ISO 8601 date-time, compared as exactly as both sides are given."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from batchproof.contract.expressions import Bindings, Expression, NotEvaluable
from batchproof.contract.moments import moment_of, not_before, same

TEN = datetime(2026, 2, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-09T10:00:00Z",
        "2026-02-09t10:00:00z",
        "2026-02-09 10:00:00",
        "2026-02-09T10:00Z",
        "2026-02-09T10:00:00.000000000Z",
        "2026-02-09T10:00:00,0",
        "2026-02-09T10:00:00+00:00",
        "2026-02-09T11:30:00+01:30",
        "2026-02-09T08:00:00-0200",
        "2026-02-09T08:00:00-02",
        "2026-02-09T09:59:60Z",
        "20260209T100000Z",
        "20260209T1000",
        "2026-W07-1T10:00:00Z",
        "2026W071T100000Z",
    ],
)
def test_forms_of_one_moment(text: str) -> None:
    assert moment_of(text).as_datetime() == TEN


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        True,
        "",
        "yesterday",
        "2026-02-09",
        "10:00:00Z",
        "2026-0209T10:00:00Z",
        "2026-02-09T1000:00Z",
        "2026-02-30T10:00:00Z",
        "2026-02-09T25:00:00Z",
        "2026-02-09T10:60:00Z",
        "2026-02-09T10:00:61Z",
        "2026-02-09T10:00:00+00:60",
        "2026-02-09T10:00:00.Z",
        "2026-02-09T10:00:00Z ",
        "٢٠٢٦-02-09T10:00:00Z",
        f"2026-02-09T10:00:00.{'1' * 41}Z",
    ],
)
def test_what_is_no_moment(value: Any) -> None:
    with pytest.raises(ValueError):
        moment_of(value)


def test_moment_is_cut_off_after_microseconds() -> None:
    assert moment_of("2026-02-09T10:00:00.1234569Z").as_datetime() == TEN.replace(microsecond=123456)
    assert moment_of("1969-12-31T23:59:59.9999999Z").as_datetime().microsecond == 999999


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("10:00:00.123Z", "10:00:00.123456Z", True),
        ("10:00:00.124Z", "10:00:00.123556Z", True),
        ("10:00:00Z", "10:00:00.999Z", True),
        ("10:00:01Z", "10:00:00.5Z", True),
        ("10:00Z", "10:00:59Z", True),
        ("10:00:00Z", "11:00:00+01:00", True),
        ("10:00:01Z", "10:00:00.0Z", False),
        ("10:00:00.123Z", "10:00:00.124Z", False),
        ("10:00:00.123Z", "10:00:00.124000Z", False),
        ("10:00:00Z", "10:00:01Z", False),
    ],
)
def test_same_moment_down_to_the_coarser_precision(one: str, other: str, *, expected: bool) -> None:
    pair = [moment_of("2026-02-09T" + text) for text in (one, other)]
    assert (same(*pair), same(*reversed(pair))) == (expected, expected)


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        ("10:00:01Z", "10:00:00Z", True),
        ("10:00:00Z", "10:00:00Z", True),
        ("10:00:00Z", "10:00:00.9Z", True),
        ("10:00:00Z", "10:00:01Z", False),
        ("10:00:00Z", "10:00:01.0Z", False),
    ],
)
def test_order_down_to_the_coarser_precision(later: str, earlier: str, *, expected: bool) -> None:
    assert not_before(moment_of("2026-02-09T" + later), moment_of("2026-02-09T" + earlier)) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("moment(self.basic) == timestamp(self.plain)", True),
        ("moment(self.plain) >= looked - duration('1h')", True),
        ("moment(self.plain) > looked + duration('1h')", False),
        ("same_moment(self.plain, self.fine)", True),
        ("same_moment(self.plain, self.late)", False),
        ("not_before(self.plain, self.fine)", True),
        ("not_before(self.plain, self.late)", False),
        ("self.plain != '' || same_moment(self.none, self.none)", True),
    ],
)
def test_moments_in_an_expression(source: str, *, expected: bool) -> None:
    values = {
        "basic": "20260209T100000",
        "plain": "2026-02-09T10:00:00Z",
        "fine": "2026-02-09T10:00:00.25Z",
        "late": "2026-02-09T10:00:02Z",
        "none": None,
    }
    assert Expression(source).holds(Bindings({"self": values, "looked": TEN})) is expected


@pytest.mark.parametrize(
    "source",
    [
        "moment(self.a) == moment(self.a)",
        "same_moment(self.a, self.a)",
        "not_before(self.a, self.a)",
        "moment(self.b) == moment(self.b)",
        "moment(self.early) == moment(self.early)",
    ],
)
def test_what_is_no_moment_is_not_judged_and_not_logged(
    source: str, caplog: pytest.LogCaptureFixture
) -> None:
    values = {"a": None, "b": "soon", "early": "0001-01-01T00:00:00+01:00"}
    with caplog.at_level(logging.DEBUG), pytest.raises(NotEvaluable):
        Expression(source).holds(Bindings({"self": values}))
    assert caplog.records == []
