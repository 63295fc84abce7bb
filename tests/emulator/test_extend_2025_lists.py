"""extend/2025-04-21: the lists of runs and processors."""

import pytest


@pytest.fixture
def busy(extend_2025):
    """A workspace with four ended runs and eight young ones, and without those that were there before."""
    extend_2025.clear()
    failing = {"fileUrl": "https://files.example.com/fail/bad.pdf"}
    extend_2025.ended = [extend_2025.create(sync=True).json()["processorRun"] for _ in range(3)]
    extend_2025.create(sync=True, file=failing)
    extend_2025.steps(3)
    for n in range(8):
        extend_2025.create(("CLASSIFY", "SPLITTER")[n % 2])
        extend_2025.steps(0.1)
    return extend_2025


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 12),
        ({"status": "PROCESSING"}, 8),
        ({"status": "FAILED"}, 1),
        ({"status": "CANCELLED"}, 0),
        ({"processorType": "SPLITTER"}, 4),
        ({"processorId": "dp_nope"}, 0),
        ({"source": "API"}, 12),
        ({"source": "STUDIO"}, 0),
        ({"sourceId": "bpr_1"}, 0),
        ({"fileNameContains": "bad"}, 1),
        ({"unknown": "ignored"}, 12),
    ],
)
def test_filters(busy, query, count):
    assert len(busy.traverse(**query)) == count


@pytest.mark.parametrize("by", ["createdAt", "updatedAt", None])
@pytest.mark.parametrize("direction", ["asc", "desc", None])
@pytest.mark.parametrize("size", [1, 5, 1000, None])
def test_pages_make_up_the_whole_list_in_order(busy, by, direction, size):
    query = {"sortBy": by, "sortDir": direction, "maxPageSize": size}
    rows = busy.traverse(**{name: value for name, value in query.items() if value is not None})
    keys = [(row[by or "updatedAt"], row["id"]) for row in rows]
    assert keys == sorted(keys, reverse=direction != "asc")
    assert len(set(keys)) == 12


def test_the_default_page_has_ten_rows_and_the_last_no_token(busy):
    first = busy.get("/processor_runs")
    assert set(first) == {"success", "processorRuns", "nextPageToken"}
    assert len(first["processorRuns"]) == 10
    second = busy.get("/processor_runs", nextPageToken=first["nextPageToken"])
    assert set(second) == {"success", "processorRuns"}


def test_a_row_agrees_with_the_run(busy):
    shared = {"id", "status", "processorId", "processorName", "processorVersionId", "type"}
    for row in busy.traverse():
        run = busy.run(row)
        assert set(row) == shared | {"createdAt", "updatedAt"} | ({"usage"} & set(run))
        assert {name: row[name] for name in shared} == {name: run[name] for name in shared}


def test_processors_are_seeded_and_paged(extend_2025):
    first = extend_2025.get("/processors", maxPageSize=2)
    rest = extend_2025.get("/processors", maxPageSize=2, nextPageToken=first["nextPageToken"])
    assert set(rest) == {"success", "processors"}
    found = first["processors"] + rest["processors"]
    assert {processor["type"] for processor in found} == {"EXTRACT", "CLASSIFY", "SPLITTER"}
    for processor in found:
        assert set(processor) == {"object", "id", "name", "type", "versions", "createdAt", "updatedAt"}
        assert [version["version"] for version in processor["versions"]] == ["1.0", "draft"]


@pytest.mark.parametrize(
    "query",
    [
        "maxPageSize=0",
        "maxPageSize=1001",
        "maxPageSize=x",
        "maxPageSize=1&maxPageSize=2",
        "status=processed",
        "processorType=READ",
        "source=api",
        "sortBy=name",
        "sortDir=DESC",
        "nextPageToken=",
        "nextPageToken=nope",
        "nextPageToken=WzEsMiwzLDRd",
        "processorId=a&processorId=b",
    ],
)
def test_bad_queries_are_refused(extend_2025, query):
    answer = extend_2025("GET", f"/processor_runs?{query}")
    assert (answer.status_code, answer.json()["success"]) == (400, False)


def test_a_bad_processor_type_is_refused(extend_2025):
    assert extend_2025("GET", "/processors?type=read").status_code == 400
