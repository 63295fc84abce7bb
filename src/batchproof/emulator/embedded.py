"""The emulator as a part of a run: a server whose time depends on the requests alone, or on whoever moves it.

Its clock moves by a tick with every request, so nobody has to wait for it, and two runs that send the same requests get
the same answers, but for the moments in them, which count from `start`. Whoever runs the application itself moves the
clock further by hand. Over a socket a request to `control` does; that address is in no contract and cannot be guessed.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from batchproof.serving import Server

from .behaviour import Behaviour
from .catalog import create_app
from .clock import ManualClock, SteppingClock
from .postman import Webhook
from .side_by_side import create_apps

TICK_MS = 10
_MOST_SECONDS = 1e9
STEP_MS = 50


class Application(NamedTuple):
    """An emulator without a server around it, and the clock that it looks at."""

    app: Starlette
    clock: ManualClock

    def hand_events_to(self, receiver: ASGIApp) -> None:
        """Have its events handed to an application of this process, whichever address was registered for them."""
        self.app.state.emulator.hand_events_to(receiver)


def embedded(
    contract: str,
    *,
    seed: int = 0,
    start: datetime | None = None,
    faults: Sequence[str] = (),
    variants: Sequence[str] = (),
    tokens: Collection[str] | None = None,
) -> Application:
    """The application that `Embedded` serves."""
    clock = SteppingClock(start or datetime.now(UTC), TICK_MS)
    app = create_app(
        contract,
        clock=clock,
        step_ms=STEP_MS,
        faults=faults,
        variants=variants,
        tokens=tokens,
        seed=seed,
    )
    return Application(app, clock)


class Embedded:
    """Serves an emulator of `contract` while the context is open: `url` is its address, `control` that of its clock.

    `POST {control}?seconds=1.5` moves the clock forward. Several contracts are versions of one vendor, at one address.
    The other arguments are those of `create_apps`.
    """

    def __init__(
        self,
        contract: str | Sequence[str],
        *,
        seed: int = 0,
        start: datetime | None = None,
        step_ms: int = STEP_MS,
        faults: Sequence[str] = (),
        variants: Sequence[str] = (),
        tokens: Collection[str] | None = None,
        webhook: Webhook | None = None,
        port: int = 0,
        around: Callable[[ASGIApp], ASGIApp] | None = None,
    ) -> None:
        """Listens on `port`, or on a free one; `around` wraps the application, as a proxy would.

        The clock begins at `start`, which needs a time zone (`ValueError`), or else at the present moment.
        """
        clock = SteppingClock(start or datetime.now(UTC), TICK_MS)
        app, self.behaviours = create_apps(
            [contract] if isinstance(contract, str) else contract,
            clock=clock,
            step_ms=step_ms,
            faults=faults,
            variants=variants,
            tokens=tokens,
            seed=seed,
            webhook=webhook,
        )
        self.behaviour: Behaviour = self.behaviours[0]
        self._path = "/-/" + secrets.token_urlsafe(16)
        self._server = Server(
            _Controlled(app if around is None else around(app), clock, self._path), port=port
        )

    @property
    def url(self) -> str:
        """The base address of the API."""
        return self._server.url

    @property
    def control(self) -> str:
        """The address of the clock."""
        return self._server.url + self._path

    def wait(self) -> None:
        """Return when the server stops."""
        self._server.wait()

    def __enter__(self) -> Self:
        """Start the server."""
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self._server.__exit__(kind, error, trace)


class _Controlled:
    """An application with one more address, which moves a clock."""

    def __init__(self, app: ASGIApp, clock: ManualClock, path: str) -> None:
        self._app = app
        self._clock = clock
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("seconds", [""])[0]
        seconds = _number(asked)
        if seconds is None or not 0 <= seconds <= _MOST_SECONDS:
            await Response("say how far: ?seconds=1.5\n", 400, media_type="text/plain")(scope, receive, send)
            return
        self._clock.advance(seconds)
        await Response(status_code=204)(scope, receive, send)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
