"""HAR files as browsers, proxies and libraries write them, read entry by entry."""

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest

from batchproof.history import HistoryError
from batchproof.history.codings import zstd
from batchproof.history.traffic import Message, is_har, read_har
from tests.hars import entry, har, write

URL = "https://papers.test/documents"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Message]]:
    def of(*entries: dict[str, Any], bom: bool = False) -> list[Message]:
        return read_har(write(tmp_path / "traffic.har", har(*entries), bom=bom)).messages

    return of


@pytest.fixture
def one(read: Callable[..., list[Message]]) -> Callable[..., Message]:
    """The message of an entry of which ``content`` and ``response`` are changed."""

    def of(
        content: dict[str, Any] | None = None, response: dict[str, Any] | None = None, **about: Any
    ) -> Message:
        made = entry("GET", URL, {"documents": []}, **about)
        made["response"] |= response or {}
        made["response"]["content"] |= content or {}
        (message,) = read(made)
        return message

    return of


def test_an_entry_of_a_browser(one: Callable[..., Message]) -> None:
    message = one(at=1.5, headers={"acme-version": "1"})
    assert message.method == "GET"
    assert message.url == URL
    assert message.content == b'{"documents": []}'
    assert message.cut is False
    assert message.lost is None
    assert message.headers == [(":authority", "papers.test"), ("acme-version", "1")]


def test_the_end_is_as_late_as_the_missing_digits_allow(one: Callable[..., Message]) -> None:
    assert one().end - one().start == pytest.approx(0.501)
    whole = one(startedDateTime="2026-01-01T00:00:00Z")
    assert whole.end - whole.start == pytest.approx(1.5)
    exact = one(startedDateTime="2026-01-01T00:00:00.000000Z")
    assert exact.end - exact.start == pytest.approx(0.500001)
    rounded = one(startedDateTime="2026-01-01T00:00:00.000000Z", time=500)
    assert rounded.end - rounded.start == pytest.approx(0.501)


def test_without_a_time_the_timings_are_added(one: Callable[..., Message]) -> None:
    message = one(time=-1, timings={"blocked": -1, "connect": 100, "ssl": 90, "wait": 50.5, "_queued": 7})
    assert message.end - message.start == pytest.approx(0.1515)


@pytest.mark.parametrize("about", [{"time": None, "timings": {}}, {"time": -1, "timings": None}])
def test_without_any_time_nobody_knows_the_end(one: Callable[..., Message], about: dict[str, Any]) -> None:
    assert one(**about).end is None


def test_a_byte_order_mark_before_the_file(read: Callable[..., list[Message]]) -> None:
    assert len(read(entry("GET", URL), bom=True)) == 1


def test_a_body_in_base64(one: Callable[..., Message]) -> None:
    text = base64.b64encode(b"\xff[1]").decode()
    message = one({"text": text, "encoding": "base64", "size": 4})
    assert (message.content, message.cut) == (b"\xff[1]", False)


@pytest.mark.parametrize("content", [{"text": None}, {"text": ""}, {"text": "", "size": 0}])
def test_a_missing_body(one: Callable[..., Message], content: dict[str, Any]) -> None:
    assert one(content).content is None


@pytest.mark.parametrize(
    ("content", "answered"),
    [
        ({"size": 99}, {}),
        ({"size": -1}, {}),
        ({}, {"content-length": "99"}),
        ({}, {"content-encoding": "br"}),
    ],
)
def test_a_body_that_may_be_cut(
    one: Callable[..., Message], content: dict[str, Any], answered: dict[str, str]
) -> None:
    assert one(content, answered=answered).cut is True


@pytest.mark.parametrize(
    "mark",
    [
        {"_fromCache": "disk"},
        {"_fromCache": "memory"},
        {"_fetchType": "Disk Cache"},
        {"_fetchType": "Service Worker"},
    ],
)
def test_an_answer_of_a_cache(one: Callable[..., Message], mark: dict[str, Any]) -> None:
    assert one(**mark).lost == "the answer came from a cache"


def test_an_answer_of_a_service_worker(one: Callable[..., Message]) -> None:
    assert one(response={"_fetchedViaServiceWorker": True}).lost == "the answer came from a cache"


@pytest.mark.parametrize("size", [{"bodySize": 0}, {"bodySize": -98, "_transferSize": 0}])
def test_a_body_of_which_nothing_was_received_came_from_a_cache(
    one: Callable[..., Message], size: dict[str, int]
) -> None:
    assert one(response=size).lost == "the answer came from a cache"
    assert one({"text": ""}, response=size).lost is None


