"""What extract, classify, split and parse runs have in common."""

import pytest

PROCESSOR_RUN = {
    "object", "id", "status", "output", "initialOutput", "reviewedOutput", "failureReason", "failureMessage",
    "metadata", "reviewed", "edited", "config", "file", "parseRunId", "dashboardUrl", "usage", "createdAt",
    "updatedAt",
}  # fmt: skip
KEYS = {
    "extract": PROCESSOR_RUN | {"extractor", "extractorVersion", "files", "edits"},
    "classify": PROCESSOR_RUN | {"classifier", "classifierVersion"},
    "split": PROCESSOR_RUN | {"splitter", "splitterVersion"},
    "parse": {
        "object", "id", "batchId", "status", "output", "outputUrl", "failureReason", "failureMessage",
        "metadata", "metrics", "config", "file", "usage",
    },
}  # fmt: skip
NOT_LISTED = {"output", "outputUrl", "initialOutput", "reviewedOutput", "edits", "config"}
PREFIXES = {"extract": "exr_", "classify": "clr_", "split": "splr_", "parse": "pr_"}
FAILURES = {"parse": "UNABLE_TO_DOWNLOAD_FILE"}
# What single parse runs never are, and what parse runs never become.
FIRST = {"parse": "PROCESSING"}
CANCELLED = {"parse": "FAILED"}


def test_a_single_run_lives_to_its_end(family, file):
    run = family.create(file, metadata={"a": 1})
    first = FIRST.get(family.name, "PENDING")
    for status in (first, "PROCESSING", "PROCESSED"):
        seen = family.run(run)
        assert seen["status"] == status
        assert set(seen) == KEYS[family.name]
        assert (seen["object"], seen["id"], seen["metadata"]) == (family.kind, run["id"], {"a": 1})
        assert (seen["output"] is not None) == (seen["usage"] is not None) == (status == "PROCESSED")
        assert seen["failureReason"] is None
        family.api.steps(1)
    assert run["status"] == first
    assert run["id"].startswith(PREFIXES[family.name])


def test_the_row_agrees_with_the_detail(family, file, failing_file):
    family.submit(file, failing_file)
    family.create(file)
    for _ in range(4):
        for row in family.rows():
            full = family.run(row)
            assert set(row) == (KEYS[family.name] - NOT_LISTED) | {"createdAt", "updatedAt"}
            if full["usage"]:
                del full["usage"]["breakdown"]
            shared = set(row) & set(full)
            assert {key: row[key] for key in shared} == {key: full[key] for key in shared}
        family.api.steps(1)


def test_a_failing_file_ends_failed(family, failing_file):
    run = family.create(failing_file)
    family.api.steps(2)
    seen = family.run(run)
    reason = FAILURES.get(family.name, "FAILED_TO_PROCESS_FILE")
    assert (seen["status"], seen["failureReason"]) == ("FAILED", reason)
    assert seen["failureMessage"]
    assert seen["output"] is seen["usage"] is None


def test_usage_adds_up(family, file):
    run = family.create(file)
    family.api.steps(2)
    usage = family.run(run)["usage"]
    assert sum(entry["credits"] for entry in usage["breakdown"]) == usage["totalCredits"]
    assert usage["breakdown"][0]["object"] == family.kind
    assert usage["breakdown"][0]["credits"] == usage["credits"]
    for entry in usage["breakdown"]:
        assert sum(charge["credits"] for charge in entry["charges"]) == entry["credits"]


def test_a_batch_and_its_runs(family, file, failing_file):
    batch = family.submit(file, failing_file)
    assert (batch["object"], batch["status"], batch["runCount"]) == ("batch_run", "PENDING", 2)
    assert batch["id"].startswith("bpar_" if family.name == "parse" else "bpr_")
    seen = []
    for _ in range(4):
        states = sorted(row["status"] for row in family.rows(batchId=batch["id"]))
        seen.append((family.api.batch(batch)["status"], states))
        family.api.steps(1)
    assert seen == [
        ("PENDING", ["PENDING", "PENDING"]),
        ("PROCESSING", ["PROCESSING", "PROCESSING"]),
        ("PROCESSING", ["PROCESSED", "PROCESSING"]),
        ("PROCESSED", ["FAILED", "PROCESSED"]),
    ]
    rows = family.rows(batchId=batch["id"])
    assert sorted(row["metadata"]["row"] for row in rows) == [0, 1]
    assert all(row.get("batchId", batch["id"]) == batch["id"] for row in rows)


@pytest.mark.parametrize("steps", [0, 1])
def test_a_run_in_progress_can_be_cancelled(family, file, steps):
    run = family.create(file)
    family.api.steps(steps)
    answer = family.call("POST", run["id"], "/cancel")
    assert answer.status_code == 200
    assert answer.json()["status"] == CANCELLED.get(family.name, "CANCELLED")
    assert bool(answer.json()["failureReason"]) == (family.name == "parse")
    family.api.steps(5)
    assert family.run(run) == answer.json()
    assert family.rows(status=CANCELLED.get(family.name, "CANCELLED"))
    again = family.call("POST", run["id"], "/cancel")
    assert (again.status_code, again.json()["code"]) == (400, "INVALID_REQUEST")


