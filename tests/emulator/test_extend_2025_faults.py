"""extend/2025-04-21: each fault that is a function changes exactly what it says."""

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

# What differs in the story below: patterns of `step: member`.
EXPECTED = {
    "batch-time-without-zone": ["get * batch: batchProcessorRun.createdAt"],
    "batch-id-differs": ["get * batch: batchProcessorRun.id"],
    "batch-not-found-is-200": ["get unknown batch: *"],
    "config-type-differs": ["* run: processorRun.config.type"],
    "value-misses-schema": ["get processed *: processorRun.*utput.value.total"],
    "fields-without-type": ["get processed fields run: processorRun.*utput.*.type"],
    "fields-of-another-type": ["get processed fields run: processorRun.*utput.*.type"],
    "insight-type-unknown": ["get processed reviewed run: processorRun.*utput.metadata.*insights*"],
    "pages-overlap": ["last page: ids"],
    "cancel-forgotten": ["get cancelled run: *", "cancel again: *", "* page: *", "* row: *"],
    "envelope-missing": ["get * batch: *", "* run: *"],
    "batch-changes-source": ["get *EVAL_SET * batch: batchProcessorRun.sourceId"],
    "reviewed-run-differs": ["get processed reviewed run: processorRun.id"],
    "cancel-answers-another": ["cancel run: processorRun.id"],
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
    return say.seen


def look_at_batches(say):
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
    return runs


def cancel_and_delete(say, runs):
    path = f"/processor_runs/{runs['cancelled']}"
    say("cancel run", "POST", f"{path}/cancel")
    say("get cancelled run", "GET", path)
    say("cancel again", "POST", f"{path}/cancel")
    # the lists are short without what was seeded
    for id_ in (runs["deleted"], *(seed_id("dpr", name) for name in RUNS)):
        say.client("DELETE", f"/processor_runs/{id_}")


def look_at_runs(say, runs):
    for _ in range(3):
        say("get processed extract run", "GET", f"/processor_runs/{runs['extract']}")
    for name in ("classify", "splitter"):
        say(f"get processed {name} run", "GET", f"/processor_runs/{runs[name]}")
    say.page("default page", "processorRuns", "/processor_runs")
    first = say.page("first page", "processorRuns", "/processor_runs", maxPageSize=3)
    say.page(
        "last page", "processorRuns", "/processor_runs", maxPageSize=3, nextPageToken=first["nextPageToken"]
    )
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
