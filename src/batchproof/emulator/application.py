"""The Starlette application around an emulator: routing, and one way out for every answer."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from .behaviour import Behaviour
from .exchange import UNROUTED, Answer, ApiError, Call, Operation


class Emulator(Protocol):
    """What the application needs to know about an emulated vendor."""

    @property
    def behaviour(self) -> Behaviour: ...

    @property
    def operations(self) -> Sequence[Operation]: ...

    def now(self) -> int:
        """The present moment in milliseconds since 1970."""
        ...

    def new_request_id(self) -> str:
        """A fresh id for one request."""
        ...

    def admit(self, call: Call) -> None:
        """Check what every request must bring, or raise an `ApiError`."""
        ...

    def refuse(self, refusal: ApiError, call: Call) -> Answer:
        """The vendor's error answer."""
        ...

    def headers(self, call: Call) -> Mapping[str, str]:
        """Headers that stand on every answer."""
        ...

    async def close(self) -> None:
        """End what goes on between requests; the server stops."""
        ...

    def hand_events_to(self, receiver: ASGIApp) -> None:
        """Have events handed to an application of this process, whichever address was registered for them."""
        ...

    def unrouted(self, status: int) -> ApiError:
        """The refusal of a path or a method that no operation has, or of a request that broke the server."""
        ...


def build(emulator: Emulator) -> Starlette:
    """Make the application; the emulator stays reachable as `app.state.emulator`."""
    paths: dict[str, dict[str, Operation]] = {}
    for operation in emulator.operations:
        paths.setdefault(operation.path, {})[operation.method] = operation

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await emulator.close()

    app = Starlette(
        routes=[
            Route(path, _endpoint(emulator, by_method), methods=list(by_method))
            for path, by_method in paths.items()
        ],
        lifespan=lifespan,
        middleware=emulator.behaviour.middleware,
        exception_handlers={HTTPException: _unrouted(emulator), 500: _unrouted(emulator)},
    )
    # A redirect to a path without the slash is not in the contract.
    app.router.redirect_slashes = False
    app.state.emulator = emulator
    return app


def _endpoint(
    emulator: Emulator, by_method: Mapping[str, Operation]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        operation = by_method["GET" if request.method == "HEAD" else request.method]
        call = _call(emulator, request, operation.name, await request.body())
        try:
            emulator.admit(call)
            answer = Answer(200, operation.handle(call))
        except ApiError as refusal:
            answer = emulator.refuse(refusal, call)
        return _response(emulator, answer, call)

    return endpoint


def _unrouted(emulator: Emulator) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handler(request: Request, error: Exception) -> Response:
        call = _call(emulator, request, UNROUTED, b"")
        refusal = emulator.unrouted(error.status_code if isinstance(error, HTTPException) else 500)
        if isinstance(error, HTTPException):
            refusal.headers.update(error.headers or {})
        return _response(emulator, emulator.refuse(refusal, call), call)

    return handler


def _call(emulator: Emulator, request: Request, operation: str, body: bytes) -> Call:
    return Call(
        operation=operation,
        now=emulator.now() - emulator.behaviour.behind_ms(operation),
        request_id=emulator.new_request_id(),
        target=request.scope.get("raw_path", request.url.path.encode()).decode("latin-1"),
        headers=request.headers,
        query=request.query_params,
        path=request.path_params,
        body=body,
    )


def _response(emulator: Emulator, answer: Answer, call: Call) -> Response:
    answer = emulator.behaviour.conclude(answer, call)
    content = answer.encode(json.dumps(answer.body, separators=(",", ":"), allow_nan=False))
    headers = {**emulator.behaviour.stamp(emulator.headers(call), call), **answer.headers}
    return Response(content, answer.status, headers, "application/json")
