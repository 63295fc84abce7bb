"""The vendor's own Python SDK, as an independent witness."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from extend_ai import Extend
from extend_ai.core.api_error import ApiError
from extend_ai.types import ExtractRun

from batchproof.contract import load_contract

TOKEN = "tok_sdk_1"
DONE = {"PROCESSED", "FAILED", "CANCELLED"}


@pytest.fixture
def connected() -> Iterator[Callable[[str, str], Extend]]:
    with httpx.Client() as connection:
        yield lambda url, token: Extend(token=token, base_url=url, httpx_client=connection)


@pytest.fixture
def client(served: Callable[..., str], connected: Callable[[str, str], Extend]) -> Extend:
    return connected(served(), TOKEN)


def extractor(client: Extend) -> str:
    return next(iter(client.extractors.list().data)).id


def finished_batch(client: Extend, *urls: str) -> Any:
    reference = {"id": extractor(client)}
    batch = client.extract_runs.create_batch(
        extractor=reference, inputs=[{"file": {"url": url}} for url in urls]
    )
    while batch.status not in DONE:
        batch = client.batch_runs.get(batch.id)
    return batch


def test_batch_is_created_polled_and_its_runs_are_read(client: Extend) -> None:
    batch = finished_batch(client, "https://a.example/one.pdf", "https://a.example/fail.pdf")
    assert (batch.status, batch.run_count) == ("PROCESSED", 2)
    rows = client.extract_runs.list(batch_id=batch.id).data
    runs = [client.extract_runs.retrieve(row.id) for row in rows]
    assert sorted(run.status for run in runs) == ["FAILED", "PROCESSED"]
    assert all(isinstance(run, ExtractRun) for run in runs)


def test_what_the_models_serialise_fits_our_schemas(client: Extend) -> None:
    batch = finished_batch(client, "https://a.example/one.pdf")
    (row,) = client.extract_runs.list(batch_id=batch.id).data
    run = client.extract_runs.retrieve(row.id)
    shapes = load_contract("extend/2026-02-09").shapes
    for model, file in (
        (batch, "resources/batch_run.json"),
        (row, "resources/extract_run_summary.json"),
        (run, "resources/extract_run.json"),
    ):
        assert [str(error) for error in shapes.validator(file).iter_errors(dumped(model))] == []


def dumped(model: Any) -> Any:
    return json.loads(model.json(by_alias=True))


def test_errors_are_raised_as_the_right_classes(
    client: Extend, served: Callable[..., str], connected: Callable[[str, str], Extend]
) -> None:
    with pytest.raises(ApiError) as missing:
        client.batch_runs.get("bpr_nothing")
    assert (type(missing.value).__name__, missing.value.status_code) == ("NotFoundError", 404)
    with pytest.raises(ApiError) as refused:
        connected(served(), "tok_revoked").extractors.list()
    assert (type(refused.value).__name__, refused.value.status_code) == ("UnauthorizedError", 401)
