"""The proxy passes everything on unchanged, and what went by is a history."""

import gzip
import json
import socket
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

from batchproof.contract import Contract
from batchproof.history import History, read_history
from batchproof.history.traffic import server_at
from batchproof.judge import judge
from batchproof.recording import Proxy, Tape, copying
from batchproof.serving import Server

BATCH = {"id": "b_1", "status": "queued", "count": 1, "created_at": "2026-01-01T00:00:00Z"}
VERSION = {"acme-version": "1"}
TOKEN = "tok_of_the_client_1f2e3d4c"


class Passed:
    """A server, a proxy in front of it, and what both saw."""

    def __init__(self, server: Server, target: str, tape: Tape, file: Path) -> None:
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
            server = stack.enter_context(Server(Proxy(target, tape), unchanged=True))
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
    assert (head, body) == (direct.partition(b"\r\n\r\n")[0], packed)


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
    with Server(Proxy(f"http://127.0.0.1:{port}", tape), unchanged=True) as server:
        answer = httpx.get(f"{server.url}/batches/b_1", headers=VERSION)
    tape.close()
    (exchange,) = read_history(tmp_path / "t.ndjson").exchanges
    assert answer.status_code == 502
    assert exchange.response is None
    assert exchange.failure is not None
    assert exchange.failure.message == "no answer came: ConnectError"


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
