"""A client that talks to an emulator in the same process, on a clock that only moves by hand."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import httpx
import pytest

from batchproof.emulator import ManualClock, create_app

CONTRACT = "extend/2026-02-09"
HEADERS = {"Authorization": "Bearer sk_test", "x-extend-api-version": "2026-02-09"}
STEP = 10
FILE = {"url": "https://files.example.com/invoice.pdf"}
FAILING_FILE = {"url": "https://files.example.com/fail/invoice.pdf"}
PROCESSORS = {"extract": "extractor", "classify": "classifier", "split": "splitter"}

HOSTILE = [
    None,
    True,
    0,
    -1,
    10**400,
    1.5,
    "",
    "\x00",
    "\ud800",
    [],
    [[]],
    {},
    {"": None},
    [None],
    {"id": []},
]


class Client:
    """Sends requests to an emulator as one API key; `clock` is the emulator's."""

    def __init__(self, runner: asyncio.Runner, contract: str, key: dict[str, str], **options: Any) -> None:
        self.clock = ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        self.app = create_app(
            contract, clock=self.clock, step_ms=STEP * 1000, **{"showcase": False, **options}
        )
        self._runner = runner
        self.key = key

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = options.pop("headers", self.key)

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


class Api(Client):
    """The emulator of extend/2026-02-09."""

    def extractor_id(self) -> str:
        return str(self.get("/extractors")["data"][0]["id"])

    def submit(self, *files: Any) -> Any:
        inputs = [{"file": file, "metadata": {"row": row}} for row, file in enumerate(files)]
        return self.post("/extract_runs/batch", {"extractor": {"id": self.extractor_id()}, "inputs": inputs})

    def batch(self, batch: Any) -> Any:
        return self.get(f"/batch_runs/{batch['id']}")

    def run(self, run: Any) -> Any:
        return self.get(f"/extract_runs/{run['id']}")

    def traverse(self, **params: Any) -> list[Any]:
        """Every item of a run list, page by page."""
        items: list[Any] = []
        while True:
            page = self.get("/extract_runs", **params)
            items += page["data"]
            if not page.get("nextPageToken"):
                return items
            params["nextPageToken"] = page["nextPageToken"]


class Family:
    """The part of extend/2026-02-09 that deals with one family of runs."""

    def __init__(self, api: Api, name: str) -> None:
        self.api = api
        self.name = name
        self.kind = f"{name}_run"
        self.path = f"/{name}_runs"
        self.processor = PROCESSORS.get(name)

    def reference(self) -> dict[str, Any]:
        """The members of a body that name the processor."""
        if self.processor is None:
            return {}
        return {self.processor: {"id": self.api.get(f"/{self.processor}s")["data"][0]["id"]}}

    def create(self, file: Any, **members: Any) -> Any:
        return self.api.post(self.path, self.reference() | {"file": file} | members)

    def submit(self, *files: Any) -> Any:
        inputs = [{"file": file, "metadata": {"row": row}} for row, file in enumerate(files)]
        return self.api.post(f"{self.path}/batch", self.reference() | {"inputs": inputs})

    def run(self, run: Any, **params: Any) -> Any:
        return self.api.get(f"{self.path}/{run['id']}", **params)

    def rows(self, **params: Any) -> list[Any]:
        return list(self.api.get(self.path, maxPageSize=1000, **params)["data"])

    def call(self, method: str, id_: str, action: str = "") -> httpx.Response:
        return self.api(method, f"{self.path}/{id_}{action}")


class Talonic(Client):
    """The emulator of talonic/v1."""

    def batches(self, **params: Any) -> list[Any]:
        return list(self.get("/v1/batches", limit=100, **params)["data"])

    def of(self, status: str) -> list[str]:
        """The ids of the batches in a status, newest first."""
        return [batch["id"] for batch in self.batches() if batch["status"] == status]

    def batch(self, id_: str) -> Any:
        return self.get(f"/v1/batches/{id_}")

    def act(self, action: str, id_: str, **headers: str) -> httpx.Response:
        return self("POST", f"/v1/batches/{id_}/{action}", headers=self.key | headers)

    def ingest(self, name: str = "a.pdf", content: bytes = b"A", **options: Any) -> httpx.Response:
        source = self.get("/v1/sources")["data"][0]
        options = {"data": {"processing_mode": "batch"}, "files": {"file": (name, content)}} | options
        return self("POST", source["endpoint"], **options)


