"""Each variant changes exactly what it says, and each goes with every fault."""

from datetime import datetime, timedelta

import pytest

from batchproof.emulator import faults, variants

CONTRACT = "extend/2026-02-09"


@pytest.fixture
def ended(make_api, file, failing_file):
    """An emulator with a variant, and the full runs of an ended batch: one processed, one failed."""

    def ended(*names):
        api = make_api(variants=names)
        api.batch_run = api.submit(file, failing_file)
        api.steps(3)
        runs = sorted(api.traverse(), key=lambda run: run["metadata"]["row"])
        return api, [api.run(run) for run in runs]

    return ended


def objects(value):
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(child)


def test_unknown_properties_leave_the_users_data_alone(ended):
    api, (run, _) = ended("unknown-properties")
    for body in (run, run["file"], run["extractor"], run["usage"]["breakdown"][0]["charges"][0]):
        assert body["previewNote"]
    assert run["metadata"] == {"row": 0}
    assert set(run["output"]["value"]) == {"invoice_number", "total", "line_items"}
    assert all("[" in path or path in run["output"]["value"] for path in run["output"]["metadata"])
    assert "previewNote" in api("GET", "/batch_runs/nope").json()
    assert "previewNote" in api.get("/extract_runs")


def test_absent_for_null(ended):
    api, runs = ended("absent-for-null")
    for body in objects(
        [*runs, api.get("/extract_runs"), api.post("/extract_runs", {"file": {"text": "x"}})]
    ):
        assert None not in body.values()
    assert "failureReason" in runs[1]
    metadata = {"given": None}
    assert api.post("/extract_runs", {"file": {"text": "x"}, "metadata": metadata})["metadata"] == metadata


def test_never_pending(make_api, file):
    api = make_api(variants=["never-pending"])
    batch = api.submit(file)
    assert batch["status"] == "PENDING"
    assert api.batch(batch)["status"] == "PROCESSING"
    assert [run["status"] for run in api.traverse()] == ["PROCESSING"]
    api.steps(1)
    assert api.batch(batch)["status"] == "PROCESSED"


def test_fractional_offset_times(ended):
    api, (run, _) = ended("fractional-offset-times")
    for text in (run["createdAt"], run["file"]["createdAt"], api.batch(api.batch_run)["createdAt"]):
        assert text.endswith(".000000+00:00")
        assert datetime.fromisoformat(text).utcoffset() == timedelta(0)


def test_unprefixed_ids(ended):
    api, runs = ended("unprefixed-ids")
    ids = {api.batch_run["id"], api.extractor_id(), *(run["id"] for run in runs), runs[0]["file"]["id"]}
    assert {len(id_) for id_ in ids} == {64}
    assert len(ids) == 5


def test_unknown_failure_reason(ended):
    api, (processed, failed) = ended("unknown-failure-reason")
    assert (processed["failureReason"], failed["failureReason"]) == (None, "PAPER_JAM")
    assert {run["failureReason"] for run in api.traverse()} == {None, "PAPER_JAM"}


def test_422_for_400(make_api, key):
    api = make_api(variants=["422-for-400"])
    response = api("POST", "/extract_runs/batch", json={})
    assert (response.status_code, response.json()["code"]) == (422, "INVALID_REQUEST")
    no_version = {"Authorization": key["Authorization"]}
    assert api("GET", "/batch_runs/x", headers=no_version).status_code == 400
    assert api("GET", "/batch_runs/x").status_code == 404


def test_null_page_token(ended):
    api, _ = ended("null-page-token")
    assert api.get("/extract_runs", maxPageSize=1)["nextPageToken"]
    assert api.get("/extract_runs")["nextPageToken"] is None


def test_usage_missing(ended):
    api, (run, _) = ended("usage-missing")
    assert (run["status"], run["usage"]) == ("PROCESSED", None)
    assert [item["usage"] for item in api.traverse()] == [None, None]


def test_gzip(make_api, key):
    api = make_api(variants=["gzip"])
    assert api("GET", "/extractors").headers["content-encoding"] == "gzip"
    plain = api("GET", "/extractors", headers=key | {"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(("place", "variant"), list(enumerate(variants(CONTRACT))))
def test_variants_go_with_faults(make_api, file, failing_file, place, variant):
    """Together with a fault, every answer is still an answer; each fault meets one variant."""
    for fault in list(faults(CONTRACT))[place :: len(variants(CONTRACT))]:
        api = make_api(variants=[variant], faults=[fault])
        calls = [
            *(api("POST", "/extract_runs", json={"file": item}) for item in (file, failing_file)),
            api("GET", "/extract_runs?maxPageSize=1"),
            api("GET", "/batch_runs/nope"),
            api("GET", "/extractors"),
        ]
        assert max(call.status_code for call in calls) < 500