@pytest.mark.parametrize("mark", ["_error", "_failureText"])
def test_an_answer_that_did_not_come_whole(one: Callable[..., Message], mark: str) -> None:
    assert one(response={mark: "net::ERR_ABORTED"}).lost == "the answer did not come whole: net::ERR_ABORTED"
    assert one(response={mark: None}).lost is None


BODY = b'{"documents": []}'


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("br", brotli.compress(BODY)),
        ("zstd", zstd.compress(BODY)),
        ("gzip, br", brotli.compress(gzip.compress(BODY, mtime=0))),
    ],
)
def test_a_body_that_was_kept_as_it_came_is_unpacked(
    one: Callable[..., Message], coding: str, packed: bytes
) -> None:
    text = {"text": base64.b64encode(packed).decode(), "encoding": "base64", "size": len(packed)}
    answered = {"content-type": "application/json", "content-encoding": coding}
    message = one(text, answered=answered)
    assert (message.content, message.cut) == (BODY, False)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "compress"])
def test_what_cannot_be_unpacked_stays_and_may_be_cut(one: Callable[..., Message], coding: str) -> None:
    text = {"text": base64.b64encode(BODY).decode(), "encoding": "base64", "size": len(BODY)}
    message = one(text, answered={"content-encoding": coding})
    assert (message.content, message.cut) == (BODY, True)


def test_a_body_that_becomes_too_large_is_not_unpacked(one: Callable[..., Message]) -> None:
    bomb = gzip.compress(b" " * 17 * 1024 * 1024)
    text = {"text": base64.b64encode(bomb).decode(), "encoding": "base64", "size": len(bomb)}
    message = one(text, answered={"content-encoding": "gzip"})
    assert (message.content, message.cut) == (bomb, True)


def test_a_request_that_was_kept_as_it_went_is_unpacked(read: Callable[..., list[Message]]) -> None:
    packed = base64.b64encode(zstd.compress(BODY)).decode()
    made = entry("POST", URL, sent=packed, headers={"content-encoding": "zstd"})
    made["request"]["postData"]["encoding"] = "base64"
    assert read(made)[0].sent == BODY


def test_no_answer(one: Callable[..., Message]) -> None:
    message = one(response={"status": 0, "_error": "net::ERR_ABORTED"})
    assert (message.status, message.lost) == (None, "no answer was recorded: net::ERR_ABORTED")


def test_tunnels_and_what_is_no_http_are_left_out(read: Callable[..., list[Message]]) -> None:
    messages = read(
        entry("CONNECT", "https://papers.test:443"), entry("GET", "data:text/plain,x"), entry("GET", URL)
    )
    assert [message.number for message in messages] == [3]


def test_the_bytes_of_a_form_are_not_known(read: Callable[..., list[Message]]) -> None:
    (message,) = read(
        entry("POST", URL, sent="--x", headers={"content-type": "multipart/form-data; boundary=x"})
    )
    assert message.sent is None


def test_half_a_character_becomes_the_sign_for_none(one: Callable[..., Message]) -> None:
    assert one({"text": '{"a": "\ud83d"}'}).content == '{"a": "�"}'.encode()


def test_entries_without_what_other_tools_leave_out(read: Callable[..., list[Message]]) -> None:
    bare = {"startedDateTime": "2026-01-01T00:00:00Z", "request": {"method": "GET", "url": URL}}
    (message,) = read(bare)
    assert (message.status, message.content, message.end, list(message.headers)) == (None, None, None, [])


@pytest.mark.parametrize(
    ("content", "described"),
    [
        ('{"log": {"entries": [', "is not whole JSON"),
        ('{"log": {}}', "has no log.entries"),
        ("[]", "has no log.entries"),
        ('{"log": {"entries": [{}]}}', "log.entries[0].request: has no method or no url"),
        (
            json.dumps({"log": {"entries": [{"request": {"method": "GET", "url": URL}}]}}),
            "log.entries[0].startedDateTime: is no date-time",
        ),
    ],
)
def test_one_line_says_what_is_wrong_with_a_file(tmp_path: Path, content: str, described: str) -> None:
    file = tmp_path / "traffic.har"
    file.write_text(content)
    with pytest.raises(HistoryError) as error:
        read_har(file)
    assert str(error.value).startswith(f"{file}: {described}")
    assert "HAR 1.2" in str(error.value)


def test_a_har_file_is_told_by_its_name_or_by_how_it_begins(tmp_path: Path) -> None:
    named = tmp_path / "x.har"
    assert is_har(named)
    assert is_har(write(tmp_path / "x.json", har(), bom=True))
    other = tmp_path / "history.ndjson"
    other.write_text('{"event": "header"}\n')
    assert not is_har(other)
    assert not is_har(tmp_path / "none")
