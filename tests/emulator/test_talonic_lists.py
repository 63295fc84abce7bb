"""talonic/v1: paging through the batches, and the sources."""

import pytest

SOURCE_KEYS = {
    "id", "name", "type", "status", "document_count", "default_schema", "endpoint", "created_at", "links",
}  # fmt: skip


def traverse(talonic, **params):
    """The pages of the list."""
    pages = [talonic.get("/v1/batches", **params)]
    while pages[-1]["pagination"]["next_cursor"]:
        params["cursor"] = pages[-1]["pagination"]["next_cursor"]
        pages.append(talonic.get("/v1/batches", **params))
    return pages


def ids(pages):
    return [batch["id"] for page in pages for batch in page["data"]]


def test_the_default_page_holds_twenty(talonic):
    first, second = traverse(talonic)
    assert first["pagination"] | {"next_cursor": None} == {
        "total": 33,
        "limit": 20,
        "has_more": True,
        "next_cursor": None,
    }
    assert second["pagination"] == {"total": 33, "limit": 20, "has_more": False, "next_cursor": None}
    assert (len(first["data"]), len(second["data"])) == (20, 13)


@pytest.mark.parametrize("limit", [1, 7, 11, 33, 100])
@pytest.mark.parametrize("order", ["asc", "desc", None])
def test_pages_make_up_the_whole_list_in_order(talonic, limit, order):
    pages = traverse(talonic, limit=limit, **({"order": order} if order else {}))
    assert len(set(ids(pages))) == len(ids(pages)) == 33
    created = [batch["created_at"] for page in pages for batch in page["data"]]
    assert created == sorted(created, reverse=order != "asc")
    assert {page["pagination"]["limit"] for page in pages} == {limit}
    assert [page["pagination"]["has_more"] for page in pages] == [True] * (len(pages) - 1) + [False]


def test_a_traversal_meets_every_batch_once_while_batches_change(talonic):
    expected = set(ids(traverse(talonic)))
    page = talonic.get("/v1/batches", limit=5)
    seen = ids([page])
    while page["pagination"]["has_more"]:
        talonic.ingest(content=str(len(seen)).encode())
        talonic.steps(5)
        page = talonic.get("/v1/batches", limit=5, cursor=page["pagination"]["next_cursor"])
        seen += ids([page])
    assert len(seen) == 33
    assert set(seen) == expected


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=abc",
        "limit=1.5",
        "limit=",
        "limit=1&limit=2",
        "limit=%D9%A1",
        "limit=" + "9" * 5000,
        "order=newest",
        "cursor=",
        "cursor=nope",
        "cursor=%00",
        "cursor=WzEsMiwzLDRd",
        "cursor=" + "W1tb" * 2000,
    ],
)
def test_bad_queries_are_refused(talonic, query):
    response = talonic("GET", f"/v1/batches?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "validation_error")


def test_unknown_parameters_are_ignored(talonic):
    assert talonic.get("/v1/batches", page=2, status="nope") == talonic.get("/v1/batches")


def test_sources_are_listed_without_pagination(talonic):
    sources = talonic.get("/v1/sources")
    assert set(sources) == {"data"}
    assert [set(source) for source in sources["data"]] == [SOURCE_KEYS] * 2
    talonic.ingest()
    counts = [source["document_count"] for source in sources["data"]]
    after = [source["document_count"] for source in talonic.get("/v1/sources")["data"]]
    assert after == [counts[0] + 1, counts[1]]
