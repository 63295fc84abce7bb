"""The variants that every emulator has, and those of moves, change exactly what they say."""

from datetime import UTC, datetime

import pytest

from batchproof.emulator import contracts, variants

SHARED = {
    "moves-between-requests",
    "replica-behind",
    "lists-behind",
    "coarse-clock",
    "fine-clock",
    "cdn-in-front",
    "new-properties-named-like-others",
}
ORDER = ("PENDING", "PROCESSING", "PROCESSED")


def later(client, look):
    """A look, a millisecond after the one before: no state is said to be over by then."""
    client.clock.advance(0.001)
    return look()


@pytest.mark.parametrize("contract", contracts())
def test_every_emulator_has_them(contract):
    assert set(variants(contract)) >= SHARED


def test_a_run_moves_between_looks_though_its_time_has_not_come(make_api, file):
    api = make_api(variants=["moves-between-requests"], seed=1)
    batch = api.submit(file, file)
    runs = api.traverse()
    seen = [later(api, lambda: api.run(runs[0])["status"]) for _ in range(30)]
    assert seen == sorted(seen, key=ORDER.index)
    assert seen[-1] == "PROCESSED"
    assert api.batch(batch)["status"] in ("PROCESSING", "PROCESSED")


def test_a_run_ends_between_look_and_cancel(make_api, file):
    api = make_api(variants=["moves-between-requests"], seed=2)
    api.submit(*[file] * 40)
    answers = set()
    for row in api.traverse(maxPageSize=1000):
        shown = later(api, lambda row=row: api.run(row)["status"])
        api.clock.advance(0.001)
        answer = api("POST", f"/extract_runs/{row['id']}/cancel")
        answers.add((shown, answer.status_code))
    assert answers >= {("PROCESSING", 200), ("PROCESSING", 400)}


def test_when_a_batch_has_ended_its_runs_have(make_api, file):
    api = make_api(variants=["moves-between-requests"], seed=3)
    batch = api.submit(file, file, file)
    seen = [later(api, lambda: api.batch(batch)["status"]) for _ in range(20)]
    assert seen[-1] == "PROCESSED"
    assert api.clock.now() < datetime(2026, 3, 1, 12, 0, 1, tzinfo=UTC)
    assert {run["status"] for run in api.traverse(batchId=batch["id"])} == {"PROCESSED"}


def test_a_row_moves_while_its_page_is_made(make_api, file):
    api = make_api(variants=["moves-between-requests"], seed=4)
    api.submit(*[file] * 40)
    shown = {run["status"] for run in api.traverse(status="PENDING", maxPageSize=1000)}
    assert shown == set(ORDER)


def test_the_same_seed_moves_the_same(make_api, file):
    def seen(seed):
        api = make_api(variants=["moves-between-requests"], seed=seed)
        batch = api.submit(file)
        return [later(api, lambda: api.batch(batch)["status"]) for _ in range(20)]

    assert seen(5) == seen(5)
    assert len({tuple(seen(seed)) for seed in range(5)}) > 1


def test_a_processor_run_moves_before_its_time(make_extend_2025):
    client = make_extend_2025(variants=["moves-between-requests"], seed=1)
    run = client.create().json()["processorRun"]
    seen = [later(client, lambda: client.run(run)["status"]) for _ in range(20)]
    assert (seen[-1], seen) == ("PROCESSED", sorted(seen, key=ORDER.index))


def test_a_batch_moves_between_look_and_cancel(make_talonic):
    talonic = make_talonic(variants=["moves-between-requests"], seed=1)
    answers = set()
    for id_ in [*talonic.of("submitted"), *talonic.of("accumulating")]:
        shown = [later(talonic, lambda id_=id_: talonic.batch(id_)["status"]) for _ in range(2)][-1]
        talonic.clock.advance(0.001)
        answers.add((shown, talonic.act("cancel", id_).status_code))
    assert answers >= {("submitted", 200), ("submitted", 400)}


def test_a_document_moves_before_its_time(make_talonic):
    talonic = make_talonic(variants=["moves-between-requests"], seed=1)
    id_ = talonic.ingest(data={"processing_mode": "realtime"}).json()["document_id"]
    seen = [later(talonic, lambda: talonic.get(f"/v1/documents/{id_}")["status"]) for _ in range(20)]
    assert (seen[0], seen[-1]) == ("pending", "completed")


