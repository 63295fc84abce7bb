"""extend/2025-04-21: each fault changes exactly what it says."""

import pytest

from batchproof.emulator.extend_2025_04_21.seeds import seed_id

# One of each source in each status, which is the first word; the second one is its outcome.
BATCHES = {
    f"{source} {life.split()[0]}": seed_id("bpr", f"{source} {life}")
    for source in ("EVAL_SET", "PLAYGROUND", "STUDIO")
    for life in ("PENDING PROCESSED", "PROCESSING PROCESSED", "PROCESSED PROCESSED", "FAILED FAILED")
}
RUNS = ("classified", "split", "reviewed", "fields")
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
    "source-id-of-studio-missing": ["get *STUDIO * batch: batchProcessorRun.sourceId"],
    "source-id-of-studio-differs": ["get *STUDIO * batch: batchProcessorRun.sourceId"],
    "run-count-fractional": ["get * batch: batchProcessorRun.runCount"],
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
    "value-misses-schema": ["get processed *: processorRun.*utput.value.total"],
    "confidence-above-one": ["get processed *: processorRun.*utput.metadata.*Confidence"],
    "fields-without-type": ["get processed fields run: processorRun.*utput.*.type"],
    "fields-of-another-type": ["get processed fields run: processorRun.*utput.*.type"],
    "insight-type-unknown": ["get processed reviewed run: processorRun.*utput.metadata.*insights*"],
    "base-processor-unknown": ["* run: processorRun.config.baseProcessor"],
    "parser-as-text": ["* run: processorRun.config.parser*"],
    "split-method-of-the-next-version": ["* run: processorRun.config.advancedOptions*"],
    "review-score-of-ten": ["get processed reviewed run: processorRun.*utput.metadata.*reviewAgentScore"],
    "insights-as-text": ["get processed reviewed run: processorRun.*utput.metadata.*insights*"],
    "classified-by-percent": ["get processed classif*: processorRun.*utput.confidence"],
    "splits-missing": ["get processed split*: processorRun.*utput.splits*"],
    "classifications-missing": ["* run: processorRun.config.classifications*"],
    "split-classifications-by-id": ["* run: processorRun.config.splitClassifications*"],
    "reviewed-output-as-text": ["get processed reviewed run: processorRun.reviewedOutput*"],
    "reviewed-output-missing": ["get processed reviewed run: processorRun.reviewedOutput*"],
    "edits-forgotten": ["get processed reviewed run: processorRun.edits*"],
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
    "pages-overlap": ["last page: ids"],
    "list-ignores-status": ["filtered page: ids"],
    "page-too-long": ["first page: *", "last page: *"],
    "oldest-first": ["* page: ids"],
    "list-disagrees": ["* row: processorName"],
    "cancel-of-cancelled": ["cancel again: *"],
    "cancel-forgotten": ["get cancelled run: *", "cancel again: *", "* page: *", "* row: *"],
    "delete-forgotten": ["get deleted: *"],
    "delete-without-id": ["delete: documentProcessorRunId"],
    "success-missing": ["get *batch: success", "*: success"],
    "success-as-text": ["get *batch: success", "*: success"],
    "envelope-missing": ["get * batch: *", "* run: *"],
    "error-success-true": ["get unknown batch: success", "*: success"],
    "error-code-as-number": ["create of an unsupported file: code"],
    "error-code-unknown": ["create of an unsupported file: code"],
    "error-as-object": ["get unknown batch: error*", "*: error*"],
    "processor-type-unknown": ["processors: processors.type"],
    "processor-versions-missing": ["processors: processors.versions*"],
    "batch-back-to-pending": ["get * PROCESSING batch: batchProcessorRun.status"],
    "batch-updated-at-forgotten": ["get * batch: batchProcessorRun.updatedAt"],
    "batch-moves-to-draft": ["get * batch: batchProcessorRun.processorVersionId"],
    "batch-changes-source": ["get *EVAL_SET * batch: batchProcessorRun.sourceId"],
    "run-count-negative": ["get *PLAYGROUND * batch: batchProcessorRun.runCount"],
    "run-count-falls": ["get * batch: batchProcessorRun.runCount"],
    "pages-negative": ["get * FAILED batch: batchProcessorRun.metrics.numPages"],
    "pending-batch-is-409": ["get * PENDING batch: *"],
    "reviewed-output-unreviewed": ["get processed * run: processorRun.reviewedOutput*"],
    "edits-of-nobody": ["* classif* run: processorRun.edits*"],
    "message-of-success": ["get processed * run: processorRun.failureMessage"],
    "reviewed-run-differs": ["get processed reviewed run: processorRun.id"],
    "bad-priority-is-422": ["create with priority 101: status code"],
    "cancel-answers-another": ["cancel run: processorRun.id"],
    "cancelled-run-is-410": ["get cancelled run: *"],
    "list-updated-at-in-local-time": ["* row: updatedAt"],
    "key-not-required": ["no key: *"],
    "deletion-without-success": ["delete: success"],
    "batch-under-another-name": ["get * batch: batchProcessorRun*", "get * batch: batchRun*"],
    "cancel-of-ended-is-409": ["cancel again: status code"],
    "created-with-draft": ["create * run: processorRun.processorVersionId"],
    "failure-without-message": ["get failed run: processorRun.failureMessage"],
    "over-quota-is-400": ["over quota: status code"],
}  # fmt: skip


