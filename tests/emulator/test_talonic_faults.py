"""talonic/v1: each fault that is a function changes exactly what it says."""

import pytest

UNKNOWN = "00000000-0000-4000-8000-000000000000"
STATES = ("accumulating", "submitted", "completed", "failed", "cancelled")

# What differs in the story below: patterns of `step: member`.
EXPECTED = {
    "self-link-to-nowhere": ["*batch: links.self"],
    "counts-exceed-items": ["* completed batch: succeeded_count"],
    "item-id-not-a-uuid": ["get * batch: items.id"],
    "total-of-page": ["* page: pagination.total"],
    "pages-overlap": ["last page: ids"],
    "list-disagrees": ["list * batch: provider"],
    "not-found-is-200": ["get unknown: *"],
    "sync-of-completed-differs": ["sync completed batch: provider"],
    "cancel-shows-old-status": ["cancelled * batch: status"],
    "cancel-forgotten": ["get cancelled submitted batch: *", "cancel again: *"],
    "duplicate-of-itself": ["ingest duplicate: existing_document_id"],
    "cancel-sets-back": ["* accumulating batch: updated_at", "*cancelled*batch: updated_at", "* submitted batch: updated_at"],
    "completed-when-ready": ["* completed batch: completed_at", "* failed batch: completed_at"],
    "submission-forgotten": ["* completed batch: submitted_at"],
    "item-anew-at-each-look": ["get *completed batch: items.id"],
    "remaining-with-commas": ["*: x-ratelimit-remaining"],
    "errors-counted-as-expired": ["* completed batch: e*_count", "get *completed batch: items.*"],
    "limit-shown-as-default": ["* page: pagination.limit"],
    "limit-ignored-below-default": ["* page: ids", "* page: pagination.*"],
    "cursor-leads-nowhere": ["last page: ids"],
    "detail-of-completed-counts-otherwise": ["get *completed batch: e*_count"],
}  # fmt: skip


def describe_story(say, ids):
    """What a client sees of an emulator."""
    read(say, ids)
    act(say, ids)
    ingest(say, ids)
    return say.seen


def read(say, ids):
    say.page("default page", "data", "/v1/batches")
    first = say.page("first page", "data", "/v1/batches", limit=17)
    say.page("last page", "data", "/v1/batches", limit=17, cursor=first["pagination"]["next_cursor"])
    rows = {row["id"]: row for row in say.client("GET", "/v1/batches?limit=99").json()["data"]}
    for state in STATES:
        say.put(f"list {state} batch", rows[ids[state][0]])
        for _ in range(3):
            say(f"get {state} batch", "GET", f"/v1/batches/{ids[state][0]}")
    for method, path in (("GET", ""), ("POST", "/sync"), ("POST", "/cancel")):
        say(f"{path.removeprefix('/') or 'get'} unknown", method, f"/v1/batches/{UNKNOWN}{path}")


def act(say, ids):
    say("cancelled accumulating batch", "POST", f"/v1/batches/{ids['accumulating'][2]}/cancel")
    for state in STATES:
        path = f"/v1/batches/{ids[state][1]}"
        say(f"sync {state} batch", "POST", f"{path}/sync")
        say(f"get synced {state} batch", "GET", path)
    path = f"/v1/batches/{ids['submitted'][2]}"
    say("cancelled submitted batch", "POST", f"{path}/cancel")
    say("get cancelled submitted batch", "GET", path)
    say("cancel again", "POST", f"{path}/cancel")


def ingest(say, ids):
    path = f"/v1/sources/{ids['source']}/documents"
    form = {"data": {"processing_mode": "batch"}}
    file = {"files": {"file": ("a.pdf", b"A")}}
    say("ingest new", "POST", path, **form, **file)
    say("ingest duplicate", "POST", path, **form, **file)


@pytest.fixture(scope="module")
def ids(make_talonic):
    healthy = make_talonic()
    ids = {state: healthy.of(state) for state in STATES}
    ids["source"] = healthy.get("/v1/sources")["data"][0]["id"]
    return ids


@pytest.fixture(scope="module")
def healthy(make_talonic, teller, ids):
    return describe_story(teller(make_talonic()), ids)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_changes_what_it_says(make_talonic, teller, assert_changes, ids, healthy, name):
    faulty = describe_story(teller(make_talonic(faults=[name])), ids)
    assert_changes(healthy, faulty, EXPECTED[name])


def test_a_healthy_emulator_tells_the_same_story_twice(make_talonic, teller, ids, healthy):
    assert describe_story(teller(make_talonic()), ids) == healthy


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_terminal_reopens(make_talonic, state):
    talonic = make_talonic(faults=["terminal-reopens"])
    id_ = talonic.of(state)[0]
    first, second, third = (talonic.batch(id_) for _ in range(3))
    assert first["status"] == state
    assert second["status"] == third["status"]
    assert second["status"] in ("submitted", "accumulating")
    assert second["updated_at"] >= first["updated_at"]
    assert [second[key] for key in ("completed_at", "error_message", "succeeded_count")] == [None, None, 0]


def test_submission_undone(make_talonic):
    talonic = make_talonic(faults=["submission-undone"])
    id_ = talonic.of("submitted")[0]
    seen = [talonic.batch(id_) for _ in range(3)]
    assert [batch["status"] for batch in seen] == ["submitted", "accumulating", "accumulating"]
    assert [batch["submitted_at"] is None for batch in seen] == [False, True, True]


def test_rate_limited_without_hint(make_talonic):
    talonic = make_talonic(faults=["rate-limited-without-hint"])
    answers = [talonic("GET", "/v1/sources") for _ in range(40)]
    limited = [number for number, answer in enumerate(answers, 1) if answer.status_code == 429]
    assert limited == [20, 40]
    for answer in answers:
        hints = [name for name in answer.headers if name.startswith("x-ratelimit") or name == "retry-after"]
        assert len(hints) == (0 if answer.status_code == 429 else 3)
    assert set(answers[19].json()) == set(talonic("GET", "/nope").json())


def test_waiting_item_expires(make_talonic):
    talonic = make_talonic(faults=["waiting-item-expires"])
    id_ = talonic.of("accumulating")[0]
    assert talonic.batch(id_)["expired_count"] == 0
    talonic.clock.advance(10)
    assert talonic.batch(id_)["expired_count"] == 1


def test_item_done_while_batch_gathers(make_talonic):
    talonic = make_talonic(faults=["item-done-while-batch-gathers"])
    waiting = [talonic.batch(id_) for id_ in talonic.of("accumulating")]
    assert {batch["item_count"]: batch["items"][0]["status"] for batch in waiting} == {
        count: "completed" if count >= 7 else "pending" for count in range(3, 9)
    }


def test_retry_after_as_timestamp(make_talonic):
    talonic = make_talonic(faults=["retry-after-as-timestamp"])
    limited = talonic("GET", "/v1/batches", headers={"Authorization": "Bearer tlnc_limited"})
    assert limited.headers["retry-after"] == limited.headers["x-ratelimit-reset"]


def test_id_beyond_basic_plane_crashes(make_talonic):
    talonic = make_talonic(faults=["id-beyond-basic-plane-crashes"])
    answers = [talonic("GET", f"/v1/documents/{id_}") for id_ in ("größe", "🧾")]
    assert [answer.status_code for answer in answers] == [404, 500]


def test_canary(make_talonic):
    talonic = make_talonic(faults=["canary"])
    answers = [talonic("GET", "/v1/batches", headers={}), talonic("GET", "/nope"), talonic.act("cancel", "x")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 3
