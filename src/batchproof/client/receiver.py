"""The receiver of webhooks: a small HTTP server that puts every delivery on record and lets drivers wait for one."""

import threading
import time
from collections.abc import Callable
from typing import Any, Self

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from batchproof.client.bodies import Allowance
from batchproof.client.config import DEFAULT_MAX_BODY_MB, Settings
from batchproof.client.pausing import RunClock
from batchproof.contract import Contract, pointer
from batchproof.contract.webhooks import Named
from batchproof.history import Delivery, Event, HistoryWriter
from batchproof.history.codings import UnreadableError
from batchproof.history.signing import delivery
from batchproof.serving import Server

_METHODS = ["POST", "PUT", "PATCH", "DELETE"]
# bytes of all deliveries of a run together that are not small: whoever finds the address may send some
_MOST_IN_ALL = 16 * 1024 * 1024
# once a run has waited in vain, what it waits for next gets so much less time, and each time half as much again
_SHORTER = 10
_HALF = 2
# how often one looks whether the run still asks for anything
_BETWEEN_LOOKS_S = 0.5
_LONGEST_SHOWN = 100


class Receiver:
    """Takes deliveries at one path while it is open; it is a context manager. What comes to other paths is refused.

    ``secret`` may be set after the receiver was opened, before the first delivery.
    """

    def __init__(
        self,
        contract: Contract,
        writer: HistoryWriter,
        *,
        clock: RunClock,
        path: str,
        host: str | None = "127.0.0.1",
        port: int = 0,
        secret: str | None = None,
        prefix: str = "d",
        first: int = 1,
        max_body_mb: float = DEFAULT_MAX_BODY_MB,
    ) -> None:
        """``clock`` tells the seconds of the history. Deliveries are numbered from ``first`` on, after ``prefix``.

        Without a ``host`` nothing listens: deliveries come to ``app`` from this process. Those that are larger than ``max_body_mb`` MiB, and large ones once there were 16 MiB of them, are refused.
        """
        assert contract.manifest.webhooks is not None
        self._webhooks = contract.manifest.webhooks
        self._ids = {name: resource.id for name, resource in contract.manifest.resources.items()}
        self._writer = writer
        self._clock = clock
        self._path = path
        self._prefix = prefix
        self._most = round(max_body_mb * 1024 * 1024)
        self._allowance = Allowance(_MOST_IN_ALL)
        # bytes of what is arriving just now
        self._arriving = 0
        self._arrived = threading.Condition()
        self._named: list[Named] = []
        # what was waited for, and whether anything of it has ever come
        self._wanted: list[Callable[[Named], bool]] = []
        self._heard = False
        self._missed: set[str] = set()
        self._waiting_since: float | None = None
        self._in_vain = 0
        # deliveries without a known event about an object, or all of them; how many, and the first one
        self._odd = self._all = (0, "")
        self._count = first - 1
        self.secret = secret
        self.app = Starlette(routes=[Route(path, self._take, methods=_METHODS)])
        self._server = None if host is None else Server(self.app, host, port)

    def __enter__(self) -> Self:
        """Listens. Raises ``OSError`` when the port cannot be used."""
        if self._server is not None:
            self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.__exit__(None, None, None)

    @property
    def url(self) -> str:
        """The address at which this machine reaches the receiver."""
        return ("http://127.0.0.1" if self._server is None else self._server.url) + self._path

    def named(self) -> list[Named]:
        """The events of known types that have arrived so far."""
        with self._arrived:
            return list(self._named)

    @property
    def heard(self) -> bool:
        """Whether anything that was waited for has ever come."""
        with self._arrived:
            return self._heard

    @property
    def others(self) -> str:
        """What came instead of what was waited for, in words; empty where nothing did."""
        with self._arrived:
            count, first = self._odd if self._odd[0] or self._heard else self._all
        kind = "other delivery" if count == 1 else "other deliveries"
        return f"{count} {kind} came, the first: {first}" if count else ""

    def wait_for(
        self,
        wanted: Callable[[Named], bool],
        kind: str,
        timeout_s: float,
        over: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Whether an event that is ``wanted``, of an object of ``kind``, has arrived, or does so in time.

        That is ``timeout_s``, or a tenth of it where one of that kind had none in the whole time. As long as nothing has
        ever come that was waited for, it is the time of all waits together: whoever comes later has what is left, and
        then a tenth, a twentieth and so on. Nobody waits once it is ``over``.
        """
        with self._arrived:
            begun = time.monotonic()
            whole = timeout_s / (_SHORTER if kind in self._missed else 1)
            shared = min(whole, self._shared(begun, timeout_s))
            self._wanted.append(wanted)
            while not any(map(wanted, self._named)):
                left = begun + (whole if self._heard else shared) - time.monotonic()
                if left <= 0 or over():
                    self._missed.add(kind)
                    return False
                self._arrived.wait(min(left, _BETWEEN_LOOKS_S))
            self._heard = True
            return True

    def _shared(self, now: float, timeout_s: float) -> float:
        """The seconds that are left for one more who waits while nothing has ever come."""
        if self._waiting_since is None:
            self._waiting_since = now
        left = self._waiting_since + timeout_s - now
        if left <= 0:
            self._in_vain += 1
            left = timeout_s / _SHORTER / _HALF ** (self._in_vain - 1)
        return left

    async def _take(self, request: Request) -> Response:
        raw = bytearray()
        try:
            async for piece in request.stream():
                raw += piece
                self._arriving += len(piece)
                if len(raw) > self._most or self._arriving > 2 * self._most:
                    return Response(status_code=413)
            self._allowance.take(bytes(raw))
        except UnreadableError:
            return Response(status_code=413)
        except ClientDisconnect:
            return Response(status_code=400)
        finally:
            self._arriving -= len(raw)
        headers = {name: ", ".join(request.headers.getlist(name)) for name in request.headers}
        self._record(request.method, headers, bytes(raw))
        return Response(status_code=200)

    def _record(self, method: str, headers: dict[str, str], raw: bytes) -> None:
        with self._arrived:
            self._count += 1
            event = delivery(
                self._webhooks.signature,
                self.secret,
                identifier=f"{self._prefix}{self._count}",
                received_at=self._clock.now(),
                headers=headers,
                raw=raw,
                now=time.time(),
                method=method,
                path=self._path,
            )
            written = self._writer.write(event)
            named = self._webhooks.named(_body(event), self._ids)
            shown = _shown(written)
            self._all = _counted(self._all, shown)
            if named is None or named.id is None:
                self._odd = _counted(self._odd, shown)
            if named is not None:
                self._named.append(named)
                self._heard = self._heard or any(wanted(named) for wanted in self._wanted)
            self._arrived.notify_all()


def register(
    contract: Contract,
    settings: Settings,
    base_url: str,
    receiver_url: str,
    transport: httpx.BaseTransport | None = None,
) -> str | None:
    """Tells a server of the receiver by the request of the contract, and returns the secret that it answers with.

    The request is not put on record, because its answer is the secret. None where the server does not answer with one.
    """
    webhooks = contract.manifest.webhooks
    assert webhooks is not None
    assert webhooks.register is not None
    headers = {**contract.manifest.headers, **settings.headers}
    if settings.token is not None:
        headers["authorization"] = f"Bearer {settings.token.value}"
    try:
        with httpx.Client(transport=transport, timeout=settings.request_timeout_s, trust_env=False) as client:
            answer = client.post(
                base_url + webhooks.register.path,
                json=_filled(webhooks.register.body, receiver_url),
                headers=headers,
            )
        secret = pointer.first(answer.json(), webhooks.register.secret)
    except (httpx.HTTPError, ValueError):
        return None
    return secret if isinstance(secret, str) and secret else None


def _filled(value: Any, url: str) -> Any:
    if isinstance(value, dict):
        return (
            url if value == {"$receiver": "url"} else {key: _filled(item, url) for key, item in value.items()}
        )
    return [_filled(item, url) for item in value] if isinstance(value, list) else value


def _counted(seen: tuple[int, str], shown: str) -> tuple[int, str]:
    return seen[0] + 1, seen[1] or shown


def _shown(event: Event) -> str:
    """The beginning of a delivery, which has lost its secrets before it was cut."""
    assert isinstance(event, Delivery)
    text = event.text if event.text is not None else "(bytes that are no text)"
    begin = " ".join(text.split())[:_LONGEST_SHOWN]
    return f"{event.method} {begin or '(no body)'}"


def _body(event: Delivery) -> Any:
    try:
        return event.json()
    except ValueError:
        return None
