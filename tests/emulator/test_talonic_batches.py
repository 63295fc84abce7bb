"""talonic/v1: the batch object, its life, and the arithmetic that the documentation states or implies."""

import uuid
from collections import Counter

import pytest

from batchproof.emulator import fixtures

KEYS = {
    "id", "status", "provider", "item_count", "succeeded_count", "errored_count", "expired_count",
    "submitted_at", "completed_at", "error_message", "created_at", "updated_at", "links",
}  # fmt: skip
ITEM_KEYS = {
    "id", "document_id", "document_filename", "custom_id", "status", "error_message", "created_at", "processed_at",
}  # fmt: skip
OUTCOMES = ("succeeded_count", "errored_count", "expired_count")


def outcomes(batch):
    return [batch[key] for key in OUTCOMES]


def assert_holds_together(batch):
    """What is true of every batch in every state."""
    assert set(batch) == KEYS | {"items"}
    assert str(uuid.UUID(batch["id"])) == batch["id"]
    assert batch["links"] == {"self": f"/v1/batches/{batch['id']}"}
    assert batch["provider"] in ("anthropic", "bedrock")
    assert len(batch["items"]) == batch["item_count"] > 0
    assert sum(outcomes(batch)) <= batch["item_count"]
    status = batch["status"]
    if status in ("accumulating", "submitted"):
        assert outcomes(batch) == [0, 0, 0]
    if status in ("completed", "failed"):
        assert sum(outcomes(batch)) == batch["item_count"]
    assert (batch["completed_at"] is not None) == (status in ("completed", "failed"))
    assert (batch["error_message"] is not None) == (status == "failed")
    assert (batch["submitted_at"] is None) <= (status in ("accumulating", "cancelled"))
    moments = [batch[key] for key in ("created_at", "submitted_at", "completed_at") if batch[key]]
    assert moments == sorted(moments)
    assert batch["updated_at"] >= moments[-1]
    for item in batch["items"]:
        assert_item_holds_together(item, batch)
    states = Counter(item["status"] for item in batch["items"])
    assert states["completed"] == batch["succeeded_count"]
    assert states["failed"] == batch["errored_count"] + batch["expired_count"]
    for key in ("id", "document_id"):
        assert len({item[key] for item in batch["items"]}) == batch["item_count"]


def assert_item_holds_together(item, batch):
    assert set(item) == ITEM_KEYS
    ended = item["status"] in ("completed", "failed")
    assert (item["processed_at"] is not None) == ended
    assert (item["error_message"] is not None) == (item["status"] == "failed")
    assert (item["custom_id"] is not None) == (batch["submitted_at"] is not None)
    if ended:
        assert batch["submitted_at"] <= item["processed_at"] <= batch["updated_at"]


def test_every_status_is_there_from_the_beginning(talonic):
    counts = Counter(batch["status"] for batch in talonic.batches())
    assert set(counts) == {"accumulating", "submitted", "completed", "failed", "cancelled"}
    assert min(counts.values()) >= 3
    assert sum(counts.values()) > 25


@pytest.mark.parametrize("steps", [0, 4, 6, 9, 40, 10_000, 20_000])
def test_batches_hold_together_at_any_time(talonic, steps):
    listed = {batch["id"]: batch for batch in talonic.batches()}
    talonic.steps(steps)
    for row in talonic.batches():
        batch = talonic.batch(row["id"])
        assert_holds_together(batch)
        assert row == {key: batch[key] for key in KEYS}
        before = listed[row["id"]]
        assert [row[k] for k in ("created_at", "item_count", "provider")] == [
            before[k] for k in ("created_at", "item_count", "provider")
        ]


def test_some_items_failed_and_one_expired(talonic):
    batches = [talonic.batch(id_) for id_ in talonic.of("completed")]
    assert any(batch["expired_count"] for batch in batches)
    assert {item["status"] for batch in batches for item in batch["items"]} == {"completed", "failed"}


def test_a_batch_lives_through_its_three_states(talonic):
    talonic.ingest()
    id_ = talonic.batches()[0]["id"]
    seen = []
    for _ in range(11):
        batch = talonic.batch(id_)
        assert_holds_together(batch)
        seen.append((batch["status"], batch["items"][0]["status"]))
        talonic.steps(1)
    assert (
        seen
        == [("accumulating", "pending")] * 3
        + [("submitted", "processing")] * 6
        + [("completed", "completed")] * 2
    )


def test_two_of_the_first_batches_move(talonic):
    first = {batch["id"]: batch["status"] for batch in talonic.batches()}
    talonic.steps(20)
    moved = [
        (first[batch["id"]], batch["status"])
        for batch in talonic.batches()
        if batch["status"] != first[batch["id"]]
    ]
    assert sorted(moved) == [("accumulating", "completed"), ("accumulating", "failed")]


