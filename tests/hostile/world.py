"""What a behaviour remembers while one run lasts: a healthy server behind it, a stranger beside it, what was counted."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from batchproof import emulator

from .wire import Request

CONTRACT = "extend/2026-02-09"
NOT_FORWARDED = {"connection", "content-length", "transfer-encoding", "host"}


@dataclass
class Answer:
    """An answer of the healthy server."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None where it has none."""
        return json.loads(self.body) if self.body else None


@dataclass
class World:
    """One a run. ``stranger`` is the address of another host, which nobody may ask anything; the healthy server has
    ``faults``. ``met`` counts how often the behaviour was.
    """

    stranger: str = ""
    faults: tuple[str, ...] = ()
    requests: int = 0
    met: int = 0
    documents: int = 0
    complaints: list[str] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    _healthy: httpx.AsyncClient | None = None

    async def forward(self, request: Request) -> Answer:
        """What the embedded emulator answers."""
        if self._healthy is None:
            transport = httpx.ASGITransport(app=emulator.create_app(CONTRACT, faults=self.faults))
            self._healthy = httpx.AsyncClient(transport=transport, base_url="http://emulator")
        answered = await self._healthy.request(
            request.method,
            request.target,
            headers={name: value for name, value in request.headers.items() if name not in NOT_FORWARDED},
            content=request.body,
        )
        if answered.is_success:
            self.documents += documents(request)
        headers = [(name, value) for name, value in answered.headers.items() if name not in NOT_FORWARDED]
        return Answer(answered.status_code, headers, answered.content)


def documents(request: Request) -> int:
    """How many documents an accepted request has processed, and bills."""
    last = request.parts[-1]
    if request.method != "POST" or last == "cancel":
        return 0
    return len(json.loads(request.body)["inputs"]) if last == "batch" else 1
