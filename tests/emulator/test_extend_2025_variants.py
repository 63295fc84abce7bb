"""extend/2025-04-21: each variant changes exactly what it says, and each goes with every fault."""

from datetime import datetime, timedelta

import pytest

from batchproof.emulator import faults, fixtures, variants

CONTRACT = "extend/2025-04-21"
IDS = fixtures(CONTRACT)["batch_processor_run_ids"]
FAILING = {"fileUrl": "https://files.example.com/fail/invoice.pdf"}


@pytest.fixture
def ended(make_extend_2025):
    """An emulator with a variant, and a processed and a failed run."""

    def ended(name):
        client = make_extend_2025(variants=[name])
        failed = client.create(sync=True, file=FAILING).json()["processorRun"]
        return client, client.create(sync=True).json()["processorRun"], failed

    return ended


def test_unknown_properties(ended):
    client, run, _ = ended("unknown-properties")
    batch = client.get(f"/batch_processor_runs/{IDS[0]}")
    places = [run, run["files"][0], run["usage"], batch, batch["batchProcessorRun"]]
    places += [
        batch["batchProcessorRun"]["options"],
        client("GET", "/nope").json(),
        client.get("/processors"),
    ]
    assert all("previewNote" in place for place in places)
    assert "previewNote" not in run["output"]["value"]


def test_null_for_absent(ended):
    client, run, failed = ended("null-for-absent")
    assert run["failureReason"] is run["metadata"] is run["reviewedOutput"] is None
    assert failed["usage"] is failed["initialOutput"] is None
    assert failed["failureReason"] == "FAILED_TO_PROCESS_FILE"
    assert run["files"][0]["presignedUrl"] is None
    assert run["files"][0]["metadata"] == {"pageCount": 2, "parentSplit": None}
    batches = [client.batch(id_) for id_ in IDS]
    assert {batch["source"] for batch in batches if batch["sourceId"] is None} == {"PLAYGROUND"}


def test_null_page_token(ended):
    client, *_ = ended("null-page-token")
    for path in ("/processors", "/processor_runs"):
        assert client.get(path)["nextPageToken"] is None
        assert client.get(path, maxPageSize=1)["nextPageToken"]
    assert "nextPageToken" not in client.get(f"/batch_processor_runs/{IDS[0]}")


def test_warning(ended):
    client, *_ = ended("warning")
    assert client.get("/processors")["warning"]
    assert "warning" not in client.get("/processor_runs")


def test_pending_first(make_extend_2025):
    client = make_extend_2025(variants=["pending-first"])
    run = client.create().json()["processorRun"]
    seen = [run["status"]]
    for _ in range(4):
        seen.append(client.run(run)["status"])
        client.steps(1)
    assert seen == ["PENDING", "PENDING", "PROCESSING", "PROCESSING", "PROCESSED"]


def test_output_null_until_processed(make_extend_2025):
    client = make_extend_2025(variants=["output-null-until-processed"])
    run = client.create().json()["processorRun"]
    assert run["output"] is None
    client.steps(2)
    assert client.run(run)["output"]["value"]


@pytest.mark.parametrize(
    ("name", "member", "shown"),
    [
        ("edits-null", "edits", None),
        ("no-initial-output", "initialOutput", "absent"),
        ("usage-missing", "usage", "absent"),
    ],
)
def test_members_of_a_run(ended, name, member, shown):
    _, run, failed = ended(name)
    assert run.get(member, "absent") == failed.get(member, "absent") == shown


def test_usage_is_missing_in_lists_too(ended):
    client, *_ = ended("usage-missing")
    assert not any("usage" in row for row in client.traverse())


def test_summary_without_type(ended):
    client, run, _ = ended("summary-without-type")
    assert not any("type" in row for row in client.traverse())
    assert run["type"] == "EXTRACT"


def test_unknown_failure_reason(ended):
    _, run, failed = ended("unknown-failure-reason")
    assert failed["failureReason"] == "PAPER_JAM"
    assert "failureReason" not in run


def test_fractional_metrics(ended):
    client, *_ = ended("fractional-metrics")
    shown = [client.batch(id_)["metrics"] for id_ in IDS]
    assert {} in shown
    assert {"numFiles": 1.1, "numPages": 1.1} in shown


def test_cleared_cache_option(ended):
    client, *_ = ended("cleared-cache-option")
    assert client.batch(IDS[0])["options"]["clearPreProcessingCache"] is False


def test_error_without_success(ended):
    client, *_ = ended("error-without-success")
    assert set(client("GET", "/processor_runs/nope").json()) == {"error"}


def test_version_optional(ended):
    client, *_ = ended("version-optional")
    authorization = {"Authorization": client.key["Authorization"]}
    assert client("GET", "/processors", headers=authorization).status_code == 200
    other = authorization | {"x-extend-api-version": "2026-02-09"}
    assert client("GET", "/processors", headers=other).status_code == 400


def test_unprefixed_ids(ended):
    client, run, failed = ended("unprefixed-ids")
    ids = {run["id"], failed["id"], run["processorId"], run["processorVersionId"], run["files"][0]["id"]}
    assert {len(id_) for id_ in ids} == {64}
    assert client.batch(IDS[0])["id"] == IDS[0]


def test_coarse_clock(ended):
    client, *_ = ended("coarse-clock")
    assert client.batch(IDS[0])["createdAt"] == "2026-02-28T12:00:00Z"


def test_fractional_offset_times(ended):
    client, *_ = ended("fractional-offset-times")
    shown = client.batch(IDS[0])["createdAt"]
    assert shown.endswith(".000000+00:00")
    assert datetime.fromisoformat(shown).utcoffset() == timedelta(0)


def test_gzip(ended):
    client, *_ = ended("gzip")
    assert client("GET", "/processors").headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(("place", "variant"), list(enumerate(variants(CONTRACT))))
def test_variants_go_with_faults(make_extend_2025, place, variant):
    """Together with a fault, every answer is still an answer; each fault meets one variant."""
    listing = make_extend_2025()("GET", "/processors").json()
    processors = [row["id"] for row in listing["processors"]]
    body = {"rawText": "x", "sync": True, "metadata": {"a": 1}}
    for fault in list(faults(CONTRACT))[place :: len(variants(CONTRACT))]:
        client = make_extend_2025(variants=[variant], faults=[fault])
        calls = [
            *(client("POST", "/processor_runs", json=body | {"processorId": id_}) for id_ in processors),
            client("GET", "/processor_runs?maxPageSize=2"),
            client("GET", f"/batch_processor_runs/{IDS[2]}"),
            client("GET", "/batch_processor_runs/nope"),
            client("DELETE", "/processor_runs/nope"),
        ]
        assert max(call.status_code for call in calls) < 500
