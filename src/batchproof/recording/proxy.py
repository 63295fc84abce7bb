"""A reverse proxy that passes everything on unchanged and takes it down."""

from collections.abc import AsyncIterator, Iterable
from http import HTTPStatus
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from batchproof.recording.copying import Copy, decoded
from batchproof.recording.tape import Tape, message_of
from batchproof.target.addresses import is_local, trusted

# RFC 9110, section 7.6.1: they are about one connection
_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
# a server may take its time; the client says when it has waited long enough
_TIMEOUT = httpx.Timeout(None, connect=30.0)

Headers = list[tuple[bytes, bytes]]


class Proxy:
    """An ASGI application in front of the server at ``target``; its paths begin where those of the application do."""

    def __init__(self, target: str, tape: Tape, *, ca_file: str | None = None) -> None:
        self._target = httpx.URL(target)
        self._before = self._target.raw_path.rstrip(b"/")
        self._tape = tape
        self._client: httpx.AsyncClient | None = None
        self._ca_file = ca_file
        # what could not be put on record
        self.failure: OSError | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request as the server does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await _Passage(self, scope, receive, send).go()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with httpx.AsyncClient(
            verify=trusted(self._ca_file) if self._target.scheme == "https" else False,
            trust_env=not is_local(str(self._target)),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
        ) as self._client:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def address(self, scope: Scope) -> str:
        """Where a request goes on to."""
        origin = str(self._target.copy_with(raw_path=b"/")).rstrip("/")
        return origin + self._path(scope).decode("latin-1")

    def _path(self, scope: Scope) -> bytes:
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        path: bytes = self._before + scope["raw_path"] + query
        return path

    def request(self, scope: Scope, stream: httpx.AsyncByteStream) -> httpx.Request:
        """The request that goes on."""
        headers = [(name, value) for name, value in _end_to_end(scope["headers"]) if name.lower() != b"host"]
        if any(name.lower() == b"transfer-encoding" for name, _ in scope["headers"]):
            # a body of unknown length is framed anew for each connection
            headers.append((b"transfer-encoding", b"chunked"))
        host = self._target.netloc
        return httpx.Request(
            scope["method"],
            self._target,
            headers=[(b"host", host), *headers],
            stream=stream,
            # httpx would tidy the path up
            extensions={"target": self._path(scope), "timeout": _TIMEOUT.as_dict()},
        )

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Sends ``request`` on."""
        assert self._client is not None
        return await self._client.send(request, stream=True)

    def take(self, **about: Any) -> None:
        """Puts on record what went by; traffic goes on where that is impossible."""
        try:
            self._tape.take(message_of(**about))
        except OSError as error:
            self.failure = self.failure or error

    def now(self) -> float:
        """The moment, in seconds since 1970."""
        return self._tape.clock.now()


class _Passage:
    """One request on its way."""

    def __init__(self, proxy: Proxy, scope: Scope, receive: Receive, send: Send) -> None:
        self._proxy, self._scope, self._receive, self._send = proxy, scope, receive, send
        self._sent, self._content = Copy(), Copy()
        self._start = proxy.now()
        self._answered: Headers = []
        self._status: int | None = None

    async def go(self) -> None:
        lost: str | None = None
        try:
            await self._pass()
        except httpx.HTTPError as error:
            lost = f"no answer came: {type(error).__name__}"
            await self._give_up(error)
        except OSError:
            # the client has gone
            lost = "the client did not wait for the answer"
        finally:
            self._proxy.take(
                method=self._scope["method"],
                url=self._proxy.address(self._scope),
                start=self._start,
                end=self._proxy.now(),
                headers=decoded(self._scope["headers"]),
                sent=self._sent,
                status=self._status,
                answered=decoded(self._answered),
                content=self._content,
                lost=lost,
            )

    async def _pass(self) -> None:
        names = {name.lower() for name, _ in self._scope["headers"]}
        has_body = bool(names & {b"content-length", b"transfer-encoding"})
        request = self._proxy.request(self._scope, _Stream(self._body(has_body=has_body)))
        answer = await self._proxy.send(request)
        try:
            self._status = answer.status_code
            self._answered = answer.headers.raw
            await self._send(
                {
                    "type": "http.response.start",
                    "status": answer.status_code,
                    "headers": list(_end_to_end(answer.headers.raw)),
                }
            )
            async for piece in answer.aiter_raw():
                self._content.add(piece)
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            self._content.ended = True
        finally:
            await answer.aclose()

    async def _body(self, *, has_body: bool) -> AsyncIterator[bytes]:
        more = has_body
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            piece = message.get("body", b"")
            more = message.get("more_body", False)
            self._sent.add(piece)
            if piece:
                yield piece
        self._sent.ended = True

    async def _give_up(self, error: httpx.HTTPError) -> None:
        """What a gateway says for a server that is away; an answer that has begun is cut off."""
        if self._status is not None:
            raise ConnectionResetError from error
        text = f"batchproof record: no answer from the target: {type(error).__name__}\n".encode()
        status = (
            HTTPStatus.GATEWAY_TIMEOUT
            if isinstance(error, httpx.TimeoutException)
            else HTTPStatus.BAD_GATEWAY
        )
        await self._send(
            {
                "type": "http.response.start",
                "status": int(status),
                "headers": [(b"content-type", b"text/plain"), (b"content-length", str(len(text)).encode())],
            }
        )
        await self._send({"type": "http.response.body", "body": text})


class _Stream(httpx.AsyncByteStream):
    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            yield piece


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    """The headers that are not about one connection."""
    given = list(headers)
    named = {
        part.strip().lower()
        for name, value in given
        if name.lower() == b"connection"
        for part in value.split(b",")
    }
    return [item for item in given if item[0].lower() not in _HOP_BY_HOP | named]
