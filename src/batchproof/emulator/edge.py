"""A content delivery network in front of the server: its headers on every answer, and now and then an answer of its own."""

import itertools
from collections.abc import Iterator

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .behaviour import Behaviour

_EACH = 25
_LIMITED = 429
# 408, 429 and the last ones come in plain text, as some of them do.
_STATUSES = (502, 520, 408, 503, 521, 429, 522, 523, 525, 526, 504, 524, 527, 530)
_PLAIN = (408, 429, 504, 530)
# The network gave up waiting: the server has done what it was asked for.
_TOO_LATE = (504, 524)


def network_in_front(behaviour: Behaviour) -> None:
    """RFC 9110: intermediaries may answer; here each 25th request has an answer of the network's own, such as 502 or 520."""
    behaviour.middleware.append(Middleware(_Edge))


class _Edge:
    """Answers each 25th request itself: one that is repeated at once comes through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._numbers = itertools.count(1)
        self._statuses: Iterator[int] = itertools.cycle(_STATUSES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = next(self._numbers)

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["cf-ray"] = f"{number:016x}-FRA"
                headers["via"] = "1.1 edge"
                headers["age"] = "0"
            await send(message)

        if number % _EACH:
            await self._app(scope, receive, stamped)
            return
        status = next(self._statuses)
        if status in _TOO_LATE:
            await self._app(scope, receive, _unheard)
        await _own_answer(status)(scope, receive, stamped)


async def _unheard(_message: Message) -> None:
    pass


def _own_answer(status: int) -> Response:
    headers = {"retry-after": "1"} if status == _LIMITED else {}
    if status in _PLAIN:
        return PlainTextResponse(f"error code: {status}", status, headers)
    page = f"<html><head><title>{status}</title></head><body><h1>Error {status}</h1></body></html>"
    return HTMLResponse(page, status, headers)
