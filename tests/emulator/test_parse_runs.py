"""What only parse runs have."""

import pytest
from extend_ai import types
from pydantic import TypeAdapter


@pytest.fixture
def parse(make_family):
    return make_family("parse")


def processed(parse, file, **members):
    run = parse.create(file, **members)
    parse.api.steps(2)
    return parse.run(run)


def test_the_output_or_its_address(parse, file):
    run = processed(parse, file)
    assert run["output"]["chunks"]
    assert run["outputUrl"] is None
    assert parse.run(run, responseType="json") == run
    by_url = parse.run(run, responseType="url")
    assert by_url["output"] is None
    assert by_url["outputUrl"].startswith("https://")
    assert by_url | {"output": run["output"], "outputUrl": None} == run
    assert parse.api("GET", f"/parse_runs/{run['id']}", params={"responseType": "xml"}).status_code == 400


def test_there_is_no_address_before_the_end(parse, file):
    assert parse.run(parse.create(file), responseType="url")["outputUrl"] is None


def test_metrics_and_usage(parse, file):
    run = processed(parse, file)
    assert run["metrics"] == {"processingTimeMs": 20_000, "pageCount": 2}
    assert run["usage"]["credits"] == run["usage"]["totalCredits"] == 2
    assert len(run["usage"]["breakdown"]) == 1


@pytest.mark.parametrize(
    ("wanted", "ranges"), [("page", [(1, 1), (2, 2)]), ("document", [(1, 2)]), ("section", [(1, 2)])]
)
def test_chunks_follow_the_strategy(parse, file, wanted, ranges):
    run = processed(parse, file, config={"chunkingStrategy": {"type": wanted}})
    chunks = run["output"]["chunks"]
    assert {chunk["type"] for chunk in chunks} == {wanted}
    shown = [tuple(chunk["metadata"]["pageRange"].values()) for chunk in chunks]
    assert shown == ranges
    assert sum(len(chunk["blocks"]) for chunk in chunks) == 2


def test_the_configuration_shows_the_defaults_that_were_applied(parse, file):
    config = parse.create(file, config={"engine": "parse_light"})["config"]
    assert config == {
        "target": "markdown", "chunkingStrategy": {"type": "page"}, "engine": "parse_light",
    }  # fmt: skip


@pytest.mark.parametrize(
    "config",
    [
        [],
        {"target": "html"},
        {"engine": "parse_slow"},
        {"chunkingStrategy": "page"},
        {"chunkingStrategy": {"type": "line"}},
        {"blockOptions": 1},
        {"engineVersion": 2},
    ],
)
def test_the_configuration_is_checked(parse, file, config):
    assert parse.api("POST", "/parse_runs", json={"file": file, "config": config}).status_code == 400
    body = {"inputs": [{"file": file}], "config": config}
    assert parse.api("POST", "/parse_runs/batch", json=body).status_code == 400


def test_a_batch_has_one_configuration_for_all(parse, file):
    body = {"inputs": [{"file": file}] * 2, "config": {"target": "spatial"}}
    batch = parse.api.post("/parse_runs/batch", body)
    runs = [parse.run(row) for row in parse.rows(batchId=batch["id"])]
    assert {run["config"]["target"] for run in runs} == {"spatial"}
    assert {run["batchId"] for run in runs} == {batch["id"]}


def test_filters(parse, file):
    batch = parse.submit(file, file)
    single = parse.create(file)
    assert single["batchId"] is None
    assert [row["id"] for row in parse.rows(source="API")] == [single["id"]]
    assert len(parse.rows(source="BATCH_PARSER_RUN")) == 2
    assert len(parse.rows(batchId=batch["id"], source="API")) == 2, "source is ignored beside batchId"
    assert len(parse.rows(status="PENDING")) == 2
    for query in ({"status": "CANCELLED"}, {"source": "BATCH_PROCESSOR_RUN"}):
        assert parse.api("GET", "/parse_runs", params=query).status_code == 400


def test_the_newest_come_first_whatever_is_asked_for(parse, file):
    for _ in range(3):
        parse.create(file)
        parse.api.steps(1)
    rows = parse.rows(sortBy="name", sortDir="asc")
    assert rows == parse.rows()
    assert [row["createdAt"] for row in rows] == sorted((row["createdAt"] for row in rows), reverse=True)


def test_never_pending_alone(make_family, file):
    parse = make_family("parse", variants=["never-pending"])
    assert parse.create(file)["status"] == "PROCESSING"
    parse.submit(file)
    assert {row["status"] for row in parse.rows()} == {"PROCESSING"}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [({}, None), ({"words": True}, {"words": 4}), ({"words": True, "lines": True}, {"words": 4, "lines": 2})],
)
def test_ocr_data_is_asked_for(parse, file, asked, shown):
    output = processed(parse, file, config={"advancedOptions": {"returnOcr": asked}})["output"]
    ocr = output.get("ocr")
    assert shown == (ocr and {kind: len(items) for kind, items in ocr.items()})
    TypeAdapter(types.ParseRunOutput).validate_python(output)
    assert [page["number"] for page in output["metadata"]["pages"]] == [1, 2]
