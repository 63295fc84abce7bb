"""talonic/v1: each fault changes exactly what it says."""

import pytest

from batchproof.emulator import fixtures

UNKNOWN = "00000000-0000-4000-8000-000000000000"
STATES = ("accumulating", "submitted", "completed", "failed", "cancelled")

# What differs in the story below: patterns of `step: member`.
EXPECTED = {
    "status-upper-case": ["*batch: status"],
    "provider-unknown": ["*batch: provider"],
    "count-as-text": ["*batch: item_count"],
    "created-at-epoch": ["*batch: created_at"],
    "self-link-to-nowhere": ["*batch: links.self"],
    "submitted-at-missing": ["get submitted batch: submitted_at", "* submitted batch: submitted_at"],
    "completed-at-missing": ["get completed batch: completed_at", "* completed batch: completed_at"],
    "completed-at-of-cancelled": ["get cancelled batch: completed_at", "*cancelled*batch: completed_at"],
    "failure-without-message": ["* failed batch: error_message"],
    "counts-exceed-items": ["* completed batch: succeeded_count"],
    "counts-do-not-add-up": ["* completed batch: succeeded_count"],
    "count-negative": ["*cancelled*batch: expired_count"],
    "created-at-drifts": ["get *batch: created_at", "*batch: created_at"],
    "item-count-shrinks": ["*cancelled*batch: item_count"],
    "updated-before-created": ["*batch: updated_at"],
    "items-missing": ["get completed batch: items.id", "get *completed batch: items.*"],
    "items-repeat": ["get * batch: items.id", "get * batch: items.*"],
    "item-id-not-a-uuid": ["get * batch: items.id"],
    "item-status-unknown": ["get *completed batch: items.status"],
    "item-failure-without-message": ["get * batch: items.error_message"],
    "item-without-processed-at": ["get *completed batch: items.processed_at"],
    "failed-item-without-processed-at": ["get *batch: items.processed_at"],
    "item-processed-too-early": ["get * batch: items.processed_at"],
    "document-id-not-a-uuid": ["get * batch: items.document_id"],
    "document-dangles": ["get * batch: items.document_id"],
    "filename-differs": ["get * batch: items.document_filename"],
    "limit-exceeded": ["* page: ids", "first page: pagination.next_cursor", "* page: pagination.next_cursor"],
    "last-page-with-cursor": ["last page: pagination.next_cursor"],
    "has-more-always": ["last page: pagination.has_more"],
    "total-of-page": ["* page: pagination.total"],
    "pages-overlap": ["last page: ids"],
    "list-disagrees": ["list * batch: provider"],
    "not-found-is-200": ["get unknown: *"],
    "foreign-batch-shown": ["get foreign batch: *"],
    "foreign-batch-synced": ["sync foreign batch: *"],
    "foreign-batch-cancelled": ["cancel foreign batch: *"],
    "foreign-source-fed": ["ingest foreign: *"],
    "sync-shows-items": ["sync * batch: items*"],
    "cancel-shows-items": ["cancelled * batch: items*"],
    "sync-not-found-is-400": ["sync *: status code", "sync *: statusCode", "sync *: error"],
    "cancel-not-found-is-410": ["cancel *: status code", "cancel *: statusCode", "cancel *: error"],
    "sync-restamps": ["sync submitted batch: submitted_at"],
    "sync-of-completed-differs": ["sync completed batch: provider"],
    "sync-answer-partial": ["sync * batch: provider"],
    "cancel-of-cancelled": ["cancel again: *"],
    "cancel-shows-old-status": ["cancelled * batch: status"],
    "cancel-forgotten": ["get cancelled submitted batch: *", "cancel again: *"],
    "idempotency-ignored": ["cancelled same batch: *"],
    "duplicate-unnoticed": ["ingest duplicate: *"],
    "ingest-size-as-text": ["ingest *: size_bytes"],
    "duplicate-message-as-object": ["ingest duplicate: message*"],
    "duplicate-of-itself": ["ingest duplicate: existing_document_id"],
    "missing-document-accepted": ["ingest nothing: *"],
    "processing-mode-unknown": ["ingest new: processing_mode", "ingest duplicate: processing_mode"],
    "ingest-link-dangles": ["ingest *: links.document"],
    "source-id-differs": ["ingest *: source_id"],
    "document-error-as-object": ["get failed document: error*"],
    "document-status-unknown": ["get completed document: status"],
    "error-on-completed-document": ["get completed document: error"],
    "error-without-code": ["get unknown: code", "*: code"],
    "error-code-of-nobody": ["*: code"],
    "error-code-in-capitals": ["*: code"],
    "status-code-differs": ["*: statusCode"],
    "status-text-differs": ["*: error"],
    "client-errors-retryable": ["*: retryable"],
    "error-path-differs": ["*: path"],
    "error-time-is-epoch": ["*: timestamp"],
    "request-id-unprefixed": ["*: request_id"],
    "over-quota-is-400": ["over quota: *"],
    "limit-is-permanent": ["over quota: retryable"],
    "key-not-required": ["no key: *"],
    "rate-limit-partial": ["*: x-ratelimit-remaining"],
    "remaining-above-limit": ["*: x-ratelimit-remaining"],
    "reset-unreadable": ["*: x-ratelimit-reset"],
    "cancel-sets-back": ["* accumulating batch: updated_at", "*cancelled*batch: updated_at", "* submitted batch: updated_at"],
    "completed-when-ready": ["* completed batch: completed_at", "* failed batch: completed_at"],
    "completed-before-submitted": ["* failed batch: completed_at"],
    "submitted-before-created": ["* batch: submitted_at"],
    "submission-forgotten": ["* completed batch: submitted_at"],
    "item-anew-at-each-look": ["get *completed batch: items.id"],
    "item-created-at-drifts": ["get * batch: items.created_at"],
    "get-batch-shows-another": ["get * batch: id", "get * batch: links.self"],
    "sync-batch-shows-another": ["sync * batch: id", "sync * batch: links.self"],
    "cancel-batch-shows-another": ["cancelled * batch: id", "cancelled * batch: links.self"],
    "list-shows-items": ["list * batch: items"],
    "list-without-self": ["list * batch: links", "list * batch: links.self"],
    "unknown-mode-accepted": ["ingest whenever: *"],
    "duplicate-links-to-all-sources": ["ingest duplicate: links.source"],
    "document-error-empty": ["get failed document: error"],
    "document-reopens": ["get completed document: status"],
    "document-created-at-drifts": ["get completed document: created_at"],
    "language-of-three-letters": ["get * document: language_detected"],
    "document-self-is-dashboard": ["get * document: links.self"],
    "empty-source-counts-less": ["sources: data.document_count"],
    "source-endpoint-is-source": ["sources: data.endpoint"],
    "request-id-as-number": ["*: request_id"],
    "limit-with-window": ["*: x-ratelimit-limit"],
    "remaining-with-commas": ["*: x-ratelimit-remaining"],
    "malformed-id-is-500": ["get malformed: *"],
    "document-not-found-is-400": ["get unknown document: *"],
    "sync-of-failed-is-206": ["sync failed batch: status code"],
    "cancel-of-submitted-is-203": ["cancelled submitted batch: status code"],
    "ingest-of-new-file-is-203": ["ingest new: status code"],
    "items-cut-at-ten": ["get completed batch: items.id", "get *completed batch: items.*"],
    "early-cancelled-counts-one-less": ["*cancelled*batch: item_count"],
    "success-shown-as-processing": ["get *completed batch: items.status", "get *completed batch: items.processed_at"],
    "errors-counted-as-expired": ["* completed batch: e*_count", "get *completed batch: items.*"],
    "items-share-a-document": ["get *batch: items.document_id", "get *batch: items.document_filename"],
    "item-processed-before-submission": ["get *completed batch: items.processed_at"],
    "processing-item-with-processed-at": ["get *submitted batch: items.processed_at"],
    "completed-item-with-error": ["get *completed batch: items.error_message"],
    "completed-batch-with-error": ["get *completed batch: error_message"],
    "limit-shown-as-default": ["* page: pagination.limit"],
    "limit-ignored-below-default": ["* page: ids", "* page: pagination.*"],
    "cursor-leads-nowhere": ["last page: ids"],
    "total-one-too-many": ["* page: pagination.total"],
    "detail-forgets-cancellation-time": ["get *cancelled*batch: updated_at"],
    "detail-of-failed-counts-less": ["get *failed batch: errored_count"],
    "detail-of-completed-counts-otherwise": ["get *completed batch: e*_count"],
    "first-look-shows-other-submission": ["get *failed batch: submitted_at"],
    "first-look-shows-other-end": ["get *failed batch: completed_at"],
    "completed-item-fails-later": ["get *failed batch: items.status", "get *failed batch: items.error_message"],
    "failed-item-processed-again": ["get failed batch: items.*"],
    "first-sync-counts-another-item": ["sync cancelled batch: item_count"],
    "first-sync-of-completed-miscounts": ["sync completed batch: *_count"],
    "get-document-shows-another": ["get * document: id", "get * document: links.self"],
    "queued-names-itself-as-existing": ["ingest *: existing_document_id"],
    "extraction-counted-twice": ["get * document: extraction_count"],
    "extraction-without-id": ["get * document: latest_extraction_id"],
    "source-status-unknown": ["sources: data.status"],
}  # fmt: skip
OTHERWISE = {"terminal-reopens", "submission-undone", "rate-limited-without-hint", "canary"}


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
    say("get malformed", "GET", "/v1/batches/nope")
    say("get unknown document", "GET", f"/v1/documents/{UNKNOWN}")
    say("sources", "GET", "/v1/sources")
    say("no key", "GET", "/v1/batches", headers={})
    say("over quota", "GET", "/v1/batches", headers={"Authorization": "Bearer tlnc_limited"})
    other = {"Authorization": "Bearer tlnc_second"}
    say("get foreign batch", "GET", f"/v1/batches/{ids['completed'][0]}", headers=other)
    say("sync foreign batch", "POST", f"/v1/batches/{ids['completed'][0]}/sync", headers=other)
    say("cancel foreign batch", "POST", f"/v1/batches/{ids['submitted'][3]}/cancel", headers=other)


