"""What a server counts is never more than a run may cost, also where answers are lost and findings are sent again."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.drive import Prober, Stopped, Unmet
from batchproof.emulator import Server
from batchproof.history import read_history
from batchproof.replay import conclude
from batchproof.session import Endpoint, Session

MAX_RUNS = 12
MAX_REQUESTS = 60


class Counting:
    """Counts the requests that arrive and the documents that are accepted, and loses some of the answers."""

    def __init__(self, papers: Any, seed: int) -> None:
        self.requests = self.documents = 0
        self._papers = papers
        self._random = random.Random(seed)
        submit = papers.submit

        def counted(request: Any, body: Any) -> Any:
            answer = submit(request, body)
            self.documents += answer[1]["count"] if answer[0] == 201 else 0
            return answer

        papers.submit = counted

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._papers.app(scope, receive, send)
            return
        self.requests += 1
        lost = scope["method"] == "POST" and self._random.random() < 0.4

        async def some(message: Any) -> None:
            if not lost:
                await send(message)
            elif message["type"] == "http.response.start":
                # a body that never comes: the connection is closed
                await send({**message, "headers": [(b"content-length", b"999")]})

        with suppress(RuntimeError):
            await self._papers.app(scope, receive, some)


@pytest.fixture
def counting(build: ModuleType, papers: ModuleType) -> Iterator[Callable[[int], tuple[Counting, str]]]:
    servers: list[Server] = []

    def start(seed: int) -> tuple[Counting, str]:
        counted = Counting(papers.Papers(build.TOKEN, states=("queued", "done", "running")), seed)
        servers.append(Server(counted))
        return counted, servers[-1].__enter__().url

    yield start
    for server in servers:
        server.__exit__(None, None, None)


@pytest.mark.parametrize("seed", range(10))
def test_bill_keeps_to_the_limits(
    build: ModuleType, acme: Contract, counting: Callable[[int], Any], tmp_path: Path, seed: int
) -> None:
    counted, url = counting(seed)
    settings = build.settings(acme, base_url=url, max_runs=MAX_RUNS, max_requests=MAX_REQUESTS)
    endpoint = Endpoint(url=url, label=url, origin=time.monotonic(), started_at="2026-01-01T00:00:00Z")
    session = Session(acme, settings, tmp_path, endpoint)
    session.start()
    assert session.api is not None
    flow = acme.flows["papers"]
    for _ in range(4):
        with suppress(Stopped, Unmet):
            batch = session.api.submit(flow, ["document", "document"])
            for _ in range(4):
                session.api.read(flow.read, batch)
    for name in acme.probes:
        with suppress(Stopped, Unmet):
            Prober(session.api).send(name)
    session.close()
    conclude(acme, settings, endpoint, tmp_path)
    history = read_history(tmp_path / "history.ndjson")
    assert counted.documents <= MAX_RUNS
    assert counted.requests <= MAX_REQUESTS
    assert counted.requests == len(history.exchanges)
    assert counted.documents <= sum(exchange.documents for exchange in history.exchanges) <= MAX_RUNS


def test_without_requests_left_none_is_sent_again(
    build: ModuleType, acme: Contract, papers: ModuleType, tmp_path: Path
) -> None:
    server = papers.Papers(build.TOKEN, states=("queued", "done", "running"))
    with Server(server.app) as running:
        settings = build.settings(acme, base_url=running.url, max_requests=5)
        endpoint = Endpoint(
            url=running.url, label="papers", origin=time.monotonic(), started_at="2026-01-01T00:00:00Z"
        )
        session = Session(acme, settings, tmp_path, endpoint)
        session.start()
        assert session.api is not None
        flow = acme.flows["papers"]
        batch = session.api.submit(flow, ["document"])
        for _ in range(3):
            session.api.read(flow.read, batch)
        session.close()
        results, history = conclude(acme, settings, endpoint, tmp_path)
    (finding,) = build.row(results, "status.terminal").findings
    assert (len(history.exchanges), finding.reproduction and finding.reproduction.detail) == (
        5,
        "budget_exhausted: all 5 requests are spent",
    )