@pytest.mark.parametrize("status", ["accumulating", "submitted", "completed", "failed", "cancelled"])
def test_synchronizing_changes_nothing_unless_results_are_ready(talonic, status):
    id_ = talonic.of(status)[0]
    before = talonic.batch(id_)
    talonic.steps(0.1)
    answer = talonic.act("sync", id_)
    assert answer.status_code == 200
    assert set(answer.json()) == KEYS
    assert answer.json() | {"items": before["items"]} == before
    assert talonic.batch(id_) == before


def test_synchronizing_finds_results_that_are_ready(talonic):
    talonic.ingest()
    id_ = talonic.batches()[0]["id"]
    talonic.steps(4)
    assert talonic.act("sync", id_).json()["status"] == "submitted"
    talonic.steps(1)
    assert talonic.batch(id_)["status"] == "submitted"
    answer = talonic.act("sync", id_).json()
    assert (answer["status"], outcomes(answer)) == ("completed", [1, 0, 0])
    assert answer["completed_at"] == answer["updated_at"] == "2026-03-01T12:00:50.000Z"
    assert talonic.act("sync", id_).json() == answer
    talonic.steps(50)
    assert talonic.act("sync", id_).json() == answer


def test_some_submitted_batches_are_ready(talonic):
    after = Counter(talonic.act("sync", id_).json()["status"] for id_ in talonic.of("submitted"))
    assert after == {"submitted": 6, "completed": 4}


@pytest.mark.parametrize("status", ["accumulating", "submitted"])
def test_a_batch_under_way_can_be_cancelled(talonic, status):
    id_ = talonic.of(status)[-1]
    before = talonic.batch(id_)
    talonic.steps(0.1)
    answer = talonic.act("cancel", id_)
    assert answer.status_code == 200
    assert set(answer.json()) == KEYS
    after = talonic.batch(id_)
    assert_holds_together(after)
    assert answer.json() == {key: after[key] for key in KEYS}
    assert (after["status"], after["completed_at"]) == ("cancelled", None)
    assert after["updated_at"] == "2026-03-01T12:00:01.000Z"
    assert after["submitted_at"] == before["submitted_at"]
    talonic.steps(10_000)
    assert talonic.batch(id_) == after


def test_cancelling_keeps_what_the_provider_had_finished(talonic):
    finished = [
        id_
        for id_ in talonic.of("submitted")
        if talonic.act("cancel", id_).json()["succeeded_count"] > 0
        and assert_holds_together(talonic.batch(id_)) is None
    ]
    assert len(finished) == 4


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_an_ended_batch_cannot_be_cancelled(talonic, status):
    id_ = talonic.of(status)[0]
    before = talonic.batch(id_)
    refused = talonic.act("cancel", id_)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_request")
    assert talonic.batch(id_) == before


def test_fixtures_name_batches_that_every_workspace_can_cancel(talonic):
    ids = fixtures("talonic/v1")["cancellable_batch_ids"]
    for key in ("tlnc_a", "tlnc_b"):
        talonic.key = {"Authorization": f"Bearer {key}"}
        assert {talonic.act("cancel", id_).status_code for id_ in ids} == {200}
    assert len(set(ids)) >= 8


def test_an_idempotency_key_gives_the_first_answer_again(talonic):
    id_ = talonic.of("submitted")[0]
    first = talonic.act("cancel", id_, **{"Idempotency-Key": "k"})
    talonic.steps(1)
    again = talonic.act("cancel", id_, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()) == (200, first.json())
    assert talonic.act("cancel", id_, **{"Idempotency-Key": "other"}).status_code == 400
    assert talonic.act("cancel", id_).status_code == 400
    talonic.clock.advance(24 * 60 * 60)
    assert talonic.act("cancel", id_, **{"Idempotency-Key": "k"}).status_code == 400


def test_an_idempotency_key_belongs_to_one_path(talonic):
    one, other = talonic.of("accumulating")[:2]
    for id_ in (one, other):
        assert talonic.act("cancel", id_, **{"Idempotency-Key": "k"}).json()["id"] == id_


def test_every_document_of_a_batch_is_there(talonic):
    for status, shown in (("completed", {"completed", "error"}), ("cancelled", {"pending"})):
        batch = talonic.batch(talonic.of(status)[0])
        documents = [talonic.get(f"/v1/documents/{item['document_id']}") for item in batch["items"]]
        assert [document["filename"] for document in documents] == [
            item["document_filename"] for item in batch["items"]
        ]
        assert {document["status"] for document in documents} <= shown
