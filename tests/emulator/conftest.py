"""A client that talks to an emulator in the same process, on a clock that only moves by hand."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from batchproof.emulator import ManualClock, create_app

CONTRACT = "extend/2026-02-09"
HEADERS = {"Authorization": "Bearer sk_test", "x-extend-api-version": "2026-02-09"}
STEP = 10
FILE = {"url": "https://files.example.com/invoice.pdf"}
FAILING_FILE = {"url": "https://files.example.com/fail/invoice.pdf"}


class Api:
    """Sends requests as one API key; `clock` is the emulator's."""

    def __init__(self, runner: asyncio.Runner, **options: Any) -> None:
        self.clock = ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        self.app = create_app(CONTRACT, clock=self.clock, step_ms=STEP * 1000, **options)
        self._runner = runner

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = options.pop("headers", HEADERS)

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
                return await client.request(method, path, headers=headers, **options)

        return self._runner.run(send())

    def get(self, path: str, **params: Any) -> Any:
        response = self("GET", path, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, body: Any) -> Any:
        response = self("POST", path, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def steps(self, count: float) -> None:
        self.clock.advance(count * STEP)

    def extractor_id(self) -> str:
        return str(self.get("/extractors")["data"][0]["id"])

    def submit(self, *files: Any) -> Any:
        inputs = [{"file": file, "metadata": {"row": row}} for row, file in enumerate(files)]
        return self.post("/extract_runs/batch", {"extractor": {"id": self.extractor_id()}, "inputs": inputs})

    def batch(self, batch: Any) -> Any:
        return self.get(f"/batch_runs/{batch['id']}")

    def run(self, run: Any) -> Any:
        return self.get(f"/extract_runs/{run['id']}")

    def walk(self, **params: Any) -> list[Any]:
        """Every item of a run list, page by page."""
        items: list[Any] = []
        while True:
            page = self.get("/extract_runs", **params)
            items += page["data"]
            if not page.get("nextPageToken"):
                return items
            params["nextPageToken"] = page["nextPageToken"]


@pytest.fixture
def make_api() -> Iterator[Callable[..., Api]]:
    with asyncio.Runner() as runner:
        yield lambda **options: Api(runner, **options)


@pytest.fixture
def api(make_api: Callable[..., Api]) -> Api:
    return make_api()


@pytest.fixture
def file() -> dict[str, str]:
    return dict(FILE)


@pytest.fixture
def failing_file() -> dict[str, str]:
    return dict(FAILING_FILE)


@pytest.fixture
def key() -> dict[str, str]:
    return dict(HEADERS)
