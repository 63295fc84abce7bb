"""A small proxy between the suite and a healthy server: each alteration changes one thing of the traffic."""

import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Cut(Exception):  # noqa: N818 - what an alteration raises to break the connection
    """The connection breaks before an answer is there."""


@dataclass
class Request:
    """A request on its way to the server. ``body`` is its JSON, None where it has none; ``raw`` the bytes otherwise."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any = None
    raw: bytes = b""

    @property
    def parts(self) -> list[str]:
        """The segments of the path."""
        return [part for part in self.path.split("/") if part]


@dataclass
class Answer:
    """An answer on its way to the client. ``body`` is its JSON; where it is none, ``raw`` holds the bytes."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


Forward = Callable[[Request], Awaitable[Answer]]


class World:
    """What an alteration remembers, from one exchange to the next: one a run. ``now`` tells the server's time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.memory: dict[str, Any] = {}
        self.random = random.Random(0)
        self.count = 0


Handler = Callable[[World, Request, Forward], Awaitable[Answer]]


class Alteration(NamedTuple):
    """One thing that is changed: a ``breach`` of a documented statement, or an ``oddity`` that the documentation allows."""

    name: str
    kind: str
    contract: str
    statement: str
    source: str
    handler: Handler
    large: bool


ALL: dict[str, dict[str, Alteration]] = {}


def breach(
    contract: str, statement: str, source: str, *, large: bool = False
) -> Callable[[Handler], Handler]:
    """Marks a handler that breaks ``statement``. ``large``: it shows with very many inputs only."""
    return _registered("breach", contract, statement, source, large=large)


def oddity(contract: str, statement: str, source: str) -> Callable[[Handler], Handler]:
    """Marks a handler that is unusual; ``statement`` says why the documentation allows it."""
    return _registered("oddity", contract, statement, source, large=False)


def _registered(
    kind: str, contract: str, statement: str, source: str, *, large: bool
) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        name = handler.__name__.replace("_", "-")
        known = ALL.setdefault(contract, {})
        if name in known:
            raise ValueError(f"{contract} has two alterations called {name}")
        known[name] = Alteration(name, kind, contract, statement, source, handler, large)
        return handler

    return register


class Proxy:
    """An ASGI application that passes everything through one alteration."""

    def __init__(self, app: ASGIApp, alteration: Alteration) -> None:
        self._app = app
        self._alteration = alteration
        # a run on an emulator skips pauses, so that only its own clock tells how much time has passed
        served = getattr(getattr(app, "state", None), "emulator", None)
        self._world = World(lambda: datetime.now(UTC) if served is None else served.clock.now())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = await _read(scope, receive)
        self._world.count += 1

        async def forward(changed: Request) -> Answer:
            return await self._asked(scope, changed)

        answer = await self._alteration.handler(self._world, request, forward)
        await _write(answer, send)

    async def _asked(self, scope: Scope, request: Request) -> Answer:
        content = request.raw if request.body is None else json.dumps(request.body).encode()
        headers = {**request.headers}
        if content:
            headers["content-length"] = str(len(content))
        inner = {
            **scope,
            "method": request.method,
            "path": request.path,
            "raw_path": request.path.encode(),
            "query_string": urlencode(request.query).encode(),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        }
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        await self._app(inner, receive, send)
        return _answer(messages)


async def _read(scope: Scope, receive: Receive) -> Request:
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            break
    try:
        body = json.loads(content) if content else None
    except ValueError:
        body = None
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        body=body,
        raw=content,
    )


def _answer(messages: list[Message]) -> Answer:
    start = next(message for message in messages if message["type"] == "http.response.start")
    content = b"".join(item.get("body", b"") for item in messages if item["type"] == "http.response.body")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    try:
        return Answer(start["status"], json.loads(content), headers)
    except ValueError:
        return Answer(start["status"], None, headers, content)


async def _write(answer: Answer, send: Send) -> None:
    content = answer.raw if answer.raw is not None else json.dumps(answer.body).encode()
    headers = {"content-type": "application/json", **answer.headers, "content-length": str(len(content))}
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": content, "more_body": False})