def act(say, ids):
    for state in STATES:
        path = f"/v1/batches/{ids[state][1]}"
        say(f"sync {state} batch", "POST", f"{path}/sync")
        say(f"get synced {state} batch", "GET", path)
    keyed = {"headers": say.client.key | {"Idempotency-Key": "k"}}
    for step in ("accumulating", "same"):
        say(f"cancelled {step} batch", "POST", f"/v1/batches/{ids['accumulating'][2]}/cancel", **keyed)
    path = f"/v1/batches/{ids['submitted'][2]}"
    say("cancelled submitted batch", "POST", f"{path}/cancel")
    say("get cancelled submitted batch", "GET", path)
    say("cancel again", "POST", f"{path}/cancel")
    say("cancel ended", "POST", f"/v1/batches/{ids['completed'][2]}/cancel")


def ingest(say, ids):
    path = f"/v1/sources/{ids['source']}/documents"
    form = {"data": {"processing_mode": "batch"}}
    file = {"files": {"file": ("a.pdf", b"A")}}
    first = say("ingest new", "POST", path, **form, **file)
    say("get new document", "GET", f"/v1/documents/{first.json()['document_id']}")
    for _ in range(2):
        say("get completed document", "GET", f"/v1/documents/{ids['document']}")
    say("get failed document", "GET", f"/v1/documents/{ids['failed document']}")
    say("ingest duplicate", "POST", path, **form, **file)
    say("ingest nothing", "POST", path, **form)
    whenever = {"data": {"processing_mode": "whenever"}, "files": {"file": ("c.pdf", b"C")}}
    say("ingest whenever", "POST", path, **whenever)
    other = {"Authorization": "Bearer tlnc_second"}
    say("ingest foreign", "POST", path, headers=other, data=form["data"], files={"file": ("b.pdf", b"B")})


