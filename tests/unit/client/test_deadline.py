"""One request takes ``request_timeout_s`` in all, whatever a server does to make it last."""

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from batchproof.client import Call, Target
from batchproof.history import Exchange

LIST = Call(operation="list_documents")
LIMIT_S = 0.5
# what a busy machine may take for the rest
GENEROUS_S = 3.0
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def dripping(before: bytes, drop: bytes) -> Any:
    """Sends ``before``, then ``drop`` again and again, each time long before any read is too slow."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(before)
        while not over.wait(0.02):
            connection.sendall(drop)

    return talk


def deaf(connection: socket.socket, over: threading.Event) -> None:
    over.wait()


def handshake_that_drips(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65_536)
    # the beginning of a record of 16 KiB that never ends
    connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x40\x00")
    while not over.wait(0.02):
        connection.sendall(b"\0")


SLOW = {
    "interim-responses": dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "storm-of-interim-responses": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1_000),
    "headers": dripping(HEAD, b"x-drip: 1\r\n"),
    "one-header": dripping(HEAD + b"x-drip: ", b"1"),
    "body": dripping(HEAD + b"content-length: 100000\r\n\r\n", b" "),
    "chunks": dripping(HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "nothing": deaf,
}


@pytest.fixture
def timed(make_target: Callable[..., Target]) -> Callable[..., tuple[Exchange, float]]:
    """Sends one request over the network, and tells how long that took."""

    def send(address: str, **settings: Any) -> tuple[Exchange, float]:
        target = make_target(None, base_url=address, request_timeout_s=LIMIT_S, **settings)
        began = time.monotonic()
        return target.send(LIST, "scenario"), time.monotonic() - began

    return send


@pytest.mark.parametrize("name", SLOW)
def test_slow_answer_ends_in_time(
    listening: Callable[..., str], timed: Callable[..., tuple[Exchange, float]], name: str
) -> None:
    exchange, seconds = timed(listening(SLOW[name]))
    assert exchange.failure is not None
    assert (exchange.failure.kind, LIMIT_S <= seconds < GENEROUS_S) == ("timeout", True)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", ["headers", "interim-responses", "nothing"])
def test_slow_proxy_ends_in_time(
    listening: Callable[..., str],
    timed: Callable[..., tuple[Exchange, float]],
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    name: str,
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", listening(SLOW[name]))
    exchange, seconds = timed(f"{scheme}://papers.test")
    assert exchange.failure is not None
    assert (exchange.failure.kind, seconds < GENEROUS_S) == ("timeout", True)


@pytest.mark.parametrize("talk", [deaf, handshake_that_drips], ids=["silent", "dripping"])
def test_slow_handshake_ends_in_time(
    listening: Callable[..., str], timed: Callable[..., tuple[Exchange, float]], talk: Any
) -> None:
    exchange, seconds = timed(listening(talk).replace("http:", "https:"))
    assert exchange.failure is not None
    assert (exchange.failure.kind, seconds < GENEROUS_S) == ("timeout", True)


def test_name_that_takes_long_leaves_less_for_the_handshake(
    listening: Callable[..., str], make_target: Callable[..., Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = socket.getaddrinfo

    def slow(*about: Any, **more: Any) -> Any:
        threading.Event().wait(1.6)
        return found(*about, **more)

    target = make_target(None, base_url=listening(deaf).replace("http:", "https:"), request_timeout_s=2.0)
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    exchange = target.send(LIST, "scenario")
    assert exchange.failure is not None
    assert (exchange.failure.kind, 2.0 <= time.monotonic() - began < 3.4) == ("timeout", True)


def test_request_that_nobody_takes_ends_in_time(
    listening: Callable[..., str], make_target: Callable[..., Target]
) -> None:
    target = make_target(None, base_url=listening(deaf), request_timeout_s=LIMIT_S)
    began = time.monotonic()
    exchange = target.send(Call(operation="submit_batch", raw=b" " * 8_000_000), "scenario")
    assert exchange.failure is not None
    assert (exchange.failure.kind, time.monotonic() - began < GENEROUS_S) == ("timeout", True)


def test_name_that_is_never_resolved_ends_in_time(
    monkeypatch: pytest.MonkeyPatch, timed: Callable[..., tuple[Exchange, float]]
) -> None:
    over = threading.Event()

    def silent(*_: Any, **__: Any) -> Any:
        # longer than the test has, where nothing cuts it off
        over.wait(2 * GENEROUS_S)
        raise OSError("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    exchange, seconds = timed("http://papers.test")
    over.set()
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.failure.message, seconds < GENEROUS_S) == (
        "timeout",
        "papers.test was not resolved in time",
        True,
    )


def test_host_that_has_no_address_is_no_connection(timed: Callable[..., tuple[Exchange, float]]) -> None:
    exchange, _ = timed("http://papers.invalid")
    assert exchange.failure is not None
    assert exchange.failure.kind == "connect"
