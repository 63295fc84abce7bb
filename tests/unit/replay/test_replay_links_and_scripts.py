"""What a request carries from earlier answers, and the file that says so."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import msgspec
import pytest
from referencing import Registry, Resource

from batchproof.contract import Contract
from batchproof.judging import Finding
from batchproof.places import schemas_dir
from batchproof.replay import ScriptError, read_script, script_of, to_json
from batchproof.replay.links import Link, Links, Place
from batchproof.replay.script import Reference


@pytest.fixture
def story(build: ModuleType) -> list[Any]:
    """A batch is submitted, listed and read, and so is one of its documents."""
    rows = {"documents": [build.document(id="d_9"), build.document(id="d_1")], "next": "2"}
    return [
        build.exchange(
            "submit_batch", 0, 201, id="s", body=build.batch(), sent={"documents": [{"name": "a"}]}
        ),
        build.exchange("list_documents", 1, id="l", body=rows, query={"batch": "b_1"}),
        build.exchange("list_documents", 2, id="m", body=rows, query={"batch": "b_1", "after": "2"}),
        build.exchange("get_document", 3, id="d", body=build.detail("done"), path={"id": "d_1"}),
        build.exchange("get_document", 3.2, id="e", body=build.detail("done"), path={"id": "d_old"}),
    ]


def test_ids_of_the_run_and_page_tokens_are_linked(acme: Contract, story: list[Any]) -> None:
    links = Links(acme, story)
    assert [links.of(exchange, {"s", "l"}) for exchange in story] == [
        [],
        [Link(Place("query", "batch"), "s", "/id")],
        [Link(Place("query", "batch"), "s", "/id"), Link(Place("query", "after"), "l", "/next")],
        [Link(Place("path", "id"), "l", "/documents/1/id")],
        [],
    ]


def test_what_a_request_depends_on_comes_along(acme: Contract, story: list[Any]) -> None:
    known = {exchange.id: exchange for exchange in story}
    closed = Links(acme, story).closed([known["d"]], known)
    assert [exchange.id for exchange in closed] == ["s", "l", "d"]


def test_rows_of_a_list_that_belongs_to_nobody_keep_their_ids(acme: Contract, build: ModuleType) -> None:
    listed = build.exchange("list_documents", 0, body={"documents": [build.document()], "next": None})
    read = build.exchange("get_document", 1, body=build.detail(), path={"id": "d_1"})
    assert Links(acme, [listed, read]).of(read, {listed.id}) == []


def test_an_id_that_was_made_longer_is_linked_with_what_was_added(acme: Contract, build: ModuleType) -> None:
    batch = build.batch(id="b_12345678")
    submitted = build.exchange(
        "submit_batch", 0, 201, id="s", body=batch, sent={"documents": [{"name": "a"}]}
    )
    read = build.exchange("get_batch", 1, 404, path={"id": "b_12345678xxx"})
    (link,) = Links(acme, [submitted, read]).of(read, {"s"})
    assert link == Link(Place("path", "id"), "s", "/id", "", "xxx")


def test_an_empty_string_comes_from_nowhere(acme: Contract, build: ModuleType) -> None:
    read = build.exchange("get_batch", 1, 404, path={"id": ""})
    assert Links(acme, [read]).of(read, set()) == []


def test_the_first_discovered_value_of_a_fixture_is_named(acme: Contract, build: ModuleType) -> None:
    rows = {"documents": [build.document(id="d_7"), build.document(id="d_8")], "next": None}
    listed = build.exchange("list_documents", 0, body=rows)
    first = build.exchange("get_document", 1, body=build.detail(), path={"id": "d_7"})
    second = build.exchange("get_document", 2, body=build.detail(), path={"id": "d_8"})
    links = Links(acme, [listed, first, second])
    assert links.fixtures_of(first) == [(Place("path", "id"), "document_ids")]
    assert links.fixtures_of(second) == []


def test_a_script_survives_its_file(
    acme: Contract, finding: Finding, story: list[Any], tmp_path: Path
) -> None:
    links = Links(acme, story)
    script = script_of(acme, "http://papers.test", "status.order", finding, story[:4], links)
    file = tmp_path / "script.json"
    file.write_bytes(to_json(script))
    assert read_script(file) == script
    assert script.documents == 1
    assert [step.until for step in script.steps] == [None, None, None, "done"]
    assert script.steps[3].references == [
        Reference(part="path", at="id", step=1, given_at="/documents/1/id"),
    ]
    assert [step.together for step in script.steps] == [False, False, False, False]
    _schema().validate(json.loads(file.read_text("utf-8")))


def test_requests_that_were_on_their_way_together_stay_so(
    acme: Contract, finding: Finding, story: list[Any]
) -> None:
    script = script_of(acme, "papers", "status.order", finding, story, Links(acme, story))
    assert [step.together for step in script.steps] == [False, False, False, False, True]


def test_an_id_that_an_answer_outside_the_script_gave_keeps_its_value(
    acme: Contract, finding: Finding, story: list[Any]
) -> None:
    script = script_of(acme, "papers", "status.order", finding, story[3:4], Links(acme, story))
    assert (script.steps[0].references, script.steps[0].request.path) == ([], {"id": "d_1"})


@pytest.mark.parametrize(
    ("change", "described"),
    [
        ({"format": "other/1"}, "format is other/1, this version reads batchproof-replay/1"),
        ({"steps": 3}, "is not a finding that can be replayed"),
        ({"steps": [{"id": "x"}]}, "use a file in the replays folder of a report"),
    ],
)
def test_a_file_that_is_no_script_is_refused(
    acme: Contract, finding: Finding, story: list[Any], tmp_path: Path, change: dict[str, Any], described: str
) -> None:
    script = script_of(acme, "papers", "status.order", finding, story, Links(acme, story))
    file = tmp_path / "script.json"
    file.write_text(json.dumps({**msgspec.to_builtins(script), **change}), encoding="utf-8")
    with pytest.raises(ScriptError) as error:
        read_script(file)
    assert str(file) in str(error.value)
    assert described in str(error.value)


def test_a_reference_to_a_later_step_is_refused(
    acme: Contract, finding: Finding, story: list[Any], tmp_path: Path
) -> None:
    script = script_of(acme, "papers", "status.order", finding, story[:2], Links(acme, story))
    plain = msgspec.to_builtins(script)
    plain["steps"][1]["references"][0]["step"] = 1
    file = tmp_path / "script.json"
    file.write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(ScriptError, match="steps/1/references: names a step that does not come before it"):
        read_script(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read"):
        read_script(tmp_path / "nothing.json")


def _schema() -> jsonschema.Draft202012Validator:
    folder = schemas_dir() / "batchproof"
    loaded = [json.loads((folder / name).read_text("utf-8")) for name in ("replay.json", "history.json")]
    registry = Registry().with_resources([(item["$id"], Resource.from_contents(item)) for item in loaded])
    return jsonschema.Draft202012Validator(loaded[0], registry=registry)
