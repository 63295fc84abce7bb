"""Unusual but legal ways of sending an answer, shared by the variants of all vendors."""

import json
import random
from collections.abc import Callable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .behaviour import Behaviour

Change = Callable[[MutableHeaders, bytes], bytes]


class _Rewriting:
    """Passes the headers and the whole body of every answer through a function."""

    def __init__(self, app: ASGIApp, change: Change) -> None:
        self._app = app
        self._change = change

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body", False):
                return
            headers = MutableHeaders(scope=start)
            changed = self._change(headers, body)
            if "content-length" in headers:
                headers["content-length"] = str(len(changed))
            await send(start)
            await send({"type": "http.response.body", "body": changed})

        await self._app(scope, receive, collect)


def _rewrite(behaviour: Behaviour, change: Change) -> None:
    behaviour.middleware.append(Middleware(_Rewriting, change=change))


def _json(behaviour: Behaviour, write: Callable[[Any], str]) -> None:
    def change(_headers: MutableHeaders, body: bytes) -> bytes:
        return write(json.loads(body)).encode() if body else body

    _rewrite(behaviour, change)


def shuffled(behaviour: Behaviour) -> None:
    """RFC 8259: an object is an unordered collection; here its members come in another order each time."""
    order = random.Random(0)  # noqa: S311 - nothing secret

    def shuffle(value: Any) -> Any:
        if isinstance(value, dict):
            members = [(key, shuffle(member)) for key, member in value.items()]
            order.shuffle(members)
            return dict(members)
        return [shuffle(item) for item in value] if isinstance(value, list) else value

    _json(behaviour, lambda value: json.dumps(shuffle(value)))


def indented(behaviour: Behaviour) -> None:
    """RFC 8259: insignificant white space is allowed; here bodies are indented and end with a line."""
    _json(behaviour, lambda value: json.dumps(value, indent=4) + "\r\n")


def charset(behaviour: Behaviour) -> None:
    """RFC 9110: a media type may have parameters, and its name has no case; here `Application/JSON;charset=UTF-8`."""

    def change(headers: MutableHeaders, body: bytes) -> bytes:
        headers["content-type"] = "Application/JSON;charset=UTF-8"
        return body

    _rewrite(behaviour, change)


def chunked(behaviour: Behaviour) -> None:
    """RFC 9112: a body may come in chunks, without its length."""

    def change(headers: MutableHeaders, body: bytes) -> bytes:
        del headers["content-length"]
        return body

    _rewrite(behaviour, change)


def closing(behaviour: Behaviour) -> None:
    """RFC 9112: a server may close the connection after every answer."""

    def change(headers: MutableHeaders, body: bytes) -> bytes:
        headers["connection"] = "close"
        return body

    _rewrite(behaviour, change)


def many_headers(behaviour: Behaviour) -> None:
    """RFC 9110: unknown header fields are ignored; here every answer has two hundred, and cookies."""

    def change(headers: MutableHeaders, body: bytes) -> bytes:
        for number in range(200):
            headers[f"X-Trace-{number}"] = f"span {number}"
        headers.append("set-cookie", "session=1; HttpOnly")
        headers.append("set-cookie", "route=2")
        return body

    _rewrite(behaviour, change)