class Extend2025(Client):
    """The emulator of extend/2025-04-21."""

    def processor(self, type_: str = "EXTRACT") -> str:
        return str(self.get("/processors", type=type_)["processors"][0]["id"])

    def create(self, type_: str = "EXTRACT", **members: Any) -> httpx.Response:
        """Run a processor, on a good file unless something else is said."""
        file = {"fileUrl": "https://files.example.com/invoice.pdf"}
        body = {"processorId": self.processor(type_), "file": file} | members
        return self("POST", "/processor_runs", json={k: v for k, v in body.items() if v is not None})

    def run(self, run: Any) -> Any:
        return self.get(f"/processor_runs/{run['id']}")["processorRun"]

    def batch(self, id_: str) -> Any:
        return self.get(f"/batch_processor_runs/{id_}")["batchProcessorRun"]

    def clear(self) -> None:
        """Delete the runs that every workspace has from the beginning."""
        for row in self.traverse():
            assert self("DELETE", f"/processor_runs/{row['id']}").status_code == 200

    def traverse(self, **params: Any) -> list[Any]:
        """Every row of the run list, page by page."""
        rows: list[Any] = []
        while True:
            page = self.get("/processor_runs", **params)
            rows += page["processorRuns"]
            if not page.get("nextPageToken"):
                return rows
            params["nextPageToken"] = page["nextPageToken"]


class Teller:
    """Records what a client sees, by `step: member`; whatever the emulator makes gets a numbered id."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: dict[str, Any] = {}
        numbers = itertools.count()
        emulator = client.app.state.emulator
        emulator.new_request_id = lambda: "req_0"
        emulator.behaviour.new_id = lambda *prefix: "_".join(
            [*prefix, f"00000000-0000-4000-9000-{next(numbers):012}"]
        )

    def __call__(self, step: str, method: str, path: str, **options: Any) -> httpx.Response:
        answer = self.client(method, path, **options)
        self.put(step, {"status code": answer.status_code} | _limits(answer) | answer.json())
        return answer

    def page(self, step: str, rows: str, path: str, **params: Any) -> Any:
        """One page of a list, of which only the ids of the rows are recorded, and what stands beside them."""
        answer = self.client("GET", path, params=params)
        body = answer.json()
        ids = [row["id"] for row in body.pop(rows)]
        self.put(step, {"ids": ids} | _limits(answer) | body)
        return body

    def put(self, step: str, described: Any) -> None:
        self.seen |= {f"{step}: {name}": value for name, value in _members(described).items()}


def _members(value: Any, path: str = "") -> dict[str, list[Any]]:
    """The leaves of a JSON value by path; the items of an array share one path."""
    if not isinstance(value, dict | list) or not value:
        return {path: [value]}
    found: dict[str, list[Any]] = {}
    for key, child in value.items() if isinstance(value, dict) else (("", child) for child in value):
        for name, leaves in _members(child, f"{path}.{key}".strip(".")).items():
            found[name] = found.get(name, []) + leaves
    return found


def _limits(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.headers.items() if name.startswith("x-ratelimit")}


@pytest.fixture(scope="session")
def teller() -> type[Teller]:
    return Teller


@pytest.fixture(scope="session")
def assert_changes() -> Callable[..., None]:
    """Each difference fits one of the patterns, and each pattern fits a difference."""

    def check(healthy: dict[str, Any], faulty: dict[str, Any], patterns: list[str]) -> None:
        changed = [key for key in healthy.keys() | faulty.keys() if healthy.get(key) != faulty.get(key)]
        fits = {key: {pattern for pattern in patterns if fnmatchcase(key, pattern)} for key in changed}
        assert sorted(key for key, found in fits.items() if not found) == []
        assert set().union(*fits.values()) == set(patterns)

    return check


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def make_api(runner: asyncio.Runner) -> Callable[..., Api]:
    return lambda **options: Api(runner, CONTRACT, HEADERS, **options)


@pytest.fixture(scope="session")
def make_talonic(runner: asyncio.Runner) -> Callable[..., Talonic]:
    key = {"Authorization": "Bearer tlnc_test"}
    return lambda **options: Talonic(runner, "talonic/v1", key, **options)


@pytest.fixture(scope="session")
def make_extend_2025(runner: asyncio.Runner) -> Callable[..., Extend2025]:
    key = {"Authorization": "Bearer sk_test", "x-extend-api-version": "2025-04-21"}
    return lambda **options: Extend2025(runner, "extend/2025-04-21", key, **options)


@pytest.fixture
def extend_2025(make_extend_2025: Callable[..., Extend2025]) -> Extend2025:
    return make_extend_2025()


@pytest.fixture
def talonic(make_talonic: Callable[..., Talonic]) -> Talonic:
    return make_talonic()


@pytest.fixture
def api(make_api: Callable[..., Api]) -> Api:
    return make_api()


@pytest.fixture(scope="session")
def make_family(make_api: Callable[..., Api]) -> Callable[..., Family]:
    return lambda name, **options: Family(make_api(**options), name)


@pytest.fixture(params=["extract", "classify", "split", "parse"])
def family(make_family: Callable[..., Family], request: pytest.FixtureRequest) -> Family:
    return make_family(request.param)


@pytest.fixture
def file() -> dict[str, str]:
    return dict(FILE)


@pytest.fixture
def failing_file() -> dict[str, str]:
    return dict(FAILING_FILE)


@pytest.fixture(params=HOSTILE, ids=repr)
def hostile(request: pytest.FixtureRequest) -> Any:
    """A value that hardly any member of a body may have."""
    return request.param


@pytest.fixture
def key() -> dict[str, str]:
    return dict(HEADERS)
