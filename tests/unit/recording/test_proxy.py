"""The proxy passes everything on unchanged, and what went by is a history."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from batchproof.client import ConfigError
from batchproof.contract import Contract
from batchproof.history import History, read_history
from batchproof.history.traffic import server_at
from batchproof.judging import judge
from batchproof.recording import Proxy, Tape, Way, copying
from batchproof.serving import Server

BATCH = {"id": "b_1", "status": "queued", "count": 1, "created_at": "2026-01-01T00:00:00Z"}
VERSION = {"acme-version": "1"}
TOKEN = "tok_of_the_client_1f2e3d4c"


class Fixed:
    """A server that answers every connection with the same bytes, once it has heard ``until``, and keeps what it heard."""

    def __init__(self, answers: bytes, until: bytes = b"\r\n\r\n") -> None:
        self._answers, self._until = answers, until
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.heard = b""
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with self._socket, self._socket.accept()[0] as connection:
            while not self.heard.endswith(self._until):
                self.heard += connection.recv(65_536)
            connection.sendall(self._answers)


@pytest.fixture
def in_front(acme: Contract, tmp_path: Path) -> Iterator[Callable[[str], Passed]]:
    with ExitStack() as stack:

        def start(target: str) -> Passed:
            file = tmp_path / "traffic.ndjson"
            tape = Tape(acme, server=server_at(target), file=file, keep=False)
            stack.callback(tape.close)
            return Passed(stack.enter_context(Proxy(Way(target), tape)), target, tape, file)

        yield start


class Passed:
    """A server, a proxy in front of it, and what both saw."""

    def __init__(self, server: Proxy, target: str, tape: Tape, file: Path) -> None:
        self.url, self.target, self.tape, self.file = server.url, target, tape, file
        self.server = server

    def history(self) -> History:
        # it waits until all that was under way is on record
        self.server.__exit__(None, None, None)
        self.tape.close()
        return read_history(self.file)

    def raw(self, request: bytes, url: str | None = None) -> bytes:
        address = httpx.URL(url or self.url)
        with socket.create_connection((address.host, address.port or 0), timeout=10) as connection:
            connection.sendall(request)
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        return answer


@pytest.fixture
def passing(acme: Contract, tmp_path: Path) -> Iterator[Callable[..., Passed]]:
    with ExitStack() as stack:

        def start(app: ASGIApp, before: str = "", **about: Any) -> Passed:
            target = stack.enter_context(Server(app, unchanged=True)).url + before
            file = tmp_path / "traffic.ndjson"
            tape = Tape(acme, server=server_at(target), file=file, keep=False, **about)
            stack.callback(tape.close)
            server = stack.enter_context(Proxy(Way(target), tape))
            return Passed(server, target, tape, file)

        yield start


def app_of(answer: Callable[[Request], Any]) -> Starlette:
    async def handle(request: Request) -> Response:
        found: Response = await answer(request)
        return found

    return Starlette(routes=[Route("/{path:path}", handle, methods=["GET", "POST", "DELETE", "HEAD"])])


async def echo(request: Request) -> Response:
    about = {
        "method": request.method,
        "path": request.scope["raw_path"].decode(),
        "query": request.scope["query_string"].decode(),
        "headers": sorted((name.decode(), value.decode()) for name, value in request.scope["headers"]),
        "body": (await request.body()).decode("latin-1"),
    }
    return Response(json.dumps(about), media_type="application/json")


def test_a_request_arrives_as_it_was_sent(passing: Callable[..., Passed]) -> None:
    passed = passing(app_of(echo))
    answer = passed.raw(
        b"POST /a/../b//%2e%2F%41?x=%41&x=+&y HTTP/1.1\r\nHost: somewhere.test\r\nX-One: 1\r\nX-One: 2\r\n"
        b"Accept-Encoding: br\r\nConnection: close, X-Hop\r\nX-Hop: gone\r\nTE: trailers\r\nContent-Length: 3\r\n\r\n\x00\xffz"
    )
    arrived = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert arrived == {
        "method": "POST",
        "path": "/a/../b//%2e%2F%41",
        "query": "x=%41&x=+&y",
        "headers": [
            ["accept-encoding", "br"],
            ["content-length", "3"],
            ["host", passed.target.removeprefix("http://")],
            ["x-one", "1"],
            ["x-one", "2"],
        ],
        "body": "\x00\xffz",
    }


def test_a_body_in_pieces_arrives_in_pieces(passing: Callable[..., Passed]) -> None:
    passed = passing(app_of(echo))
    arrived = httpx.post(passed.url, content=iter([b"one", b"two"])).json()
    assert arrived["body"] == "onetwo"
    assert ["transfer-encoding", "chunked"] in arrived["headers"]


def test_an_answer_comes_as_it_was_given(passing: Callable[..., Passed]) -> None:
    packed = gzip.compress(json.dumps(BATCH).encode(), mtime=0)

    async def answer(_: Request) -> Response:
        found = Response(packed, 418, {"Content-Encoding": "gzip", "X-Two": "b"})
        found.raw_headers.append((b"x-two", b"a"))
        return found

    passed = passing(app_of(answer))
    request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    head, _, body = passed.raw(request).partition(b"\r\n\r\n")
    direct = passed.raw(request, passed.target)
    # the last line is about the connection
    assert head.splitlines()[:-1] == direct.partition(b"\r\n\r\n")[0].splitlines()[:-1]
    assert body == packed


def test_an_answer_streams(passing: Callable[..., Passed]) -> None:
    async def answer(_: Request) -> Response:
        async def pieces() -> Any:
            for number in range(3):
                yield f"{number}\n"

        return StreamingResponse(pieces())

    passed = passing(app_of(answer))
    with httpx.stream("GET", passed.url) as response:
        assert list(response.iter_lines()) == ["0", "1", "2"]


def test_what_went_by_is_a_history_that_can_be_judged(
    passing: Callable[..., Passed], acme: Contract, history_schema: dict[str, Any]
) -> None:
    async def answer(request: Request) -> Response:
        packed = gzip.compress(json.dumps({**BATCH, "echo": f"it was {TOKEN}"}).encode())
        return Response(
            packed,
            201 if request.method == "POST" else 200,
            {"content-encoding": "gzip", "set-cookie": "sid=cookie-5b4a3f2e1d"},
        )

    passed = passing(app_of(answer), before="/v1")
    headers = {**VERSION, "authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=passed.url, headers=headers) as client:
        client.post("/batches", json={"documents": [{"name": "a"}]})
        client.get("/batches/b_1")
    text = passed.file.read_text()
    history = passed.history()
    assert [exchange.operation for exchange in history.exchanges] == ["submit_batch", "get_batch"]
    assert history.whole
    assert history.header.target == passed.target
    assert history.exchanges[1].request.headers["authorization"] == "Bearer $BATCHPROOF_TOKEN"
    assert TOKEN not in text
    assert "5b4a3f2e1d" not in text
    results = judge(acme, history)
    passed_rows = {row.id for row in results.requirements if row.verdict == "passed"}
    assert {"submit_batch.success", "get_batch.success"} <= passed_rows
    validator = jsonschema_rs.validator_for(history_schema)
    for line in passed.file.read_text().splitlines():
        validator.validate(json.loads(line))


def test_a_secret_that_shows_later_is_taken_out_of_what_was_written(passing: Callable[..., Passed]) -> None:
    async def answer(_: Request) -> Response:
        return Response(json.dumps({**BATCH, "note": TOKEN}), media_type="application/json")

    passed = passing(app_of(answer))
    httpx.get(f"{passed.url}/batches/b_1", headers=VERSION)
    httpx.get(f"{passed.url}/batches/b_1", headers={**VERSION, "x-api-key": TOKEN})
    history = passed.history()
    assert len(history.exchanges) == 2
    assert TOKEN not in passed.file.read_text()


def test_places_that_are_secret_too(passing: Callable[..., Passed]) -> None:
    passed = passing(app_of(echo), redact=["/documents/*/name"])
    httpx.post(f"{passed.url}/batches", json={"documents": [{"name": "Ada Lovelace"}]}, headers=VERSION)
    passed.history()
    assert "Lovelace" not in passed.file.read_text()


def test_a_server_that_is_away(passing: Callable[..., Passed], acme: Contract, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    tape = Tape(acme, server=server_at(f"http://127.0.0.1:{port}"), file=tmp_path / "t.ndjson")
    with Proxy(Way(f"http://127.0.0.1:{port}"), tape) as server:
        answer = httpx.get(f"{server.url}/batches/b_1", headers=VERSION)
    tape.close()
    (exchange,) = read_history(tmp_path / "t.ndjson").exchanges
    assert answer.status_code == 502
    assert exchange.response is None
    assert exchange.failure is not None
    assert exchange.failure.message == "no answer came: ConnectionRefusedError"


def test_an_answer_that_breaks_off_breaks_off(passing: Callable[..., Passed]) -> None:
    async def broken(_scope: Any, _receive: Any, send: Any) -> None:
        if _scope["type"] == "lifespan":
            await _receive()
            await send({"type": "lifespan.startup.complete"})
            await _receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})
        await send({"type": "http.response.body", "body": b'{"id"', "more_body": True})
        raise RuntimeError

    passed = passing(broken)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{passed.url}/batches/b_1", headers=VERSION)
    (exchange,) = passed.history().exchanges
    assert exchange.response is None
    assert exchange.failure is not None
    assert exchange.failure.kind == "unhandled"


def test_a_large_body_goes_by_and_is_not_kept(
    passing: Callable[..., Passed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MOST", 10)

    async def answer(_: Request) -> Response:
        return Response(json.dumps(BATCH), media_type="application/json")

    passed = passing(app_of(answer))
    assert httpx.get(f"{passed.url}/batches/b_1", headers=VERSION).json() == BATCH
    (exchange,) = passed.history().exchanges
    assert exchange.failure is not None
    assert exchange.failure.message == "the body is longer than 10 bytes (status 200)"


CLOSE = b"Connection: close\r\n"


def test_names_reasons_interim_answers_and_trailers_pass_as_they_are(
    in_front: Callable[[str], Passed],
) -> None:
    server = Fixed(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
        b'HTTP/1.1 200 Fine By Me\r\nX-Two: b\r\nETag: "1"\r\nX-Two: a\r\nTrailer: X-Sum\r\n'
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n",
        until=b"\r\nX-Digest: 5\r\n\r\n",
    )
    passed = in_front(server.url)
    body = b"3\r\nabc\r\n0\r\nX-Digest: 5\r\n\r\n"
    answer = passed.raw(
        b"POST /batches HTTP/1.1\r\nHost: x\r\nX-Zeta: 1\r\nX-Alpha: 2\r\nTrailer: X-Digest\r\n"
        b"Transfer-Encoding: chunked\r\n" + CLOSE + b"\r\n" + body
    )
    assert answer == (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
        b'HTTP/1.1 200 Fine By Me\r\nX-Two: b\r\nETag: "1"\r\nX-Two: a\r\nTrailer: X-Sum\r\n'
        b"Transfer-Encoding: chunked\r\n" + CLOSE + b"\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n"
    )
    host = server.url.removeprefix("http://").encode()
    assert server.heard == (
        b"POST /batches HTTP/1.1\r\nHost: " + host + b"\r\nX-Zeta: 1\r\nX-Alpha: 2\r\nTrailer: X-Digest\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + body
    )
    (exchange,) = passed.history().exchanges
    assert "x-digest" not in exchange.request.headers


def test_the_answer_to_head_keeps_the_length_that_it_names(in_front: Callable[[str], Passed]) -> None:
    passed = in_front(Fixed(b"HTTP/1.1 200 OK\r\nContent-Length: 123\r\n\r\n").url)
    answer = passed.raw(b"HEAD / HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n")
    assert answer == b"HTTP/1.1 200 OK\r\nContent-Length: 123\r\n" + CLOSE + b"\r\n"


def test_an_answer_that_comes_before_the_request_has_ended(in_front: Callable[[str], Passed]) -> None:
    refusal = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n"
    passed = in_front(Fixed(refusal + b"\r\n").url)
    answer = passed.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n")
    assert answer == refusal + b"\r\n"


def test_a_client_that_waits_for_leave_to_send_gets_it_from_the_server(
    in_front: Callable[[str], Passed],
) -> None:
    server = Fixed(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")
    head = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    assert in_front(server.url).raw(head).startswith(b"HTTP/1.1 417 ")
    assert b"\r\nExpect: 100-continue\r\n" in server.heard


def test_no_http_is_no_answer(in_front: Callable[[str], Passed]) -> None:
    passed = in_front(Fixed(b"220 ready\r\n\r\n").url)
    assert httpx.get(f"{passed.url}/batches/b_1", headers=VERSION).status_code == 502
    (exchange,) = passed.history().exchanges
    assert exchange.failure is not None
    assert exchange.failure.message == "no answer came: RemoteProtocolError"


def test_a_proxy_of_the_environment_is_used(
    in_front: Callable[[str], Passed], monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Fixed(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", way.url.replace("//", "//ada:pass%2Fword@"))
    passed = in_front("http://papers.test/v1")
    assert httpx.get(f"{passed.url}/batches/b_1", headers=VERSION, trust_env=False).status_code == 200
    assert way.heard.startswith(
        b"GET http://papers.test/v1/batches/b_1 HTTP/1.1\r\nHost: papers.test\r\n"
        b"Proxy-Authorization: Basic YWRhOnBhc3Mvd29yZA==\r\n"
    )


def test_a_proxy_of_the_environment_is_asked_for_a_tunnel(
    in_front: Callable[[str], Passed], monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Fixed(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    for name in ("no_proxy", "NO_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", way.url)
    passed = in_front("https://papers.test")
    assert httpx.get(f"{passed.url}/batches/b_1", headers=VERSION, trust_env=False).status_code == 502
    assert way.heard == b"CONNECT papers.test:443 HTTP/1.1\r\nHost: papers.test:443\r\n\r\n"


def test_a_proxy_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1080")
    with pytest.raises(ConfigError, match="names a proxy of socks5://; record uses those of http and https"):
        Way("https://papers.test")
