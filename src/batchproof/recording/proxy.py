"""A reverse proxy that passes everything on unchanged and takes it down."""

import asyncio
import contextlib
import socket
import threading
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import h11

from batchproof.recording.copying import Copy, decoded
from batchproof.recording.reaching import Way
from batchproof.recording.tape import Tape, message_of
from batchproof.recording.wire import BrokenError, Pairs, Wire

# RFC 9110, section 7.6.1: they are about one connection; what frames a body says how it goes on, and so does its trailer
_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"upgrade",
    }
)
_HOST = "127.0.0.1"
_START_SECONDS = 10.0
# how long what is under way may take once the proxy is to stop
_STOP_SECONDS = 1.0


class Proxy:
    """Stands in front of the server to which ``way`` leads while the context is open, at ``url``; its paths begin where those of the server do."""

    def __init__(self, way: Way, tape: Tape, *, port: int = 0) -> None:
        self._target = way.target
        self._before = self._target.raw_path.rstrip(b"/")
        self._port = port
        self._under_way: set[asyncio.Task[None]] = set()
        self._connections: set[asyncio.Task[Any]] = set()
        self._listening = threading.Event()
        self._thread: threading.Thread | None = None
        self.tape = tape
        self.way = way
        self.url = ""
        # what could not be put on record
        self.failure: OSError | None = None

    def __enter__(self) -> Self:
        """Listens. Raises ``OSError`` where the port cannot be used."""
        bound = socket.create_server((_HOST, self._port))
        # asyncio turns Nagle's algorithm off only if the protocol is named
        listener = socket.socket(
            socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=bound.detach()
        )
        self.url = f"http://{_HOST}:{listener.getsockname()[1]}"
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener)), name="batchproof-proxy", daemon=True
        )
        self._thread.start()
        if not self._listening.wait(_START_SECONDS):
            raise RuntimeError("the proxy did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops when what is under way is on record."""
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def wait(self) -> None:
        """Serves until the process is interrupted."""
        threading.Event().wait()

    async def _serve(self, listener: socket.socket) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._meet, sock=listener)
        self._listening.set()
        await self._stop.wait()
        server.close()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_STOP_SECONDS)
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client. Each of its requests has a connection of its own to the server, which cannot be stale."""
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._converse(Wire(h11.SERVER, reader, writer))
        except asyncio.CancelledError:
            # the proxy is to stop
            writer.transport.abort()
        finally:
            self._connections.discard(task)

    async def _converse(self, client: Wire) -> None:
        try:
            while isinstance(request := await client.next(), h11.Request):
                task = asyncio.create_task(_Passage(self, client, request).go())
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
                await task
                if not client.again():
                    break
        except BrokenError:
            client.abort()
        finally:
            await client.close()

    def path(self, target: bytes) -> bytes:
        """The path and the query that a request goes on to."""
        if b"://" in target.partition(b"?")[0] and not target.startswith(b"/"):
            target = b"/" + target.partition(b"://")[2].partition(b"/")[2]
        return self._before + target if target.startswith(b"/") else target

    def address(self, target: bytes) -> str:
        """Where a request goes on to."""
        origin = str(self._target.copy_with(raw_path=b"/")).rstrip("/")
        return origin + self.path(target).decode("latin-1")

    def request(self, given: h11.Request) -> h11.Request:
        """The request that goes on."""
        headers = [item for item in _end_to_end(given) if item[0].lower() != b"host"]
        host = (b"Host", self._target.netloc)
        return h11.Request(
            method=given.method,
            target=self.way.before + self.path(given.target),
            headers=[host, *self.way.headers, *headers],
        )

    def take(self, **about: Any) -> None:
        """Puts on record what went by; traffic goes on where that is impossible."""
        try:
            self.tape.take(message_of(**about))
        except OSError as error:
            self.failure = self.failure or error


class _Passage:
    """One request on its way."""

    def __init__(self, proxy: Proxy, client: Wire, request: h11.Request) -> None:
        self._proxy, self._client, self._request = proxy, client, request
        self._sent, self._content = Copy(), Copy()
        self._start = proxy.tape.clock.now()
        self._answered: Pairs = []
        self._status: int | None = None

    async def go(self) -> None:
        lost: str | None = None
        try:
            server = await self._reached()
            try:
                await self._pass(server)
            finally:
                server.abort()
        except BrokenError as error:
            if error.wire is self._client:
                lost = "the client did not wait for the answer"
                raise
            lost = f"no answer came: {error}"
            await self._give_up(error)
        except asyncio.CancelledError:
            lost = "the recorder was stopped before the answer ended"
            raise
        finally:
            self._proxy.take(
                method=self._request.method.decode("ascii"),
                url=self._proxy.address(self._request.target),
                start=self._start,
                end=self._proxy.tape.clock.now(),
                headers=decoded(list(self._request.headers)),
                sent=self._sent,
                status=self._status,
                answered=decoded(self._answered),
                content=self._content,
                lost=lost,
            )

    async def _reached(self) -> Wire:
        try:
            return await self._proxy.way.reach()
        except (OSError, h11.ProtocolError) as error:
            raise BrokenError(None, error) from error

    async def _pass(self, server: Wire) -> None:
        await server.send(self._proxy.request(self._request))
        sending = asyncio.create_task(self._send_on(server))
        answering = asyncio.create_task(self._answer(server))
        try:
            # an answer may come before the request has ended
            await asyncio.wait({sending, answering}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done() and not answering.done():
                await sending
            if not sending.done() or sending.exception() is None:
                await answering
            else:
                await sending
        finally:
            for task in (sending, answering):
                task.cancel()
            await asyncio.gather(sending, answering, return_exceptions=True)

    async def _send_on(self, server: Wire) -> None:
        """The body of the request; a server that has heard enough may say why."""
        while True:
            event = await self._client.next()
            if isinstance(event, h11.Data):
                self._sent.add(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                self._sent.ended = True
                event = h11.EndOfMessage(headers=event.headers.raw_items())
            else:
                raise BrokenError(self._client, ConnectionResetError())
            try:
                await server.send(event)
            except BrokenError:
                return
            if self._sent.ended:
                return

    async def _answer(self, server: Wire) -> None:
        while True:
            event = await server.next()
            if isinstance(event, h11.InformationalResponse | h11.Response):
                final = isinstance(event, h11.Response)
                if final:
                    self._status, self._answered = event.status_code, list(event.headers)
                await self._client.send(
                    type(event)(
                        status_code=event.status_code,
                        headers=_end_to_end(event),
                        reason=event.reason,
                    )
                )
            elif isinstance(event, h11.Data):
                self._content.add(bytes(event.data))
                await self._client.send(event)
            elif isinstance(event, h11.EndOfMessage):
                await self._client.send(h11.EndOfMessage(headers=event.headers.raw_items()))
                self._content.ended = True
                return
            else:
                raise BrokenError(server, ConnectionResetError())

    async def _give_up(self, error: BrokenError) -> None:
        """What a gateway says for a server that is away; an answer that has begun is cut off."""
        if self._status is not None:
            raise BrokenError(self._client, error.cause) from error
        text = f"batchproof record: no answer from the target: {error}\n".encode()
        late = isinstance(error.cause, TimeoutError)
        status = HTTPStatus.GATEWAY_TIMEOUT if late else HTTPStatus.BAD_GATEWAY
        headers = [
            (b"Content-Type", b"text/plain"),
            (b"Content-Length", str(len(text)).encode()),
            (b"Connection", b"close"),
        ]
        await self._client.send(
            h11.Response(status_code=int(status), headers=headers, reason=status.phrase.encode())
        )
        # the answer to HEAD has no body
        with contextlib.suppress(BrokenError):
            if self._request.method != b"HEAD":
                await self._client.send(h11.Data(data=text))
            await self._client.send(h11.EndOfMessage())


def _end_to_end(head: h11.Request | h11.InformationalResponse | h11.Response) -> Pairs:
    """The headers that are not about one connection, as they are spelt."""
    named = {
        part.strip().lower()
        for name, value in head.headers
        if name == b"connection"
        for part in value.split(b",")
    }
    return [item for item in head.headers.raw_items() if item[0].lower() not in _HOP_BY_HOP | named]
