"""extend/2025-04-21: batch processor runs, which are there from the beginning and move on with time."""

import itertools

import pytest

from batchproof.emulator import fixtures

IDS = fixtures("extend/2025-04-21")["batch_processor_run_ids"]
KEYS = {
    "object", "id", "processorId", "processorVersionId", "processorName", "metrics", "status", "source",
    "runCount", "options", "createdAt", "updatedAt",
}  # fmt: skip
ENDED = ("PROCESSED", "FAILED")


def test_there_is_one_of_each_source_in_each_status(extend_2025):
    seen = [extend_2025.batch(id_) for id_ in IDS]
    found = {(batch["source"], batch["status"]) for batch in seen}
    sources = ("EVAL_SET", "PLAYGROUND", "STUDIO")
    assert found == set(itertools.product(sources, ("PENDING", "PROCESSING", *ENDED)))
    assert len(set(IDS)) == len(IDS) == 18
    assert all(id_.startswith("bpr_") for id_ in IDS)


@pytest.mark.parametrize("id_", IDS)
def test_the_object(extend_2025, id_):
    body = extend_2025.get(f"/batch_processor_runs/{id_}")
    assert set(body) == {"success", "batchProcessorRun"}
    assert body["success"] is True
    batch = body["batchProcessorRun"]
    assert set(batch) - {"sourceId"} == KEYS
    assert (batch["object"], batch["id"]) == ("batch_processor_run", id_)
    processor = extend_2025.get("/processors", type="EXTRACT")["processors"][0]
    assert (batch["processorId"], batch["processorName"]) == (processor["id"], processor["name"])
    assert batch["processorVersionId"] in [version["id"] for version in processor["versions"]]
    assert {
        "EVAL_SET": batch.get("sourceId", "").startswith("ev_"),
        "PLAYGROUND": "sourceId" not in batch,
        "STUDIO": batch.get("sourceId") == processor["id"],
    }[batch["source"]]
    assert bool(batch["metrics"]) == (batch["status"] in ENDED)
    assert batch["createdAt"] <= batch["updatedAt"]


def test_what_has_not_ended_moves_on(extend_2025):
    seen = {id_: [] for id_ in IDS}
    for _ in range(10):
        for id_ in IDS:
            seen[id_].append(extend_2025.batch(id_))
        extend_2025.steps(1)
    workflows = set()
    for looks in seen.values():
        workflows.add(tuple(dict.fromkeys(look["status"] for look in looks)))
        assert len({(look["createdAt"], look["runCount"], look.get("sourceId")) for look in looks}) == 1
        assert [look["updatedAt"] for look in looks] == sorted(look["updatedAt"] for look in looks)
    assert workflows == {
        workflow[start:]
        for workflow in (("PENDING", "PROCESSING", "PROCESSED"), ("PENDING", "PROCESSING", "FAILED"))
        for start in range(3)
    }


def test_the_ids_are_the_same_in_every_workspace(extend_2025):
    mine = extend_2025.batch(IDS[0])
    extend_2025.key = extend_2025.key | {"Authorization": "Bearer sk_other"}
    other = extend_2025.batch(IDS[0])
    assert (other["id"], other["status"]) == (mine["id"], mine["status"])
    assert other["processorId"] != mine["processorId"]


def test_time_begins_with_the_first_look_at_the_workspace(extend_2025):
    extend_2025.steps(100)
    assert {extend_2025.batch(id_)["status"] for id_ in IDS} == {"PENDING", "PROCESSING", *ENDED}


@pytest.mark.parametrize("id_", ["bpr_nope", "nope", "x" * 300, "%00", "%ff", "%7Bid%7D", "bpr_%2F"])
def test_unknown_ids_are_not_found(extend_2025, id_):
    answer = extend_2025("GET", f"/batch_processor_runs/{id_}")
    assert answer.status_code == 404
    assert answer.json()["success"] is False