def test_details_and_lists_are_behind(make_api, file):
    api = make_api(variants=["replica-behind"])
    batch = api.submit(file)
    assert (api.batch(batch)["status"], api.traverse()) == ("PENDING", [])
    api.clock.advance(0.3)
    assert [run["status"] for run in api.traverse()] == ["PENDING"]
    api.steps(1)
    (run,) = api.traverse()
    assert api.post(f"/extract_runs/{run['id']}/cancel", {})["status"] == "CANCELLED"
    assert (api.run(run)["status"], api.traverse()[0]["status"]) == ("PROCESSING", "PROCESSING")
    api.clock.advance(0.3)
    assert (api.run(run)["status"], api.traverse()[0]["status"]) == ("CANCELLED", "CANCELLED")


@pytest.mark.parametrize(("name", "details"), [("replica-behind", [200, 404]), ("lists-behind", [404, 404])])
def test_deletions_are_behind(make_api, file, name, details):
    api = make_api(variants=[name])
    batch = api.submit(file)
    api.clock.advance(0.3)
    (run,) = api.traverse(batchId=batch["id"])
    path = f"/extract_runs/{run['id']}"
    assert api("DELETE", path).status_code == 200
    looks, rows = [], []
    for _ in range(2):
        looks.append(api("GET", path).status_code)
        rows.append(len(api.traverse(batchId=batch["id"])))
        api.clock.advance(0.3)
    assert (looks, rows) == (details, [1, 0])
    assert api("DELETE", path).status_code == 404


def test_the_older_version_is_behind(make_extend_2025):
    client = make_extend_2025(variants=["replica-behind"])
    client.clock.advance(1)
    run = client.create(sync=True).json()["processorRun"]
    assert client.run(run)["status"] == "PROCESSED"
    assert run["id"] not in [row["id"] for row in client.traverse()]
    client.clock.advance(0.3)
    assert client("DELETE", f"/processor_runs/{run['id']}").status_code == 200
    assert (client.run(run)["id"], client.traverse()[0]["id"]) == (run["id"], run["id"])
    client.clock.advance(0.3)
    assert client("GET", f"/processor_runs/{run['id']}").status_code == 404
    assert run["id"] not in [row["id"] for row in client.traverse()]


def test_batches_are_behind(make_talonic):
    talonic = make_talonic(variants=["replica-behind"])
    id_ = talonic.of("submitted")[0]
    before = talonic.get("/v1/batches")["pagination"]["total"]
    talonic.clock.advance(1)
    assert talonic.act("cancel", id_).json()["status"] == "cancelled"
    talonic.ingest()
    assert talonic.batch(id_)["status"] == "submitted"
    assert talonic.get("/v1/batches")["pagination"]["total"] == before
    talonic.clock.advance(0.3)
    assert talonic.batch(id_)["status"] == "cancelled"
    assert talonic.get("/v1/batches")["pagination"]["total"] == before + 1


def test_what_a_replica_shows_of_a_batch_is_of_one_moment(make_talonic):
    talonic = make_talonic(variants=["replica-behind"])
    talonic.ingest()
    talonic.clock.advance(0.5)
    batch = talonic.batches()[0]["id"]
    before = talonic.batch(batch)
    talonic.ingest("b.pdf", b"B")
    assert talonic.batch(batch) == before
    talonic.clock.advance(0.3)
    after = talonic.batch(batch)
    assert after["item_count"] == len(after["items"]) == before["item_count"] + 1
    assert after["updated_at"] > before["updated_at"]


def test_a_new_batch_is_shown_as_it_was_created(make_talonic):
    talonic = make_talonic(variants=["replica-behind"])
    document = talonic.ingest().json()["document_id"]
    assert talonic.get(f"/v1/documents/{document}")["status"] == "pending"


def test_coarse_clock(make_api, make_talonic, file):
    api, talonic = (make(variants=["coarse-clock"]) for make in (make_api, make_talonic))
    api.clock.advance(0.7)
    assert api.submit(file)["createdAt"] == "2026-03-01T12:00:00Z"
    assert talonic.batches()[0]["created_at"] == "2026-03-01T11:59:59Z"


