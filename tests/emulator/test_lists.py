"""Filters, order and paging."""

import pytest


def ids(runs):
    return [run["id"] for run in runs]


@pytest.fixture
def busy(api, file, failing_file):
    """A workspace with an old batch, a young batch and a young single run."""
    api.old = api.submit(*[file] * 3, failing_file)
    api.steps(5)
    api.young = api.submit(*[file] * 7)
    api.steps(0.1)
    api.single = api.post("/extract_runs", {"file": {"text": "x", "name": "Letter.txt"}})
    return api


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 12),
        ({"status": "PENDING"}, 8),
        ({"status": "FAILED"}, 1),
        ({"status": "CANCELLED"}, 0),
        ({"source": "API"}, 1),
        ({"source": "BATCH_PROCESSOR_RUN"}, 11),
        ({"source": "STUDIO"}, 0),
        ({"fileNameContains": "Letter"}, 1),
        ({"fileNameContains": "invoice"}, 11),
        ({"batchId": "bpr_nope"}, 0),
        ({"extractorId": "ex_nope"}, 0),
        ({"unknown": "ignored"}, 12),
    ],
)
def test_filters(busy, query, count):
    assert len(busy.traverse(**query)) == count


def test_filters_by_ids(busy):
    assert len(busy.traverse(batchId=busy.old["id"])) == 4
    assert len(busy.traverse(sourceId=busy.young["id"])) == 7
    assert len(busy.traverse(extractorId=busy.extractor_id())) == 11
    assert busy.traverse(batchId=busy.old["id"], status="PENDING") == []


@pytest.mark.parametrize("by", ["createdAt", "updatedAt", None])
@pytest.mark.parametrize("direction", ["asc", "desc", None])
@pytest.mark.parametrize("size", [1, 5, 1000, None])
def test_pages_make_up_the_whole_list_in_order(busy, by, direction, size):
    query = {"sortBy": by, "sortDir": direction, "maxPageSize": size}
    runs = busy.traverse(**{key: value for key, value in query.items() if value is not None})
    keys = [(run[by or "updatedAt"], run["id"]) for run in runs]
    assert keys == sorted(keys, reverse=direction != "asc")
    assert len(set(ids(runs))) == 12


def test_the_default_page_has_ten_items_and_the_last_no_token(busy):
    first = busy.get("/extract_runs")
    assert len(first["data"]) == 10
    second = busy.get("/extract_runs", nextPageToken=first["nextPageToken"])
    assert set(second) == {"object", "data"}
    assert second["object"] == "list"


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_a_traversal_meets_every_run_once_while_runs_change(api, file, direction):
    api.submit(*[file] * 9)
    query = {"maxPageSize": 2, "sortDir": direction}
    seen = []
    page = api.get("/extract_runs", **query)
    expected = set(ids(api.traverse()))
    while True:
        updates = [(run["updatedAt"], run["id"]) for run in page["data"]]
        assert updates == sorted(updates, reverse=direction == "desc")
        seen += ids(page["data"])
        if "nextPageToken" not in page:
            break
        api.steps(0.7)
        api.submit(file)
        page = api.get("/extract_runs", **query, nextPageToken=page["nextPageToken"])
    assert len(seen) == 9
    assert set(seen) == expected


def test_a_traversal_goes_on_when_its_last_run_is_deleted(api, file):
    api.submit(*[file] * 4)
    first = api.get("/extract_runs", maxPageSize=2)
    api("DELETE", f"/extract_runs/{first['data'][1]['id']}")
    rest = api.traverse(maxPageSize=2, nextPageToken=first["nextPageToken"])
    assert len({*ids(first["data"]), *ids(rest)}) == 4


@pytest.mark.parametrize(
    "query",
    [
        {"maxPageSize": "0"},
        {"maxPageSize": "1001"},
        {"maxPageSize": "-1"},
        {"maxPageSize": "abc"},
        {"maxPageSize": "1.5"},
        {"maxPageSize": ""},
        {"status": "DONE"},
        {"source": "api"},
        {"sortBy": "name"},
        {"sortDir": "DESC"},
        {"nextPageToken": "nope"},
    ],
)
def test_bad_queries_are_invalid_requests(api, query):
    response = api("GET", "/extract_runs", params=query)
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_REQUEST")


def test_extractors_are_seeded_and_paged(api):
    first = api.get("/extractors", maxPageSize=1)
    second = api.get("/extractors", maxPageSize=1, nextPageToken=first["nextPageToken"])
    found = first["data"] + second["data"]
    assert len({extractor["id"] for extractor in found}) == 2
    assert all(set(e) == {"object", "id", "name", "createdAt", "updatedAt"} for e in found)
