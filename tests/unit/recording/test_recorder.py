"""The transport of httpx: what goes through it is unchanged, judged and, if told so, written."""

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import brotli
import httpx
import pytest

import batchproof
from batchproof.client import ConfigError
from batchproof.history import HistoryError, read_history
from batchproof.history.codings import zstd
from batchproof.recording import Recorder

BASE = "https://papers.test"
BATCH = {"id": "b_1", "status": "queued", "count": 1, "created_at": "2026-01-01T00:00:00Z"}
HEADERS = {"acme-version": "1", "authorization": "Bearer tok_of_the_client_9a8b7c"}


@pytest.fixture
def recorder(build: ModuleType) -> Callable[..., Recorder]:
    def of(answer: Callable[[httpx.Request], httpx.Response], **about: Any) -> Recorder:
        return Recorder(str(build.ACME), transport=httpx.MockTransport(answer), **about)

    return of


def answered(body: Any) -> Callable[[httpx.Request], httpx.Response]:
    packed = gzip.compress(json.dumps(body).encode())
    return lambda _: httpx.Response(
        200, headers={"content-encoding": "gzip", "content-type": "application/json"}, content=packed
    )


def rows(recorder: Recorder, verdict: str) -> set[str]:
    return {row.id for row in recorder.judge().results.requirements if row.verdict == verdict}


def test_the_package_hands_it_out() -> None:
    assert batchproof.Recorder is Recorder
    with pytest.raises(AttributeError, match="has no attribute 'Other'"):
        _ = batchproof.Other


def test_a_client_gets_what_the_server_gives(recorder: Callable[..., Recorder]) -> None:
    made = recorder(answered(BATCH))
    with httpx.Client(transport=made, base_url=BASE, headers=HEADERS) as client:
        assert client.get("/batches/b_1").json() == BATCH
    assert "get_batch.success" in rows(made, "passed")
    assert rows(made, "failed") == set()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("br", brotli.compress(json.dumps(BATCH).encode())),
        ("zstd", zstd.compress(json.dumps(BATCH).encode())),
    ],
)
def test_a_body_in_a_newer_coding_is_judged_and_passes_as_it_is(
    recorder: Callable[..., Recorder], coding: str, packed: bytes
) -> None:
    headers = {"content-encoding": coding, "content-type": "application/json"}
    made = recorder(lambda _: httpx.Response(200, headers=headers, content=packed))
    with (
        httpx.Client(transport=made, base_url=BASE, headers=HEADERS) as client,
        client.stream("GET", "/batches/b_1") as answer,
    ):
        assert b"".join(answer.iter_raw()) == packed
    assert "get_batch.success" in rows(made, "passed")
    assert rows(made, "failed") == set()


@pytest.mark.parametrize("coding", ["br", "zstd", "compress"])
def test_a_body_that_cannot_be_unpacked_is_no_finding(recorder: Callable[..., Recorder], coding: str) -> None:
    headers = {"content-encoding": coding, "content-type": "application/json"}
    made = recorder(lambda _: httpx.Response(200, headers=headers, content=b"\x00odd"))
    with (
        httpx.Client(transport=made, base_url=BASE, headers=HEADERS) as client,
        client.stream("GET", "/batches/b_1") as answer,
    ):
        assert b"".join(answer.iter_raw()) == b"\x00odd"
    assert rows(made, "failed") == set()


def test_an_async_client_gets_it_too(recorder: Callable[..., Recorder]) -> None:
    made = recorder(answered({**BATCH, "status": "odd"}))

    async def ask() -> Any:
        async with httpx.AsyncClient(transport=made, base_url=BASE, headers=HEADERS) as client:
            return (await client.get("/batches/b_1")).json()

    assert asyncio.run(ask()) == {**BATCH, "status": "odd"}
    assert "status.enum" in rows(made, "failed")


def test_what_is_judged_holds_no_secret(recorder: Callable[..., Recorder]) -> None:
    made = recorder(answered({**BATCH, "status": "tok_of_the_client_9a8b7c"}))
    with httpx.Client(transport=made, base_url=BASE, headers=HEADERS) as client:
        client.get("/batches/b_1")
    results, history = made.judge()
    assert "status.enum" in {row.id for row in results.failed}
    assert "9a8b7c" not in f"{results}{history}"


def test_a_history_is_written_as_it_happens(recorder: Callable[..., Recorder], tmp_path: Path) -> None:
    file = tmp_path / "traffic.ndjson"
    made = recorder(answered(BATCH), history=file)
    with httpx.Client(transport=made, headers=HEADERS) as client:
        client.get("https://other.test/x")
        client.get(f"{BASE}/batches/b_1")
        assert [exchange.operation for exchange in read_history(file).exchanges] == ["get_batch"]
    history = read_history(file)
    assert history.whole
    assert history.header.target == BASE
    assert "9a8b7c" not in file.read_text()


def test_an_answer_that_is_not_read_is_no_finding(recorder: Callable[..., Recorder]) -> None:
    made = recorder(answered({}))
    with (
        httpx.Client(transport=made, base_url=BASE, headers=HEADERS) as client,
        client.stream("GET", "/batches/b_1"),
    ):
        pass
    assert rows(made, "failed") == set()
    assert made.tape.count == 1


def test_no_answer_is_no_finding(recorder: Callable[..., Recorder]) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    made = recorder(broken)
    with (
        httpx.Client(transport=made, base_url=BASE, headers=HEADERS) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get("/batches/b_1")
    assert rows(made, "failed") == set()


def test_nothing_to_judge(recorder: Callable[..., Recorder]) -> None:
    with pytest.raises(HistoryError, match="the traffic: holds no call of an operation of acme/1"):
        recorder(answered({})).judge()


def test_a_wrong_address(recorder: Callable[..., Recorder]) -> None:
    with pytest.raises(ConfigError, match="base_url: is no address"):
        recorder(answered({}), base_url="papers.test")


def test_a_transport_of_the_other_kind(build: ModuleType) -> None:
    made = Recorder(str(build.ACME), transport=httpx.HTTPTransport())

    async def ask() -> None:
        async with httpx.AsyncClient(transport=made) as client:
            await client.get(BASE)

    with pytest.raises(TypeError, match="for a client that is not async"):
        asyncio.run(ask())