@pytest.fixture(scope="module")
def ids(make_talonic):
    healthy = make_talonic()
    ids = {state: healthy.of(state) for state in STATES}
    ids["source"] = healthy.get("/v1/sources")["data"][0]["id"]
    ids["document"] = healthy.batch(ids["completed"][0])["items"][0]["document_id"]
    documents = {id_: healthy.get(f"/v1/documents/{id_}") for id_ in fixtures("talonic/v1")["document_ids"]}
    ids["failed document"] = next(id_ for id_, found in documents.items() if found["status"] == "error")
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


def test_item_count_falls(make_talonic):
    talonic = make_talonic(faults=["item-count-falls"])
    listed = next(row for row in talonic.batches() if row["status"] == "accumulating")
    assert talonic.batch(listed["id"])["item_count"] == listed["item_count"] - 1


def test_submitted_at_before_submission(make_talonic):
    talonic = make_talonic(faults=["submitted-at-before-submission"])
    waiting = [talonic.batch(id_) for id_ in talonic.of("accumulating")]
    assert {batch["item_count"]: batch["submitted_at"] == batch["created_at"] for batch in waiting} == {
        count: count >= 7 for count in range(3, 9)
    }


def test_item_done_while_batch_gathers(make_talonic):
    talonic = make_talonic(faults=["item-done-while-batch-gathers"])
    waiting = [talonic.batch(id_) for id_ in talonic.of("accumulating")]
    assert {batch["item_count"]: batch["items"][0]["status"] for batch in waiting} == {
        count: "completed" if count >= 7 else "pending" for count in range(3, 9)
    }


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("unknown-key-accepted", "Bearer tlnc_unknown"),
        ("scheme-without-key-accepted", "Bearer"),
        ("basic-credentials-accepted", "Basic dTp1"),
    ],
)
def test_one_kind_of_credential_is_let_in(make_talonic, name, accepted):
    talonic = make_talonic(faults=[name])
    given = [None, "Bearer", "Bearer tlnc_unknown", "Basic dTp1"]
    headers = [{} if credential is None else {"Authorization": credential} for credential in given]
    answers = [talonic("GET", "/v1/batches", headers=header).status_code for header in headers]
    assert answers == [200 if credential == accepted else 401 for credential in given]


