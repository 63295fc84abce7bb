"""talonic/v1: each variant changes exactly what it says, and each goes with every fault."""

from datetime import datetime, timedelta

import pytest

from batchproof.emulator import faults, variants

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def early_and_late(talonic):
    """The detail of an accumulating, a submitted and a completed batch."""
    return [talonic.batch(talonic.of(status)[0]) for status in ("accumulating", "submitted", "completed")]


def test_unknown_properties(make_talonic):
    talonic = make_talonic(variants=["unknown-properties"])
    page = talonic.get("/v1/batches")
    batch = talonic.batch(page["data"][0]["id"])
    places = [page, page["pagination"], batch, batch["links"], batch["items"][0], talonic.ingest().json()]
    places += [talonic.get("/v1/sources"), talonic("GET", "/nope").json()]
    assert all("preview" in place for place in places)


@pytest.mark.parametrize(("name", "shown"), [("absent", "absent"), ("null", None), ("empty", [])])
def test_early_items(make_talonic, name, shown):
    talonic = make_talonic(variants=[f"early-items-{name}"])
    *early, late = early_and_late(talonic)
    assert [batch.get("items", "absent") for batch in early] == [shown, shown]
    assert len(late["items"]) == late["item_count"]


def test_items_in_reverse(make_talonic):
    talonic = make_talonic(variants=["items-in-reverse"])
    for batch, plain in zip(early_and_late(talonic), early_and_late(make_talonic()), strict=True):
        assert batch.pop("items") == plain.pop("items")[::-1]
        assert batch == plain


def test_no_error_message_after_actions(make_talonic):
    talonic = make_talonic(variants=["no-error-message-after-actions"])
    id_ = talonic.of("submitted")[0]
    for action in ("sync", "cancel"):
        assert "error_message" not in talonic.act(action, id_).json()
    assert talonic.batch(id_)["error_message"] is None


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("in-progress", "submitted", "in_progress"), ("expired-batches", "failed", "expired")],
)
def test_further_statuses(make_talonic, name, old, new):
    talonic = make_talonic(variants=[name])
    assert talonic.of(old) == []
    assert talonic.of(new) == make_talonic().of(old)
    assert talonic.act("sync", talonic.of(new)[0]).json()["status"] == new


def test_batch_queued(make_talonic):
    talonic = make_talonic(variants=["batch-queued"])
    answer = talonic.ingest().json()
    assert talonic.get(answer["links"]["document"])["status"] == "batch_queued"
    talonic.act("cancel", talonic.batches()[0]["id"])
    talonic.steps(50)
    assert talonic.get(answer["links"]["document"])["status"] == "batch_queued"


def test_epoch_reset(make_talonic):
    headers = make_talonic(variants=["epoch-reset"])("GET", "/v1/batches").headers
    assert headers["x-ratelimit-reset"] == str(
        int(datetime.fromisoformat("2026-03-02T00:00:00Z").timestamp())
    )


def test_unlimited_plan(make_talonic):
    talonic = make_talonic(variants=["unlimited-plan"])
    for path in ("/v1/batches", "/nope"):
        assert not any(name.startswith("x-ratelimit") for name in talonic("GET", path).headers)


def test_no_request_id(make_talonic):
    answer = make_talonic(variants=["no-request-id"])("GET", "/nope")
    assert "request_id" not in answer.json()
    assert "x-request-id" not in answer.headers


def test_upper_case_codes(make_talonic):
    talonic = make_talonic(variants=["upper-case-codes"])
    answers = [
        talonic("GET", "/v1/batches", headers={}),
        talonic("GET", f"/v1/batches/{UNKNOWN}"),
        talonic.act("cancel", talonic.of("completed")[0]),
        talonic.ingest(files=None),
    ]
    assert [answer.json()["code"] for answer in answers] == [
        "AUTH_REQUIRED",
        "RESOURCE_NOT_FOUND",
        "VALIDATION_ERROR",
        "VALIDATION_ERROR",
    ]


@pytest.mark.parametrize(
    ("id_", "status", "code"),
    [
        ("nope", 400, "validation_error"),
        ("%00", 400, "validation_error"),
        (UNKNOWN.replace("-", ""), 400, "validation_error"),
        (UNKNOWN, 404, "not_found"),
    ],
)
def test_malformed_id_is_400(make_talonic, id_, status, code):
    talonic = make_talonic(variants=["malformed-id-is-400"])
    for answer in (
        talonic("GET", f"/v1/batches/{id_}"),
        talonic.act("sync", id_),
        talonic.act("cancel", id_),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_duplicate_has_a_row(make_talonic):
    talonic = make_talonic(variants=["duplicate-has-a-row"])
    first, second = talonic.ingest().json(), talonic.ingest().json()
    assert second["document_id"] == second["existing_document_id"] == first["document_id"]


def test_ingest_is_202(make_talonic):
    talonic = make_talonic(variants=["ingest-is-202"])
    assert talonic.ingest().status_code == 202
    assert talonic.ingest(files=None).status_code == 400


def test_limit_clamped(make_talonic):
    talonic = make_talonic(variants=["limit-clamped"])
    for n in range(70):
        talonic.ingest(content=bytes([n]))
        talonic.steps(3)
    assert len(talonic.get("/v1/batches", limit=1000)["data"]) == 100
    assert len(talonic.get("/v1/batches", limit=7)["data"]) == 7


def test_fast_provider(make_talonic):
    talonic = make_talonic(variants=["fast-provider"])
    talonic.ingest()
    assert talonic.batches()[0]["status"] == "accumulating"
    talonic.steps(3)
    assert talonic.batches()[0]["status"] == "completed"


def test_threshold_of_one(make_talonic):
    talonic = make_talonic(variants=["threshold-of-one"])
    talonic.ingest()
    assert talonic.batches()[0]["status"] == "submitted"


def test_sync_touches(make_talonic):
    talonic = make_talonic(variants=["sync-touches"])
    talonic.steps(1)
    submitted, completed = talonic.of("submitted")[0], talonic.of("completed")[0]
    before = talonic.batch(completed)["updated_at"]
    assert talonic.act("sync", submitted).json()["updated_at"] == "2026-03-01T12:00:10.000Z"
    assert talonic.batch(submitted)["updated_at"] == "2026-03-01T12:00:10.000Z"
    assert talonic.act("sync", completed).json()["updated_at"] == before


def test_fractional_offset_times(make_talonic):
    batch = make_talonic(variants=["fractional-offset-times"]).batches()[0]
    assert batch["created_at"].endswith(".000000+00:00")
    assert datetime.fromisoformat(batch["created_at"]).utcoffset() == timedelta(0)


def test_gzip(make_talonic):
    talonic = make_talonic(variants=["gzip"])
    assert talonic("GET", "/v1/batches").headers["content-encoding"] == "gzip"
    plain = talonic("GET", "/v1/batches", headers=talonic.key | {"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(("place", "variant"), list(enumerate(variants("talonic/v1"))))
def test_variants_go_with_faults(make_talonic, place, variant):
    """Together with a fault, every answer is still an answer; each fault meets one variant."""
    first = make_talonic().of("submitted")[0]
    for fault in list(faults("talonic/v1"))[place :: len(variants("talonic/v1"))]:
        talonic = make_talonic(variants=[variant], faults=[fault])
        calls = [
            talonic("GET", "/v1/batches?limit=2"),
            talonic("GET", f"/v1/batches/{first}"),
            talonic.act("cancel", first),
            talonic.act("sync", "nope"),
        ]
        assert max(call.status_code for call in calls) < 500
