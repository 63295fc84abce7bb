"""Batch submission and batch status."""

import pytest


def states(api, batch):
    return sorted(run["status"] for run in api.traverse(batchId=batch["id"]))


def test_a_batch_lives_through_its_three_states(api, file, failing_file):
    batch = api.submit(file, failing_file)
    assert batch == {
        "object": "batch_run",
        "id": batch["id"],
        "status": "PENDING",
        "runCount": 2,
        "createdAt": "2026-03-01T12:00:00.000Z",
    }
    assert batch["id"].startswith("bpr_")
    assert api.batch(batch) == batch
    assert states(api, batch) == ["PENDING", "PENDING"]
    api.steps(1)
    assert api.batch(batch) == batch | {"status": "PROCESSING"}
    assert states(api, batch) == ["PROCESSING", "PROCESSING"]
    api.steps(1)
    assert api.batch(batch)["status"] == "PROCESSING"
    assert states(api, batch) == ["PROCESSED", "PROCESSING"]
    api.steps(1)
    assert api.batch(batch) == batch | {"status": "PROCESSED"}
    assert states(api, batch) == ["FAILED", "PROCESSED"]


def test_without_steps_a_batch_ends_at_once(make_api, file):
    api = make_api()
    api.app.state.emulator.behaviour.step_ms = 0
    batch = api.submit(file)
    assert batch["status"] == "PENDING"
    assert api.batch(batch)["status"] == "PROCESSED"


def test_each_input_becomes_one_run(api, file):
    batch = api.submit(*[file] * 25)
    runs = api.traverse(batchId=batch["id"])
    assert sorted(run["metadata"]["row"] for run in runs) == list(range(25))
    assert len({run["extractorVersion"]["id"] for run in runs}) == 1
    assert len({run["id"] for run in runs}) == 25


def test_two_equal_requests_make_two_batches(api, file):
    assert api.submit(file)["id"] != api.submit(file)["id"]


@pytest.mark.parametrize("count", [1, 1000])
def test_accepts_up_to_1000_inputs(api, file, count):
    batch = api.submit(*[file] * count)
    assert batch["runCount"] == count
    assert len(api.get("/extract_runs", batchId=batch["id"], maxPageSize=1000)["data"]) == count


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"inputs": []}, 400),
        ({"inputs": [{"file": {"text": "x"}}] * 1001}, 400),
        ({"inputs": [{}]}, 400),
        ({"inputs": [{"file": {}}]}, 400),
        ({"inputs": [{"file": {"url": "https://a.example/x", "id": "file_1"}}]}, 400),
        ({"inputs": [{"file": {"url": "not a url"}}]}, 400),
        ({"inputs": [{"file": {"text": "x"}, "metadata": []}]}, 400),
        ({"inputs": [{"file": {"text": "x"}, "metadata": {"big": "x" * 11_000}}]}, 400),
        ({"extractor": None}, 400),
        ({"extractor": {}}, 400),
        ({"extractor": {"id": "ex_nope"}}, 404),
        ({"config": {}}, 400),
        ({"priority": 0}, 400),
        ({"priority": 101}, 400),
        ({"priority": "50"}, 400),
        ({"priority": True}, 400),
        ({"priority": 1}, 200),
        ({"priority": 100}, 200),
        ({"unknown": 1}, 200),
        ({"inputs": [{"file": {"id": "file_1"}}, {"file": {"text": "x", "name": "n"}}]}, 200),
        ({"inputs": [{"file": {"url": "https://a.example/x", "settings": {"password": "p"}}}]}, 200),
    ],
)
def test_checks_the_body(api, file, change, status):
    body = {"extractor": {"id": api.extractor_id()}, "inputs": [{"file": file}]} | change
    assert api("POST", "/extract_runs/batch", json=body).status_code == status


@pytest.mark.parametrize(
    ("version", "shown"), [("latest", "1.0"), ("draft", "draft"), ("1.0", "1.0"), ("9.9", None)]
)
def test_resolves_the_version(api, file, version, shown):
    body = {"extractor": {"id": api.extractor_id(), "version": version}, "inputs": [{"file": file}]}
    response = api("POST", "/extract_runs/batch", json=body)
    assert response.status_code == (404 if shown is None else 200)
    assert [run["extractorVersion"]["version"] for run in api.traverse()] == (
        [] if shown is None else [shown]
    )


def test_usage_tags_lose_forbidden_characters(api, file):
    metadata = {"extend:usage_tags": ["a b!", "c-d_e"], "note": "a b!"}
    body = {"extractor": {"id": api.extractor_id()}, "inputs": [{"file": file, "metadata": metadata}]}
    api.post("/extract_runs/batch", body)
    assert api.traverse()[0]["metadata"] == {"extend:usage_tags": ["ab", "c-d_e"], "note": "a b!"}
