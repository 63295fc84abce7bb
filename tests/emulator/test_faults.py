"""extend/2026-02-09: faults change exactly what they say, and nothing else in the story of a batch."""

import pytest


def story(api, file, failing_file):
    """What a client sees of one batch from beginning to end, without the random ids."""
    batch = api.submit(file, failing_file, file)
    seen = {"submitted": batch, "batch": [], "runs": [], "details": []}
    for _ in range(5):
        seen["batch"].append(api.batch(batch))
        runs = sorted(api.traverse(batchId=batch["id"]), key=lambda run: run["metadata"]["row"])
        seen["runs"].append(runs)
        seen["details"].append([api.run(run) for run in runs])
        api.steps(1)
    errors = [
        api("GET", "/batch_runs/bpr_nope"),
        api("GET", "/extract_runs/exr_nope"),
        api("POST", "/extract_runs"),
    ]
    seen["errors"] = [(error.status_code, error.json()) for error in errors]
    return without_ids(seen)


def without_ids(value):
    if isinstance(value, dict):
        ids = ("id", "extractorId", "fileId", "parseRunId", "dashboardUrl", "requestId")
        return {key: without_ids(child) for key, child in value.items() if key not in ids}
    return [without_ids(child) for child in value] if isinstance(value, list | tuple) else value


@pytest.fixture
def say(make_api, file, failing_file):
    def say(*names):
        return story(make_api(faults=names), file, failing_file)

    return say


def test_output_while_processing(say):
    healthy, faulty = say(), say("output-while-processing")
    shown = 0
    for before, after in zip(healthy["details"], faulty["details"], strict=True):
        for healthy_run, run in zip(before, after, strict=True):
            if run["status"] in ("PENDING", "PROCESSING"):
                assert run["output"]["value"]
                run["output"] = healthy_run["output"]
                shown += 1
    assert shown > 0
    assert faulty == healthy


def test_not_found_is_200(say, make_api):
    healthy, faulty = say(), say("not-found-is-200")
    healthy["errors"][0] = faulty["errors"][0]
    assert faulty == healthy
    api = make_api(faults=["not-found-is-200"])
    first = api.get("/batch_runs/bpr_nope")
    api.steps(9)
    assert api.get("/batch_runs/bpr_nope") == first
    assert (first["id"], first["status"], first["runCount"]) == ("bpr_nope", "PENDING", 1)
    assert api("GET", "/batch_runs/bpr_nope", headers={}).status_code == 401


@pytest.mark.parametrize(("count", "status"), [(1000, 200), (1001, 200), (1002, 400)])
def test_accepts_1001_inputs(say, make_api, file, count, status):
    api = make_api(faults=["accepts-1001-inputs"])
    body = {"extractor": {"id": api.extractor_id()}, "inputs": [{"file": file}] * count}
    response = api("POST", "/extract_runs/batch", json=body)
    assert response.status_code == status
    if status == 200:
        assert (
            response.json()["runCount"]
            == len(api.traverse(batchId=response.json()["id"], maxPageSize=1000))
            == count
        )


def test_list_loses_a_run(say, make_api, file):
    healthy, faulty = say(), say("list-loses-a-run")
    for name in ("runs", "details"):
        healthy[name] = [runs[:-1] for runs in healthy[name]]
    assert faulty == healthy
    api = make_api(faults=["list-loses-a-run"])
    batch = api.submit(file)
    assert len(api.traverse(batchId=batch["id"])) == 1
    api.submit(file, file)
    assert len(api.traverse()) == 3


def test_canary(make_api):
    api = make_api(faults=["canary"])
    answers = [
        api("GET", "/extractors", headers={}),
        api("GET", "/nope"),
        api("POST", "/extract_runs/batch"),
        api("TRACE", "/batch_runs/x"),
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 4
