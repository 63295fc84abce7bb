"""extend/2025-04-21: each fault changes exactly what it says."""

import pytest

from batchproof.emulator import faults, fixtures

IDS = fixtures("extend/2025-04-21")["batch_processor_run_ids"]
# The order of the fixtures: by source, outcome and status.
BATCHES = {
    f"{source} {status}": IDS[6 * row + column]
    for row, source in enumerate(("EVAL_SET", "PLAYGROUND", "STUDIO"))
    for column, status in ((0, "PENDING"), (1, "PROCESSING"), (2, "PROCESSED"), (5, "FAILED"))
}
FILE = {"fileUrl": "https://files.example.com/invoice.pdf"}
FAILING = {"fileUrl": "https://files.example.com/fail/invoice.pdf"}

# The token of a page remembers how many objects had been created.
COUNTED = "first page: nextPageToken"

# What differs in the story below: patterns of `step: member`.
EXPECTED = {
    "batch-object-differs": ["get * batch: batchProcessorRun.object"],
    "batch-status-lower-case": ["get * batch: batchProcessorRun.status"],
    "batch-source-unknown": ["get *PLAYGROUND * batch: batchProcessorRun.source"],
    "source-id-missing": ["get *EVAL_SET * batch: batchProcessorRun.sourceId"],
    "source-id-of-playground": ["get *PLAYGROUND * batch: batchProcessorRun.sourceId"],
    "source-id-of-studio-differs": ["get *STUDIO * batch: batchProcessorRun.sourceId"],
    "run-count-fractional": ["get * batch: batchProcessorRun.runCount"],
    "run-count-grows": [
        "get * PROCESSED batch: batchProcessorRun.runCount",
        "get * FAILED batch: batchProcessorRun.runCount",
        "get moved * batch: batchProcessorRun.runCount",
    ],
    "metrics-missing": ["get * batch: batchProcessorRun.metrics*"],
    "metrics-as-text": ["get * batch: batchProcessorRun.metrics*"],
    "options-as-list": ["get * batch: batchProcessorRun.options*"],
    "batch-created-at-drifts": ["get * batch: batchProcessorRun.createdAt"],
    "batch-time-without-zone": ["get * batch: batchProcessorRun.createdAt"],
    "batch-updated-before-created": ["get * batch: batchProcessorRun.updatedAt"],
    "batch-reopens": ["get * PROCESSED batch: *.status", "get * FAILED batch: *.status"],
    "batch-id-differs": ["get * batch: batchProcessorRun.id"],
    "batch-not-found-is-200": ["get unknown batch: *"],
    "run-status-lower-case": ["* run: processorRun.status"],
    "run-type-unknown": ["* run: processorRun.type"],
    "config-type-differs": ["* run: processorRun.config.type"],
    "output-missing": ["get processed * run: processorRun.output*"],
    "value-misses-schema": ["get processed extract run: processorRun.*utput.value.total"],
    "confidence-above-one": ["get processed extract run: processorRun.*utput.metadata.*Confidence"],
    "failure-without-reason": ["get failed run: processorRun.failureReason"],
    "merged-processors-null": ["* run: processorRun.mergedProcessors"],
    "files-missing": ["* run: processorRun.files*"],
    "metadata-lost": ["* run: processorRun.metadata*"],
    "run-reopens": ["get processed extract run: processorRun.status"],
    "created-with-other-processor": ["create * run: processorRun.processorId"],
    "accepts-no-input": ["create without input: *", COUNTED],
    "accepts-priority-101": ["create with priority 101: *", COUNTED],
    "accepts-other-config-type": ["create with other config: *", COUNTED],
    "unknown-processor-is-400": ["create with unknown processor: status code"],
    "list-loses-a-run": ["last page: ids"],
    "list-ignores-status": ["filtered page: ids"],
    "page-too-long": ["first page: *", "last page: *"],
    "oldest-first": ["* page: ids"],
    "last-page-with-token": ["last page: nextPageToken", "* page: nextPageToken"],
    "list-disagrees": ["* row: processorName"],
    "cancel-of-cancelled": ["cancel again: *"],
    "cancel-forgotten": ["get cancelled run: *", "cancel again: *", "* page: *", "* row: *"],
    "delete-forgotten": ["get deleted: *"],
    "delete-without-id": ["delete: documentProcessorRunId"],
    "success-missing": ["get *batch: success", "*: success"],
    "success-as-text": ["get *batch: success", "*: success"],
    "envelope-missing": ["get * batch: *", "* run: *"],
    "error-success-true": ["get unknown batch: success", "*: success"],
    "error-as-object": ["get unknown batch: error*", "*: error*"],
    "processor-type-unknown": ["processors: processors.type"],
    "processor-versions-missing": ["processors: processors.versions*"],
    "key-not-required": ["no key: *"],
}  # fmt: skip