def test_fine_clock_has_more_digits_in_details_than_in_lists(make_api, file):
    api = make_api(variants=["fine-clock"])
    api.clock.advance(0.123)
    api.submit(file)
    (row,) = api.traverse()
    assert row["createdAt"] == "2026-03-01T12:00:00.123Z"
    detail = api.run(row)["createdAt"]
    assert detail.startswith("2026-03-01T12:00:00.123")
    assert len(detail) == len("2026-03-01T12:00:00.123456Z")


def test_fine_clock_keeps_order_and_whole_seconds(make_talonic):
    talonic = make_talonic(variants=["fine-clock"])
    talonic.clock.advance(0.123)
    id_ = talonic.of("accumulating")[0]
    batch = talonic.act("cancel", id_).json()
    assert datetime.fromisoformat(batch["created_at"]) < datetime.fromisoformat(batch["updated_at"])
    assert talonic("GET", "/v1/batches").headers["x-ratelimit-reset"] == "2026-03-02T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("name", "shown"), [("basic-times", "20260301T115959Z"), ("offsetless-times", "2026-03-01T11:59:59.000")]
)
def test_other_forms_of_iso_8601(make_talonic, name, shown):
    assert make_talonic(variants=[name]).batches()[0]["created_at"] == shown
    assert datetime.fromisoformat(shown).replace(tzinfo=UTC) == datetime(2026, 3, 1, 11, 59, 59, tzinfo=UTC)


def test_each_25th_answer_is_the_networks(make_api):
    api = make_api(variants=["cdn-in-front"])
    answers = [api("GET", "/extract_runs") for _ in range(25 * 14)]
    own = [number for number, answer in enumerate(answers, 1) if answer.status_code != 200]
    assert own == list(range(25, 25 * 14 + 1, 25))
    found = {answers[number - 1].status_code for number in own}
    assert found == {408, 429, 502, 503, 504, *range(520, 528), 530}
    assert {answer.headers["content-type"].partition(";")[0] for answer in answers} == {
        "application/json",
        "text/html",
        "text/plain",
    }
    assert all({"cf-ray", "via", "age"} <= set(answer.headers) for answer in answers)
    (limited,) = (answer for answer in answers if answer.status_code == 429)
    assert limited.headers["retry-after"] == "1"


def test_a_request_that_the_network_gave_up_was_heard(make_api, file):
    api = make_api(variants=["cdn-in-front"])
    body = {"file": file, "extractor": {"id": api.extractor_id()}}
    statuses = [api("POST", "/extract_runs", json=body).status_code for _ in range(25 * 14)]
    rows = api.get("/extract_runs", maxPageSize=1000)["data"]
    assert len(rows) == statuses.count(200) + statuses.count(504) + statuses.count(524)


@pytest.mark.parametrize("make", ["make_api", "make_extend_2025", "make_talonic"])
def test_new_properties_have_names_of_others(make, request):
    client = request.getfixturevalue(make)(variants=["new-properties-named-like-others"])
    body = client("GET", "/nope").json()
    assert body["presignedUrl"] == body["presigned_url"] == "https://files.example.com/presigned"
    assert body["success"] is (make != "make_extend_2025")


def test_no_run_is_counted_or_listed_while_its_batch_is_pending(make_api, file):
    api = make_api(variants=["run-count-lags"])
    batch = api.submit(file, file)
    assert (batch["runCount"], api.batch(batch)["runCount"], api.traverse()) == (0, 0, [])
    api.steps(1)
    assert (api.batch(batch)["runCount"], len(api.traverse())) == (2, 2)


def test_413_for_too_many_inputs(make_api, file):
    api = make_api(variants=["413-for-too-many-inputs"])
    body = {"extractor": {"id": api.extractor_id()}}

    def status(count):
        return api(
            "POST", "/extract_runs/batch", json=body | {"inputs": [{"file": file}] * count}
        ).status_code

    assert [status(count) for count in (0, 1000, 1001)] == [400, 200, 413]


def test_float_credits(make_api, file):
    api = make_api(variants=["float-credits"])
    api.submit(file)
    api.steps(3)
    (row,) = api.traverse()
    usage = api.run(row)["usage"]
    assert [charge["credits"] for charge in usage["breakdown"][0]["charges"]] == [0.33, 0.33, 0.33]
    assert (usage["breakdown"][0]["credits"], usage["credits"], usage["totalCredits"]) == (1, 1, 2)
    assert row["usage"] == {"credits": 1, "totalCredits": 2}