def describe_story(say, ids):
    """What a client sees of an emulator."""
    look_at_batches(say)
    look_at_seeded_runs(say)
    runs = create(say, ids)
    cancel_and_delete(say, runs)
    say.client.steps(10)
    look_at_runs(say, runs)
    for name, id_ in BATCHES.items():
        say(f"get moved {name} batch", "GET", f"/batch_processor_runs/{id_}")
    limited = say.client.key | {"Authorization": "Bearer sk_limited"}
    say("over quota", "GET", "/processors", headers=limited)
    say("no key", "GET", "/processors", headers={"x-extend-api-version": "2025-04-21"})
    return say.seen


def look_at_batches(say):
    say("processors", "GET", "/processors")
    for name, id_ in BATCHES.items():
        for _ in range(3):
            say(f"get {name} batch", "GET", f"/batch_processor_runs/{id_}")
    say("get unknown batch", "GET", "/batch_processor_runs/bpr_nope")


def look_at_seeded_runs(say):
    for name in RUNS:
        say(f"get processed {name} run", "GET", f"/processor_runs/{seed_id('dpr', name)}")


def create(say, ids):
    names = ("extract", "classify", "splitter", "failing", "cancelled", "deleted")
    runs = {}
    for name in names:
        processor = ids.get(name, ids["extract"])
        file = FAILING if name == "failing" else FILE
        body = {"processorId": processor, "file": file, "metadata": {"name": name}}
        answer = say(f"create {name} run", "POST", "/processor_runs", json=body).json()
        runs[name] = answer.get("processorRun", answer)["id"]
        say.client.steps(0.01)
    good = {"processorId": ids["extract"], "file": FILE}
    for step, change in (
        ("without input", {"file": None}),
        ("with priority 101", {"priority": 101}),
        ("with other config", {"config": {"type": "CLASSIFY"}}),
        ("with unknown processor", {"processorId": "dp_nope"}),
        ("of an unsupported file", {"file": {"fileUrl": "https://files.example.com/program.exe"}}),
    ):
        answer = say(f"create {step}", "POST", "/processor_runs", json=good | change)
        if answer.status_code == 200:
            # What should not be there does not disturb the lists.
            content = answer.json()
            id_ = content.get("processorRun", content)["id"]
            say.client("DELETE", f"/processor_runs/{id_}")
    return runs


def cancel_and_delete(say, runs):
    path = f"/processor_runs/{runs['cancelled']}"
    say("cancel run", "POST", f"{path}/cancel")
    say("get cancelled run", "GET", path)
    say("cancel again", "POST", f"{path}/cancel")
    say("delete", "DELETE", f"/processor_runs/{runs['deleted']}")
    say("get deleted", "GET", f"/processor_runs/{runs['deleted']}")
    # Under a fault it may still be in the list; and the lists are short without what was seeded.
    say.client.app.state.emulator.behaviour.deletes = True
    for id_ in (runs["deleted"], *(seed_id("dpr", name) for name in RUNS)):
        say.client("DELETE", f"/processor_runs/{id_}")


def look_at_runs(say, runs):
    for _ in range(3):
        say("get processed extract run", "GET", f"/processor_runs/{runs['extract']}")
    for name in ("classify", "splitter"):
        say(f"get processed {name} run", "GET", f"/processor_runs/{runs[name]}")
    say("get failed run", "GET", f"/processor_runs/{runs['failing']}")
    say.page("default page", "processorRuns", "/processor_runs")
    first = say.page("first page", "processorRuns", "/processor_runs", maxPageSize=3)
    say.page(
        "last page", "processorRuns", "/processor_runs", maxPageSize=3, nextPageToken=first["nextPageToken"]
    )
    say.page("filtered page", "processorRuns", "/processor_runs", status="FAILED")
    for row in say.client.get("/processor_runs", sortDir="asc")["processorRuns"]:
        say.put(f"{row['id']} row", row)


@pytest.fixture(scope="module")
def ids(make_extend_2025, teller):
    client = make_extend_2025()
    teller(client)
    return {type_.lower(): client.processor(type_) for type_ in ("EXTRACT", "CLASSIFY", "SPLITTER")}


@pytest.fixture(scope="module")
def healthy(make_extend_2025, teller, ids):
    return describe_story(teller(make_extend_2025()), ids)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_changes_what_it_says(make_extend_2025, teller, assert_changes, ids, healthy, name):
    faulty = describe_story(teller(make_extend_2025(faults=[name])), ids)
    assert_changes(healthy, faulty, EXPECTED[name])


def test_a_healthy_emulator_tells_the_same_story_twice(make_extend_2025, teller, ids, healthy):
    assert describe_story(teller(make_extend_2025()), ids) == healthy


def test_canary(make_extend_2025):
    client = make_extend_2025(faults=["canary"])
    answers = [
        client("GET", "/processors", headers={}),
        client("GET", "/nope"),
        client("POST", "/processor_runs"),
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 3
