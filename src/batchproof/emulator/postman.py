"""Sends webhooks from inside the emulator's event loop: the due ones, with retries, to whoever has asked for them."""

import asyncio
import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
from starlette.types import ASGIApp

# Webhooks, best practices: a failed delivery is retried with exponential back-off; how often is not documented.
_PAUSES_S = (0.0, 0.5, 2.0, 8.0)
_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address to which the events of every workspace go, and the secret that signs them."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One request, ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes


class Postman:
    """Keeps what is to happen at a moment of the emulator's time, and sends letters without making anyone wait.

    Everything runs in the event loop that serves the requests, so nothing here needs a lock.
    """

    def __init__(self, now: Callable[[], int], *, real_time: bool) -> None:
        """In `real_time` a moment comes by itself; otherwise only when `observe` is told of it."""
        self._now = now
        self._real_time = real_time
        self._due: list[tuple[int, int, Callable[[int], None]]] = []
        self._numbers = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()
        # a connection is kept, as of most senders; only an https address needs the certificates, which are slow to load
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._carrier: httpx.AsyncBaseTransport | None = None

    def hand_to(self, receiver: ASGIApp) -> None:
        """Have every letter handed to an application of this process, whatever its address, instead of sent over a socket."""
        self._carrier = httpx.ASGITransport(receiver, raise_app_exceptions=False)

    def at(self, moment: int, act: Callable[[int], None]) -> None:
        """Call `act` with the time as soon as the moment (in milliseconds since 1970) has come."""
        heapq.heappush(self._due, (moment, next(self._numbers), act))
        if self._real_time:
            self._set_alarm(moment)

    def observe(self, now: int) -> None:
        """Do what is due at that time."""
        while self._due and self._due[0][0] <= now:
            _, _, act = heapq.heappop(self._due)
            act(now)

    def send(
        self, letter: Letter, *, delay_s: float = 0.0, delivered: Callable[[], object] | None = None
    ) -> None:
        """Send a letter, and call `delivered` when it was accepted."""
        task = asyncio.get_running_loop().create_task(self._deliver(letter, delay_s, delivered))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what is not delivered yet, and end the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _set_alarm(self, moment: int) -> None:
        wait_s = max(moment - self._now() + 1, 1) / 1000
        asyncio.get_running_loop().call_later(wait_s, self._ring, moment)

    def _ring(self, moment: int) -> None:
        now = self._now()
        if now < moment:
            self._set_alarm(moment)
        self.observe(now)

    async def _deliver(self, letter: Letter, delay_s: float, delivered: Callable[[], object] | None) -> None:
        await asyncio.sleep(delay_s)
        for pause in _PAUSES_S:
            await asyncio.sleep(pause)
            try:
                answer = await self._client(letter.url).request(
                    letter.method, letter.url, headers=letter.headers, content=letter.content
                )
            except httpx.HTTPError:
                continue
            if answer.is_success:
                if delivered is not None:
                    delivered()
                return

    def _client(self, url: str) -> httpx.AsyncClient:
        verify = url.startswith("https")
        if verify not in self._clients:
            self._clients[verify] = httpx.AsyncClient(
                transport=self._carrier, verify=verify, trust_env=False, timeout=_TIMEOUT_S
            )
        return self._clients[verify]