def tell_story(tell, ids):
    """What a client sees of an emulator."""
    look_at_batches(tell)
    runs = create(tell, ids)
    cancel_and_delete(tell, runs)
    tell.client.steps(10)
    look_at_runs(tell, runs)
    for name, id_ in BATCHES.items():
        tell(f"get moved {name} batch", "GET", f"/batch_processor_runs/{id_}")
    tell("no key", "GET", "/processors", headers={"x-extend-api-version": "2025-04-21"})
    return tell.seen


def look_at_batches(tell):
    tell("processors", "GET", "/processors")
    for name, id_ in BATCHES.items():
        for _ in range(3):
            tell(f"get {name} batch", "GET", f"/batch_processor_runs/{id_}")
    tell("get unknown batch", "GET", "/batch_processor_runs/bpr_nope")


def create(tell, ids):
    names = ("extract", "classify", "splitter", "failing", "cancelled", "deleted")
    runs = {}
    for name in names:
        processor = ids.get(name, ids["extract"])
        file = FAILING if name == "failing" else FILE
        body = {"processorId": processor, "file": file, "metadata": {"name": name}}
        answer = tell(f"create {name} run", "POST", "/processor_runs", json=body).json()
        runs[name] = answer.get("processorRun", answer)["id"]
        tell.client.steps(0.01)
    good = {"processorId": ids["extract"], "file": FILE}
    for step, change in (
        ("without input", {"file": None}),
        ("with priority 101", {"priority": 101}),
        ("with other config", {"config": {"type": "CLASSIFY"}}),
        ("with unknown processor", {"processorId": "dp_nope"}),
    ):
        answer = tell(f"create {step}", "POST", "/processor_runs", json=good | change)
        if answer.status_code == 200:
            # What should not be there does not disturb the lists.
            content = answer.json()
            id_ = content.get("processorRun", content)["id"]
            tell.client("DELETE", f"/processor_runs/{id_}")
    return runs


def cancel_and_delete(tell, runs):
    path = f"/processor_runs/{runs['cancelled']}"
    tell("cancel run", "POST", f"{path}/cancel")
    tell("get cancelled run", "GET", path)
    tell("cancel again", "POST", f"{path}/cancel")
    tell("delete", "DELETE", f"/processor_runs/{runs['deleted']}")
    tell("get deleted", "GET", f"/processor_runs/{runs['deleted']}")
    # Under a fault it may still be in the list.
    tell.client.app.state.emulator.behaviour.deletes = True
    tell.client("DELETE", f"/processor_runs/{runs['deleted']}")


def look_at_runs(tell, runs):
    for _ in range(3):
        tell("get processed extract run", "GET", f"/processor_runs/{runs['extract']}")
    for name in ("classify", "splitter"):
        tell(f"get processed {name} run", "GET", f"/processor_runs/{runs[name]}")
    tell("get failed run", "GET", f"/processor_runs/{runs['failing']}")
    tell.page("default page", "processorRuns", "/processor_runs")
    first = tell.page("first page", "processorRuns", "/processor_runs", maxPageSize=3)
    tell.page(
        "last page", "processorRuns", "/processor_runs", maxPageSize=3, nextPageToken=first["nextPageToken"]
    )
    tell.page("filtered page", "processorRuns", "/processor_runs", status="FAILED")
    for row in tell.client.get("/processor_runs", sortDir="asc")["processorRuns"]:
        tell.put(f"{row['id']} row", row)


@pytest.fixture(scope="module")
def ids(make_extend_2025, teller):
    client = make_extend_2025()
    teller(client)
    return {type_.lower(): client.processor(type_) for type_ in ("EXTRACT", "CLASSIFY", "SPLITTER")}


@pytest.fixture(scope="module")
def healthy(make_extend_2025, teller, ids):
    return tell_story(teller(make_extend_2025()), ids)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_changes_what_it_says(make_extend_2025, teller, assert_changes, ids, healthy, name):
    faulty = tell_story(teller(make_extend_2025(faults=[name])), ids)
    assert_changes(healthy, faulty, EXPECTED[name])


def test_a_healthy_emulator_tells_the_same_story_twice(make_extend_2025, teller, ids, healthy):
    assert tell_story(teller(make_extend_2025()), ids) == healthy


def test_every_fault_is_tried_here():
    assert set(EXPECTED) | {"canary"} == set(faults("extend/2025-04-21"))


def test_canary(make_extend_2025):
    client = make_extend_2025(faults=["canary"])
    answers = [
        client("GET", "/processors", headers={}),
        client("GET", "/nope"),
        client("POST", "/processor_runs"),
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 3
