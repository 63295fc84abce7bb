"""Signatures: what the bytes should be signed with, and how old a timestamp is."""

import hashlib
import hmac
from typing import Any

import pytest

from batchproof.contract.webhooks import Signature, Timestamp
from batchproof.history.signing import delivery, expected

SECRET = "wss_canary_77aa"
RAW = b'{"a":1}'
SIGNATURE = Signature(
    header="x-sign",
    signed="v0:{timestamp}:{body}",
    requirement="sign",
    timestamp=Timestamp(header="x-time", requirement="time"),
)


def made(
    headers: dict[str, str], raw: bytes = RAW, secret: str | None = SECRET, now: float | None = 1000.5
) -> Any:
    return delivery(
        SIGNATURE, secret, identifier="d1", received_at=1.0, headers=headers, raw=raw, now=now, path="/hook"
    )


def test_the_raw_bytes_are_signed_with_the_timestamp_as_it_was_sent() -> None:
    right = hmac.new(SECRET.encode(), b"v0:0990:" + RAW, hashlib.sha256).hexdigest()
    assert made({"X-Time": "0990"}).expected == right
    assert made({"X-Time": "990"}).expected != right
    assert made({"X-Time": "0990"}, RAW + b" ").expected != right
    assert made({"X-Time": "0990"}, secret=SECRET + "x").expected != right


def test_a_body_that_looks_like_a_place_of_the_template_is_a_body() -> None:
    raw = b"{timestamp}{body}"
    right = hmac.new(SECRET.encode(), b"v0:1:" + raw, hashlib.sha256).hexdigest()
    assert expected(SIGNATURE, SECRET, "1", raw) == right


def test_without_timestamp_or_secret_nothing_is_worked_out() -> None:
    assert made({}).expected is None
    assert made({"X-Time": "990"}, secret=None).expected is None


@pytest.mark.parametrize(
    ("stamp", "age"),
    [("990", 10.5), ("1100", -99.5), ("", None), ("-5", None), ("1e3", None), ("९", None), ("9" * 16, None)],
)
def test_age_of_a_timestamp(stamp: str, age: float | None) -> None:
    assert made({"X-Time": stamp}).age == age
    assert made({"X-Time": stamp}, now=None).age is None


def test_bytes_that_are_not_utf_8_are_kept_as_base64() -> None:
    event = made({"X-Time": "1"}, b"\xff\xfe")
    assert (event.text, event.base64) == (None, "//4=")
    with pytest.raises(ValueError, match="utf-8"):
        event.json()


@pytest.mark.parametrize("raw", [b"NaN", b"{", b"[" * 100_000])
def test_what_is_no_json_is_a_value_error(raw: bytes) -> None:
    with pytest.raises(ValueError):
        made({}, raw).json()


def test_the_secret_is_in_no_event() -> None:
    assert SECRET not in repr(made({"X-Time": "990", "x-sign": "00"}))
