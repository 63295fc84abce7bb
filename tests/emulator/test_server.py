"""The emulator over a real socket, with the vendor's own SDK as its client."""

import socket

import httpx
import pytest
from extend_ai import Extend, types
from extend_ai.core.api_error import ApiError
from pydantic import TypeAdapter

from batchproof.emulator import Server, create_app, fixtures

CONTRACT = "extend/2026-02-09"


@pytest.fixture
def server():
    with Server(create_app(CONTRACT, step_ms=0)) as server:
        yield server


@pytest.fixture
def http(server):
    headers = {"Authorization": "Bearer sk_test", "x-extend-api-version": "2026-02-09"}
    with httpx.Client(base_url=server.url, headers=headers) as http:
        yield http


def test_serves_while_the_context_is_open(server, http):
    assert http.get("/extractors").status_code == 200
    assert server.url.startswith("http://127.0.0.1:")


def test_stops_with_the_context():
    with Server(create_app(CONTRACT)) as server:
        port = int(server.url.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_the_vendors_client_runs_a_batch(server):
    given = {name: fixtures(CONTRACT)[name] for name in ("file_url", "failing_file_url")}
    with httpx.Client() as transport:
        client = Extend(token="sk_test", base_url=server.url, httpx_client=transport)
        extractor = client.extractors.list().data[0]
        inputs = [{"file": {"url": given[name]}, "metadata": {"name": name}} for name in given]
        batch = client.extract_runs.create_batch(extractor={"id": extractor.id}, inputs=inputs)
        assert batch.status == "PENDING"
        assert client.batch_runs.get(batch.id).status == "PROCESSED"
        runs = client.extract_runs.list(batch_id=batch.id).data
        assert {(run.metadata["name"], run.status) for run in runs} == {
            ("file_url", "PROCESSED"),
            ("failing_file_url", "FAILED"),
        }
        run = client.extract_runs.retrieve(runs[0].id)
        assert run.extractor_version.extractor_id == extractor.id
        with pytest.raises(ApiError) as raised:
            client.batch_runs.get("bpr_nope")
        assert raised.value.status_code == 404


@pytest.mark.parametrize("name", ["file_url", "failing_file_url"])
def test_the_vendors_models_accept_the_objects(http, name):
    extractor = http.get("/extractors").json()["data"][0]
    body = {"extractor": {"id": extractor["id"]}, "inputs": [{"file": {"url": fixtures(CONTRACT)[name]}}]}
    batch = http.post("/extract_runs/batch", json=body).json()
    summary = http.get("/extract_runs", params={"batchId": batch["id"]}).json()["data"][0]
    run = http.get(f"/extract_runs/{summary['id']}").json()
    error = http.get("/batch_runs/bpr_nope").json()
    for model, value in (
        (types.ExtractorSummary, extractor),
        (types.BatchRun, batch),
        (types.ExtractRunSummary, summary),
        (types.ExtractRun, run),
        (types.ApiError, error),
    ):
        assert not TypeAdapter(model).validate_python(value).model_extra
