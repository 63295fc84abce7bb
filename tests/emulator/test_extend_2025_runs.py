"""extend/2025-04-21: single runs of each type, from creation to deletion."""

import pytest

from batchproof.emulator import fixtures

ALWAYS = {
    "object", "id", "processorId", "processorVersionId", "processorName", "status", "output", "reviewed", "edited",
    "edits", "type", "config", "files", "mergedProcessors", "url",
}  # fmt: skip
FAILING = {"fileUrl": "https://files.example.com/fail/invoice.pdf"}
TYPES = ("EXTRACT", "CLASSIFY", "SPLITTER")


def created(answer):
    assert answer.status_code == 200, answer.text
    assert answer.json()["success"] is True
    return answer.json()["processorRun"]


@pytest.mark.parametrize("type_", TYPES)
def test_a_run_lives_through_its_two_states(extend_2025, type_):
    run = created(extend_2025.create(type_))
    assert (run["object"], run["status"], run["type"]) == ("document_processor_run", "PROCESSING", type_)
    assert (run["config"]["type"], run["output"]) == (type_, {})
    assert run["id"].startswith("dpr_")
    assert set(run) == ALWAYS
    for status in ("PROCESSING", "PROCESSING", "PROCESSED", "PROCESSED"):
        seen = extend_2025.run(run)
        assert seen["status"] == status
        assert set(seen) == ALWAYS | ({"initialOutput", "usage"} if status == "PROCESSED" else set())
        extend_2025.steps(1)


def test_the_outputs(extend_2025):
    runs = {type_: created(extend_2025.create(type_, sync=True)) for type_ in TYPES}
    extract = runs["EXTRACT"]
    assert set(extract["output"]["value"]) == set(extract["config"]["schema"]["properties"])
    for entry in extract["output"]["metadata"].values():
        assert 0 <= entry["logprobsConfidence"] <= 1
        assert all(citation["page"] == 1 for citation in entry.get("citations", []))
    classes = [(item["id"], item["type"]) for item in runs["CLASSIFY"]["config"]["classifications"]]
    output = runs["CLASSIFY"]["output"]
    assert (output["id"], output["type"]) in classes
    assert set(output) == {"id", "type", "confidence", "insights"}
    splits = runs["SPLITTER"]["output"]["splits"]
    assert [(split["startPage"], split["endPage"]) for split in splits] == [(1, 1), (2, 2)]
    assert {split["fileId"] for split in splits} == {runs["SPLITTER"]["files"][0]["id"]}
    assert len({split["id"] for split in splits}) == 2


def test_runs_that_are_there_from_the_beginning(extend_2025):
    rows = extend_2025.traverse()
    assert {row["id"] for row in rows} == set(fixtures("extend/2025-04-21")["processor_run_ids"])
    runs = {tuple(run["output"]): run for run in map(extend_2025.run, rows) if not run["reviewed"]}
    assert set(runs) == {
        ("id", "type", "confidence", "insights"),
        ("splits",),
        ("invoice_number", "total"),
    }
    assert runs["invoice_number", "total"]["config"].keys() >= {"fields"}
    (reviewed,) = [run for run in map(extend_2025.run, rows) if run["reviewed"]]
    assert (reviewed["edited"], list(reviewed["edits"])) == (True, ["invoice_number"])
    assert reviewed["output"] == reviewed["reviewedOutput"] != reviewed["initialOutput"]
    entry = reviewed["output"]["metadata"]["invoice_number"]
    assert (entry["reviewAgentScore"], [insight["type"] for insight in entry["insights"]]) == (
        4,
        ["reasoning"],
    )


def test_a_failing_file_ends_failed(extend_2025):
    run = created(extend_2025.create(file=FAILING))
    assert run["status"] == "PROCESSING"
    extend_2025.steps(2)
    seen = extend_2025.run(run)
    assert (seen["status"], seen["failureReason"], seen["output"]) == ("FAILED", "FAILED_TO_PROCESS_FILE", {})
    assert set(seen) == ALWAYS | {"failureReason", "failureMessage"}


def test_a_synchronous_run_has_ended(extend_2025):
    run = created(extend_2025.create(sync=True))
    assert run["status"] == "PROCESSED"
    assert extend_2025.run(run) == run


def test_without_steps_a_run_ends_at_once(extend_2025):
    extend_2025.app.state.emulator.behaviour.step_ms = 0
    run = created(extend_2025.create())
    assert run["status"] == "PROCESSING"
    assert extend_2025.run(run)["status"] == "PROCESSED"


def test_metadata_is_shown_again(extend_2025):
    given = {"a": None, "extend:usage_tags": ["a b"]}
    run = created(extend_2025.create(metadata=given))
    assert run["metadata"] == {"a": None, "extend:usage_tags": ["ab"]}