def test_cancel_batch_sometimes_507(make_talonic):
    talonic = make_talonic(faults=["cancel-batch-sometimes-507"])
    ids = talonic.of("submitted")[:2]
    assert [talonic.act("cancel", id_).status_code for id_ in ids] == [200, 507]


def test_retry_after_as_timestamp(make_talonic):
    talonic = make_talonic(faults=["retry-after-as-timestamp"])
    limited = talonic("GET", "/v1/batches", headers={"Authorization": "Bearer tlnc_limited"})
    assert limited.headers["retry-after"] == limited.headers["x-ratelimit-reset"]


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [("list-batches-sometimes-501", "batches", 501), ("list-sources-sometimes-508", "sources", 508)],
)
def test_an_operation_sometimes_fails(make_talonic, name, path, status):
    talonic = make_talonic(faults=[name])
    assert [talonic("GET", f"/v1/{path}").status_code for _ in range(4)] == [200, status, 200, status]


def test_id_beyond_basic_plane_crashes(make_talonic):
    talonic = make_talonic(faults=["id-beyond-basic-plane-crashes"])
    answers = [talonic("GET", f"/v1/documents/{id_}") for id_ in ("größe", "🧾")]
    assert [answer.status_code for answer in answers] == [404, 500]


def test_canary(make_talonic):
    talonic = make_talonic(faults=["canary"])
    answers = [talonic("GET", "/v1/batches", headers={}), talonic("GET", "/nope"), talonic.act("cancel", "x")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 3