def test_an_ended_run_cannot_be_cancelled(family, file):
    run = family.create(file)
    family.api.steps(2)
    assert family.call("POST", run["id"], "/cancel").status_code == 400
    assert family.run(run)["status"] == "PROCESSED"


def test_a_deleted_run_is_gone(family, file):
    batch = family.submit(file, file)
    run = family.rows()[0]
    answer = family.call("DELETE", run["id"])
    assert (answer.status_code, answer.json()) == (200, {"id": run["id"]})
    for method, action in (("GET", ""), ("DELETE", ""), ("POST", "/cancel")):
        refused = family.call(method, run["id"], action)
        assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
    assert len(family.rows()) == len(family.rows(batchId=batch["id"])) == 1
    assert family.api.batch(batch)["runCount"] == 2


def test_families_do_not_see_each_other(family, file):
    batch = family.submit(file)
    (run,) = family.rows()
    for other in ("extract", "classify", "split", "parse"):
        if other == family.name:
            continue
        stranger = type(family)(family.api, other)
        assert stranger.rows() == stranger.rows(batchId=batch["id"]) == []
        assert stranger.call("GET", run["id"]).status_code == 404


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({}, 200),
        ({"file": None}, 400),
        ({"file": {"id": "file_1"}}, 200),
        ({"file": {"url": "https://a.example/x", "id": "file_1"}}, 400),
        ({"metadata": {"big": "x" * 11_000}}, 400),
        ({"priority": 0}, 400),
        ({"priority": 50}, 200),
        ({"unknown": 1}, 200),
    ],
)
def test_creation_checks_the_body(family, file, members, status):
    body = family.reference() | {"file": file} | members
    assert family.api("POST", family.path, json=body).status_code == status


def test_raw_text_is_not_for_every_family(family):
    text = {"text": "hello"}
    single = family.api("POST", family.path, json=family.reference() | {"file": text})
    body = family.reference() | {"inputs": [{"file": text}]}
    batch = family.api("POST", f"{family.path}/batch", json=body)
    expected = {"split": (400, 400), "parse": (400, 200)}.get(family.name, (200, 200))
    assert (single.status_code, batch.status_code) == expected


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({}, 200),
        ({"inputs": []}, 400),
        ({"inputs": None}, 400),
        ({"inputs": [{}]}, 400),
        ({"inputs": [{"file": {"id": "file_1"}}] * 1000}, 200),
        ({"inputs": [{"file": {"id": "file_1"}}] * 1001}, 400),
    ],
)
def test_submission_checks_the_body(family, file, members, status):
    body = family.reference() | {"inputs": [{"file": file}]} | members
    assert family.api("POST", f"{family.path}/batch", json=body).status_code == status


@pytest.mark.parametrize("name", ["extract", "classify", "split"])
def test_processors_are_referred_to(make_family, file, name):
    family = make_family(name)
    key = family.processor
    page = family.api.get(f"/{key}s")
    assert [set(row) for row in page["data"]] == [{"object", "id", "name", "createdAt", "updatedAt"}] * 2
    assert {row["object"] for row in page["data"]} == {key}
    chosen = page["data"][0]["id"]
    run = family.create(file, **{key: {"id": chosen, "version": "draft"}})
    assert (run[key]["id"], run[f"{key}Version"]["version"]) == (chosen, "draft")
    assert run[f"{key}Version"][f"{key}Id"] == chosen
    assert [row["id"] for row in family.rows(**{f"{key}Id": chosen})] == [run["id"]]
    assert family.rows(**{f"{key}Id": "nope"}) == []
    for reference, status in (({"id": "nope"}, 404), ({"id": chosen, "version": "9.9"}, 404), ({}, 400)):
        for path, members in (("", {"file": file}), ("/batch", {"inputs": [{"file": file}]})):
            body = members | {key: reference}
            assert family.api("POST", family.path + path, json=body).status_code == status
    batch = {"inputs": [{"file": file}], "config": run["config"]}
    assert family.api("POST", f"{family.path}/batch", json=batch).status_code == 400


def test_lists_are_paged(family, file):
    family.submit(*[file] * 5)
    first = family.api.get(family.path, maxPageSize=3)
    second = family.api.get(family.path, maxPageSize=3, nextPageToken=first["nextPageToken"])
    assert len({row["id"] for row in first["data"] + second["data"]}) == 5
    assert set(second) == {"object", "data"}
    for size in ("0", "1001", "x"):
        assert family.api("GET", family.path, params={"maxPageSize": size}).status_code == 400
    assert len(family.rows(fileNameContains="invoice")) == 5
    assert family.rows(fileNameContains="letter") == []


@pytest.mark.parametrize("variant", ["unknown-failure-reason", "usage-missing"])
def test_variants_reach_every_family(make_family, family, file, failing_file, variant):
    changed = make_family(family.name, variants=[variant])
    runs = [changed.create(file), changed.create(failing_file)]
    changed.api.steps(2)
    for shown in (changed.rows(), [changed.run(run) for run in runs]):
        if variant == "usage-missing":
            assert {row["usage"] for row in shown} == {None}
        else:
            assert {row["failureReason"] for row in shown} == {None, "PAPER_JAM"}
