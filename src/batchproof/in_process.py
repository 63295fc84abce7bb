"""An ASGI application behind the client without a socket: a request costs a fifth of what it costs over one."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

# what a request has set going, events on their way say, gets so many turns before its answer is handed over
_MOST_TURNS = 100
_END_SECONDS = 1.0


@contextmanager
def in_process(app: ASGIApp) -> Iterator["InProcess"]:
    """The transport to an application, which ends with the context."""
    transport = InProcess(app)
    try:
        yield transport
    finally:
        transport.end()


class InProcess(httpx.BaseTransport):
    """Calls the application in the thread of the caller, one request at a time, until its end.

    A client that uses it may be closed, and another take its place.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        # the application expects one thread, and clients have several
        self._turn = threading.RLock()

    def end(self) -> None:
        """Ends the loop in which the application runs, and whatever has not ended there yet."""
        with self._turn:
            self._loop.run_until_complete(_give_up())
            self._loop.close()

    @property
    def turn(self) -> threading.RLock:
        """Nothing else goes on in the application as long as somebody holds this."""
        return self._turn

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers as a server would; one that breaks before its answer is a connection that is cut."""
        with self._turn:
            if self._loop.is_closed():
                raise httpx.ConnectError("the server has ended")
            return self._loop.run_until_complete(self._answered(request))

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        sent: list[Message] = []
        body = request.read()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        try:
            await self._app(_scope(request), receive, send)
        except Exception as error:
            # Starlette answers 500, and then raises for the log of the server.
            if not sent:
                raise httpx.RemoteProtocolError("the server broke without an answer") from error
        for _ in range(_MOST_TURNS):
            if len(asyncio.all_tasks()) == 1:
                break
            await asyncio.sleep(0)
        start = next((message for message in sent if message["type"] == "http.response.start"), None)
        if start is None:
            raise httpx.RemoteProtocolError("the server sent no answer")
        content = b"".join(
            message.get("body", b"") for message in sent if message["type"] == "http.response.body"
        )
        return httpx.Response(start["status"], headers=start["headers"], content=content)


async def _give_up() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    # a signal that came between two steps of a task may have lost the next one: then it never ends
    if left:
        await asyncio.wait(left, timeout=_END_SECONDS)


def _scope(request: httpx.Request) -> dict[str, Any]:
    path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": path,
        "root_path": "",
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": (request.url.host, request.url.port or 80),
    }
