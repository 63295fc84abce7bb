"""Each kind of change, planted alone into a copy of a contract, is told with its id, its grade and whether it is silent."""

from collections.abc import Callable
from typing import Any

import pytest

BATCH = "resources/batch.json"
REQUEST = "requests/submit_batch.json"
QUERY = "requests/list_documents.json"


def test_a_copy_has_no_changes(versions: Any) -> None:
    described = versions.compared()
    assert (described.changes, described.totals) == ([], {"breaking": 0, "risky": 0, "compatible": 0})


def test_a_renamed_field_is_a_rename(versions: Any) -> None:
    def rename(schema: dict[str, Any]) -> None:
        schema["properties"]["total"] = schema["properties"].pop("count")
        schema["required"] = ["total" if name == "count" else name for name in schema["required"]]

    versions.schema(BATCH, rename)
    versions.fields(BATCH)["kept"].remove("/count")
    versions.fields(BATCH)["moved"] = {"/count": "/total"}
    assert versions.ids() == {"batch.count.renamed": "breaking"}
    (change,) = versions.compared().changes
    assert (change.before, [after.at for after in change.after]) == ("/count", ["/total"])
    assert change.example is not None
    assert (change.example.before, change.example.after) == ({"count": 1}, {"total": 1})
    assert [place.name for place in change.places] == ["get_batch", "submit_batch"]


def test_the_old_name_of_something_else_is_silent(versions: Any) -> None:
    versions.schema(BATCH, lambda schema: schema["properties"].update(total={"type": "integer"}))
    versions.fields(BATCH)["kept"].remove("/count")
    versions.fields(BATCH)["moved"] = {"/count": "/total"}
    assert versions.ids() == {"batch.count.renamed": "silent breaking"}


def typed(kind: Any) -> Callable[[dict[str, Any]], None]:
    def change(schema: dict[str, Any]) -> None:
        schema["properties"]["created_at"] = {**schema["properties"]["created_at"], "type": kind}

    return change


@pytest.mark.parametrize(
    ("change", "described"),
    [
        (typed("integer"), {"batch.created_at.retyped": "breaking"}),
        (typed(["string", "null"]), {"batch.created_at.null": "breaking"}),
        (
            lambda schema: schema["required"].remove("created_at"),
            {"batch.created_at.optional": "breaking"},
        ),
        (
            lambda schema: schema["properties"]["created_at"].update(format="date"),
            {"batch.created_at.form": "breaking"},
        ),
        # where null may stand, a field that is left out says the same
        (
            lambda schema: (typed(["string", "null"])(schema), schema["required"].remove("created_at")),
            {"batch.created_at.null": "breaking"},
        ),
        # what one of the two does not spell out is no change
        (lambda schema: schema["properties"]["created_at"].pop("format"), {}),
        (lambda schema: schema["properties"].update(note={"type": "string"}), {"batch.note.added": "risky"}),
    ],
)
def test_fields_of_answers(
    versions: Any, change: Callable[[dict[str, Any]], object], described: dict[str, str]
) -> None:
    versions.schema(BATCH, change)
    assert versions.ids() == described


def test_values_of_answers(versions: Any) -> None:
    def other_codes(schema: dict[str, Any]) -> None:
        code = schema["properties"]["error"]["properties"]["code"]
        code["enum"] = ["unauthorized", "not_found", "invalid", "unsupported", "broken"]

    versions.schema("resources/error.json", other_codes)
    assert versions.ids() == {
        "error.error.code.values_added": "risky",
        "error.error.code.values_removed": "compatible",
    }


def test_an_addition_that_the_vendor_allows_is_compatible(versions: Any) -> None:
    versions.schema(BATCH, lambda schema: schema["properties"].update(note={"type": "string"}))
    versions.migration["allowed"] = {"property": "batch"}
    assert versions.ids() == {"batch.note.added": "compatible"}


def test_a_dropped_parameter_is_silent(versions: Any) -> None:
    versions.schema(QUERY, lambda schema: schema["properties"].pop("status"))
    versions.fields(QUERY)["kept"].remove("/status")
    versions.fields(QUERY)["gone"] = {"/status": "Nothing filters by it."}
    assert versions.ids() == {"list_documents.status.removed": "silent breaking"}


def test_a_renamed_property_of_a_request_that_is_required_is_refused(versions: Any) -> None:
    def rename(schema: dict[str, Any]) -> None:
        schema["properties"]["papers"] = schema["properties"].pop("documents")
        schema["required"] = ["papers"]

    versions.schema(REQUEST, rename)
    versions.fields(REQUEST)["kept"] = []
    versions.fields(REQUEST)["moved"] = {"/documents/**": "/papers"}
    versions.edit("contract.yaml", "body: {documents:", "body: {papers:")
    versions.edit("contract.yaml", "billed: /documents", "billed: /papers")
    described = versions.ids()
    assert described["submit_batch.documents.renamed"] == "breaking"


def test_a_new_required_property_of_a_request_breaks(versions: Any) -> None:
    def add(schema: dict[str, Any]) -> None:
        schema["properties"]["language"] = {"type": "string"}
        schema["required"] = [*schema["required"], "language"]

    versions.schema(REQUEST, add)
    assert versions.ids() == {"submit_batch.language.added": "breaking"}


def test_operations_statuses_and_headers(versions: Any) -> None:
    versions.edit("contract.yaml", "path: /batches/{id}", "path: /jobs/{id}")
    versions.edit("contract.yaml", "statuses: [401, 404, 429]", "statuses: [401, 402, 404, 429]")
    versions.edit("contract.yaml", 'acme-version: "1"', 'acme-version: "2"')
    versions.edit("contract.yaml", "status: 201", "status: 202")
    assert versions.ids() == {
        "get_batch.moved": "breaking",
        "error.status.402.added": "risky",
        "header.acme-version.changed": "breaking",
        "submit_batch.success.changed": "breaking",
    }


def test_life_cycles(versions: Any) -> None:
    versions.edit("contract.yaml", "running: [done, failed]", "running: [done, failed, stopped]")
    versions.edit("contract.yaml", "terminal: [done, failed]", "terminal: [done, failed, stopped]")
    versions.edit("contract.yaml", "queued: [running]", "queued: [running, failed]")
    versions.schema("resources/status.json", lambda schema: schema["enum"].append("stopped"))
    assert versions.ids() == {
        **{f"{shape}.status.values_added": "risky" for shape in ("batch", "document", "document_summary")},
        "work.status.stopped.added": "risky",
        "work.status.queued-to-failed.states": "risky",
    }


def test_paging(versions: Any) -> None:
    versions.edit("contract.yaml", "token: after", "token: batch")
    assert versions.ids() == {"list_documents.paging.token.changed": "silent breaking"}


def test_what_only_a_requirement_states(versions: Any) -> None:
    versions.migration["changes"] = [
        {
            "name": "order",
            "about": "behaviour",
            "directions": ["reads answers"],
            "grade": "risky",
            "before": "Documents come in the order of their names.",
            "after": "They come in no order.",
            "reason": "code that takes the first takes another",
            "source": {"document": "guide", "section": "Lists"},
            "older": ["batch"],
        }
    ]
    assert versions.ids() == {"stated.order": "risky"}


def test_the_same_folders_give_the_same_result(versions: Any) -> None:
    versions.schema(BATCH, typed("integer"))
    assert versions.compared() == versions.compared()
