"""The receiver: what it takes, what it refuses, and waiting for an event."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from batchproof.client import Receiver, RunClock
from batchproof.contract import load_contract
from batchproof.history import HistoryWriter, Redactor, read_history

SECRET = "wss_canary_5e6f"
EVENT = {"eventId": "evt_1", "eventType": "batch_processor_run.processed", "payload": {"id": "bpr_1"}}


@pytest.fixture
def receiver(build: ModuleType, tmp_path: Path) -> Iterator[tuple[Receiver, Path]]:
    file = tmp_path / "history.ndjson"
    writer = HistoryWriter(file, Redactor({"WEBHOOK_SECRET": SECRET}))
    writer.write(build.header(webhooks="received"))
    contract = load_contract("extend/2026-02-09")
    with Receiver(contract, writer, clock=RunClock(time.monotonic()), path="/hook", secret=SECRET) as opened:
        yield opened, file
    writer.close()


def post(url: str, content: bytes, **headers: str) -> int:
    return httpx.post(url, content=content, headers=headers, trust_env=False).status_code


def test_a_delivery_is_put_on_record_without_the_secret(receiver: Any) -> None:
    opened, file = receiver
    raw = json.dumps({**EVENT, "echo": SECRET}).encode()
    assert (
        post(opened.url, raw, **{"X-Extend-Request-Timestamp": "1767225600", "Authorization": "Basic x"})
        == 200
    )
    (event,) = read_history(file).deliveries
    assert (event.id, event.method, event.path) == ("d1", "POST", "/hook")
    assert event.json()["echo"] == "$WEBHOOK_SECRET"
    assert event.expected is not None
    assert event.headers["authorization"] == "[redacted]"
    assert SECRET not in file.read_text()


def test_what_is_no_delivery_is_refused_and_not_recorded(receiver: Any) -> None:
    opened, file = receiver
    assert post(opened.url + "/other", b"{}") == 404
    assert httpx.get(opened.url, trust_env=False).status_code == 405
    assert read_history(file).deliveries == ()


def test_a_body_that_is_no_json_is_recorded_as_it_is(receiver: Any) -> None:
    opened, file = receiver
    assert [post(opened.url, b"\xff"), post(opened.url, b"no")] == [200, 200]
    assert [(item.text, item.base64) for item in read_history(file).deliveries] == [
        (None, "/w=="),
        ("no", None),
    ]
    assert opened.named() == []


def test_large_deliveries_are_refused_once_there_were_many(receiver: Any) -> None:
    opened, file = receiver
    large = b'"' + b"x" * (5 * 1024 * 1024) + b'"'
    statuses = [post(opened.url, content) for content in (large, large, large, large, b"{}")]
    assert statuses == [200, 200, 200, 413, 200]
    assert len(read_history(file).deliveries) == 4


@pytest.mark.slow
def test_deliveries_that_never_end_are_refused_together(receiver: Any) -> None:
    opened, file = receiver
    statuses = []

    def send() -> None:
        endless = itertools.repeat(b"x" * 1_000_000, 1_000)
        # a server may answer before it has read everything, and close
        with suppress(httpx.WriteError, httpx.ReadError):
            statuses.append(httpx.post(opened.url, content=endless, trust_env=False).status_code)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert set(statuses) <= {413}
    assert post(opened.url, b"{}") == 200
    assert len(read_history(file).deliveries) == 1


def test_waiting_ends_with_the_event(receiver: Any) -> None:
    opened, _ = receiver
    sender = threading.Thread(target=post, args=(opened.url, json.dumps(EVENT).encode()))
    sender.start()
    assert opened.wait_for(lambda named: named.id == "bpr_1", "batch", 30.0)
    assert not opened.wait_for(lambda named: named.id == "bpr_2", "batch", 0.0)
    sender.join()


def naming(identifier: str, **about: Any) -> bytes:
    return json.dumps({**EVENT, "payload": {"id": identifier}, **about}).encode()


def waited(opened: Receiver, *ids: str, timeout_s: float = 0.5) -> tuple[list[bool], float]:
    """Which of these objects had an event, waited for one after the other, and how many seconds that took."""
    began = time.monotonic()
    came = [
        opened.wait_for(lambda named, identifier=identifier: named.id == identifier, kind, timeout_s)
        for identifier, kind in ((item, f"kind {item}") for item in ids)
    ]
    return came, time.monotonic() - began


@pytest.mark.parametrize(
    "came",
    [
        b"",
        b"not JSON",
        naming("bpr_1", payload={}, data={"id": "bpr_1"}),
        naming("bpr_1", eventType="batch.done"),
        naming("bpr_of_somebody_else"),
    ],
    ids=["nothing", "no JSON", "under another key", "of an unknown type", "about something else"],
)
def test_a_run_waits_once_where_nothing_comes_that_it_waits_for(receiver: Any, came: bytes) -> None:
    opened, _ = receiver
    if came:
        post(opened.url, came)
    found, seconds = waited(opened, *(f"bpr_{number}" for number in range(1, 11)))
    assert (any(found), 0.5 <= seconds < 1.5) == (False, True)


def test_whoever_waits_together_waits_once(receiver: Any) -> None:
    opened, _ = receiver
    ready = threading.Barrier(8)

    def wait(number: int) -> bool:
        ready.wait(30)
        return waited(opened, f"bpr_{number}")[0][0]

    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(wait, range(8))) == [False] * 8
    assert time.monotonic() - began < 1.5


def test_an_event_that_comes_late_gives_the_next_ones_their_time_again(receiver: Any) -> None:
    opened, _ = receiver
    assert waited(opened, "bpr_1", timeout_s=0.05)[0] == [False]
    post(opened.url, naming("bpr_1"))
    sender = threading.Timer(0.3, post, (opened.url, naming("bpr_2")))
    sender.start()
    assert waited(opened, "bpr_2", timeout_s=30.0)[0] == [True]
    sender.join()


def test_a_kind_that_had_none_gets_a_tenth_where_others_have_some(receiver: Any) -> None:
    opened, _ = receiver
    post(opened.url, naming("bpr_1"))
    assert waited(opened, "bpr_1")[0] == [True]
    began = time.monotonic()
    for _ in range(3):
        assert not opened.wait_for(lambda named: named.id == "bpr_2", "run", 0.5)
    assert 0.6 <= time.monotonic() - began < 1.0


def test_nobody_waits_where_the_run_asks_nothing_any_more(receiver: Any) -> None:
    opened, _ = receiver
    assert not opened.wait_for(lambda named: named.id == "bpr_1", "batch", 3_600.0, lambda: True)


def test_what_came_instead_is_told_without_the_secret(receiver: Any) -> None:
    opened, _ = receiver
    assert opened.others == ""
    post(opened.url, naming("bpr_of_somebody_else"))
    assert opened.others.startswith('1 other delivery came, the first: POST {"eventId": "evt_1", ')
    for _ in range(2):
        post(opened.url, json.dumps({"secret": SECRET, "more": "x" * 200}).encode())
    described = opened.others
    assert described.startswith('2 other deliveries came, the first: POST {"secret": "$WEBHOOK_SECRET"')
    assert len(described) < 160
    post(opened.url, naming("bpr_1"))
    assert (waited(opened, "bpr_1")[0], opened.others) == ([True], described)
