"""Single runs: creation, the full object, cancelling, deleting."""

import pytest

RUN_KEYS = {
    "object", "id", "status", "output", "initialOutput", "reviewedOutput", "failureReason", "failureMessage",
    "metadata", "reviewed", "edited", "edits", "config", "extractor", "extractorVersion", "file", "files",
    "parseRunId", "dashboardUrl", "usage", "createdAt", "updatedAt",
}  # fmt: skip
NOT_IN_SUMMARY = {"output", "initialOutput", "reviewedOutput", "edits", "config"}


def only_run(api):
    (run,) = api.traverse()
    return run


def test_a_run_has_every_documented_key_in_every_state(api, file):
    api.submit(file)
    run = only_run(api)
    for status in ("PENDING", "PROCESSING", "PROCESSED"):
        seen = api.run(run)
        assert seen["status"] == status
        assert set(seen) == RUN_KEYS
        assert (seen["output"] is not None) == (status == "PROCESSED")
        assert (seen["usage"] is not None) == (status == "PROCESSED")
        assert seen["failureReason"] is None
        assert seen["createdAt"] == "2026-03-01T12:00:00.000Z"
        api.steps(1)


def test_updated_at_moves_only_with_the_status(api, file):
    run = api.post("/extract_runs", {"file": file})
    times = [run["updatedAt"]]
    for _ in range(10):
        api.steps(0.5)
        times.append(api.run(run)["updatedAt"])
    assert sorted(set(times)) == [f"2026-03-01T12:00:{second}.000Z" for second in ("00", "10", "20")]
    assert times == sorted(times)


def test_a_failing_file_ends_failed(api, failing_file):
    run = api.post("/extract_runs", {"file": failing_file})
    assert run["status"] == "PENDING"
    api.steps(2)
    seen = api.run(run)
    assert (seen["status"], seen["failureReason"]) == ("FAILED", "FAILED_TO_PROCESS_FILE")
    assert seen["failureMessage"]
    assert seen["output"] is None
    assert seen["usage"] is None


def test_output_and_usage_hold_together(api, file):
    api.submit(file)
    api.steps(3)
    run = api.run(only_run(api))
    assert set(run["output"]["value"]) == set(run["config"]["schema"]["properties"])
    assert "line_items[0].amount" in run["output"]["metadata"]
    for entry in run["output"]["metadata"].values():
        assert 0 <= entry["logprobsConfidence"] <= 1
        assert all(citation["fileId"] == run["file"]["id"] for citation in entry.get("citations", []))
    usage = run["usage"]
    assert sum(entry["credits"] for entry in usage["breakdown"]) == usage["totalCredits"]
    for entry in usage["breakdown"]:
        assert sum(charge["credits"] for charge in entry["charges"]) == entry["credits"]
    assert run["extractorVersion"]["extractorId"] == run["extractor"]["id"]


def test_the_summary_agrees_with_the_full_object(api, file, failing_file):
    api.submit(file, failing_file)
    api.steps(3)
    for summary in api.traverse():
        full = api.run(summary)
        assert set(summary) == RUN_KEYS - NOT_IN_SUMMARY
        if full["usage"]:
            del full["usage"]["breakdown"]
        assert summary == {key: full[key] for key in summary}


@pytest.mark.parametrize(
    ("file_input", "name", "kind", "metadata"),
    [
        ({"url": "https://a.example/some%20dir/in%20voice.PDF?x=1"}, "in voice.PDF", "PDF", {"pageCount": 2}),
        ({"url": "https://a.example/"}, "document", None, {}),
        ({"url": "https://a.example/x.csv", "name": "given.png"}, "given.png", "IMG", {}),
        ({"text": "hello"}, "text.txt", "TXT", {}),
    ],
)
def test_the_file_summary(api, file_input, name, kind, metadata):
    file = api.post("/extract_runs", {"file": file_input})["file"]
    assert (file["name"], file["type"], file["metadata"]) == (name, kind, metadata)
    assert file["id"].startswith("file_")


def test_an_uploaded_file_keeps_its_id(api):
    assert api.post("/extract_runs", {"file": {"id": "file_mine"}})["file"]["id"] == "file_mine"


def test_inline_config_leaves_the_extractor_out(api, file):
    config = {"baseProcessor": "extraction_light", "extractionRules": "Be brief."}
    run = api.post("/extract_runs", {"file": file, "config": config, "metadata": {"a": None}})
    assert run["extractor"] is None
    assert run["extractorVersion"] is None
    assert run["metadata"] == {"a": None}
    assert config.items() <= run["config"].items()


def test_override_config_replaces_parts(api, file):
    schema = {"type": "object", "properties": {"paid": {"type": ["boolean", "null"]}}}
    extractor = {"id": api.extractor_id(), "overrideConfig": {"schema": schema}}
    run = api.post("/extract_runs", {"file": file, "extractor": extractor})
    api.steps(2)
    seen = api.run(run)
    assert seen["output"]["value"] == {"paid": True}
    assert seen["config"]["baseProcessor"] == "extraction_performance"


def test_a_package_is_a_multifile_run(api):
    files = [{"url": "https://a.example/1.pdf"}, {"id": "file_2"}]
    run = api.post("/extract_runs", {"package": {"files": files}})
    assert run["file"] is None
    assert [file["name"] for file in run["files"]] == ["1.pdf", "document.pdf"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"file": {"text": "x"}, "package": {"files": [{"id": "file_1"}]}},
        {"file": {"text": "x"}, "config": {}, "extractor": {"id": "ex_1"}},
        {"package": {"files": []}},
        {"package": {"files": [{"id": "file_1"}] * 51}},
        {"package": {"files": [{"text": "x"}]}},
        {"file": {"text": "x"}, "config": {"fields": []}},
        {"file": {"text": "x"}, "config": {"baseProcessor": "nope"}},
        {"file": {"text": "x"}, "config": {"schema": {"type": "array"}}},
    ],
)
def test_checks_the_body(api, body):
    assert api("POST", "/extract_runs", json=body).status_code == 400


@pytest.mark.parametrize("steps", [0, 1])
def test_a_run_in_progress_can_be_cancelled(api, file, steps):
    run = api.post("/extract_runs", {"file": file})
    api.steps(steps)
    cancelled = api.post(f"/extract_runs/{run['id']}/cancel", None)
    assert cancelled["status"] == "CANCELLED"
    api.steps(5)
    assert api.run(run) == cancelled
    assert cancelled["output"] is None


@pytest.mark.parametrize("first", ["end", "cancel"])
def test_an_ended_run_cannot_be_cancelled(api, file, first):
    run = api.post("/extract_runs", {"file": file})
    path = f"/extract_runs/{run['id']}/cancel"
    if first == "cancel":
        api.post(path, None)
    api.steps(2)
    refused = api("POST", path)
    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_REQUEST")


def test_a_deleted_run_is_gone(api, file):
    batch = api.submit(file, file)
    run = api.traverse()[0]
    answer = api("DELETE", f"/extract_runs/{run['id']}")
    assert (answer.status_code, answer.json()) == (200, {"id": run["id"]})
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/cancel")):
        assert api(method, f"/extract_runs/{run['id']}{path}").status_code == 404
    assert len(api.traverse()) == len(api.traverse(batchId=batch["id"])) == 1
    assert api.batch(batch)["runCount"] == 2