@pytest.mark.parametrize(
    ("file", "name", "kind", "metadata"),
    [
        (
            {"fileUrl": "https://a.example/some%20dir/in%20voice.PDF?x"},
            "in voice.PDF",
            "PDF",
            {"pageCount": 2},
        ),
        ({"fileUrl": "https://a.example/", "fileName": "given.png"}, "given.png", "IMG", {}),
        ({"fileUrl": "https://a.example/"}, "document", None, {}),
    ],
)
def test_the_file(extend_2025, file, name, kind, metadata):
    (shown,) = created(extend_2025.create(file=file))["files"]
    assert (shown["name"], shown.get("type"), shown["metadata"]) == (name, kind, metadata)
    assert ("type" in shown) == (kind is not None)


def test_other_inputs(extend_2025):
    (shown,) = created(extend_2025.create(file={"fileId": "file_mine"}))["files"]
    assert shown["id"] == "file_mine"
    (shown,) = created(extend_2025.create(file=None, rawText="hello"))["files"]
    assert shown["type"] == "TXT"


def test_config_replaces_parts(extend_2025):
    schema = {"type": "object", "properties": {"paid": {"type": ["boolean", "null"]}}}
    config = {"type": "EXTRACT", "schema": schema, "parser": {"target": "markdown"}, "extractionRules": None}
    run = created(extend_2025.create(config=config, sync=True))
    assert run["output"]["value"] == {"paid": True}
    assert run["config"]["parser"] == {"target": "markdown"}
    assert run["config"]["baseProcessor"] == "extraction_performance"
    assert "extractionRules" not in run["config"]


def test_a_fields_array_takes_the_place_of_the_schema(extend_2025):
    fields = [{"id": "f1", "name": "total", "type": "currency", "description": "The sum"}]
    run = created(extend_2025.create(config={"type": "EXTRACT", "fields": fields}, sync=True))
    (reference,) = run["output"]["total"].pop("references")
    assert run["output"] == {"total": {"id": "f1", "type": "currency", "value": None}}
    assert reference.keys() == {"id", "fieldName", "page", "boundingBoxes"}
    assert "schema" not in run["config"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"processorId": None}, 400),
        ({"processorId": ""}, 400),
        ({"processorId": "dp_nope"}, 404),
        ({"version": "9.9"}, 404),
        ({"version": "draft"}, 200),
        ({"version": "1.0"}, 200),
        ({"file": None}, 400),
        ({"rawText": "both"}, 400),
        ({"file": {}}, 400),
        ({"file": {"fileUrl": "https://a.example/x", "fileId": "file_1"}}, 400),
        ({"file": {"fileUrl": "not a url"}}, 400),
        ({"priority": 0}, 400),
        ({"priority": 101}, 400),
        ({"priority": 1}, 200),
        ({"priority": 100}, 200),
        ({"sync": "yes"}, 400),
        ({"metadata": []}, 400),
        ({"metadata": {"big": "x" * 11_000}}, 400),
        ({"config": {}}, 400),
        ({"config": {"type": "CLASSIFY"}}, 400),
        ({"config": {"type": "EXTRACT", "schema": {"type": "array"}}}, 400),
        ({"config": {"type": "EXTRACT", "fields": []}}, 400),
        ({"config": {"type": "EXTRACT", "classifications": [{"id": "a", "type": "a"}]}}, 400),
        ({"unknown": 1}, 200),
    ],
)
def test_checks_the_body(extend_2025, change, status):
    answer = extend_2025.create(**change)
    assert answer.status_code == status
    assert answer.json()["success"] is (status == 200)
    assert "code" not in answer.json()


def test_a_refused_file_has_a_code(extend_2025):
    answer = extend_2025.create(file={"fileUrl": "https://a.example/setup.EXE"})
    assert (answer.status_code, answer.json()["code"]) == (400, "FILE_TYPE_NOT_SUPPORTED")
    assert set(answer.json()) == {"success", "error", "code"}


@pytest.mark.parametrize("steps", [0, 1])
def test_a_run_in_progress_can_be_cancelled(extend_2025, steps):
    run = created(extend_2025.create())
    extend_2025.steps(steps)
    answer = extend_2025("POST", f"/processor_runs/{run['id']}/cancel")
    cancelled = created(answer)
    assert (cancelled["status"], cancelled["output"]) == ("CANCELLED", {})
    extend_2025.steps(5)
    assert extend_2025.run(run) == cancelled


@pytest.mark.parametrize("first", ["end", "cancel"])
def test_an_ended_run_cannot_be_cancelled(extend_2025, first):
    run = created(extend_2025.create(sync=first == "end"))
    path = f"/processor_runs/{run['id']}/cancel"
    if first == "cancel":
        extend_2025("POST", path)
    refused = extend_2025("POST", path)
    assert (refused.status_code, refused.json()["success"]) == (400, False)


def test_a_deleted_run_is_gone(extend_2025):
    extend_2025.clear()
    run, other = created(extend_2025.create()), created(extend_2025.create())
    answer = extend_2025("DELETE", f"/processor_runs/{run['id']}")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "success": True,
            "documentProcessorRunId": run["id"],
            "message": "Document processor run data has been successfully deleted.",
        },
    )
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/cancel")):
        assert extend_2025(method, f"/processor_runs/{run['id']}{path}").status_code == 404
    assert [row["id"] for row in extend_2025.traverse()] == [other["id"]]
