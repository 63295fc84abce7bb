"""Answers and relations in detail: boundaries of statuses, who is charged, what invariants see."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract, load_contract
from batchproof.contract.model import Invariant, View
from batchproof.history import Case
from batchproof.judging import judge, weigh
from batchproof.judging.answers import left_open
from batchproof.judging.attribution import Attribution
from batchproof.judging.relations import exchange_variables, of_pairs, of_references
from batchproof.judging.snapshots import collect

DOCUMENT_BATCH = Invariant(requirement="document.batch", each="reference", on="document", to="batch")


@pytest.mark.parametrize(
    ("status", "failed"),
    [
        (199, "errors.documented"),
        (200, "submit_batch.success"),
        (299, "submit_batch.success"),
        (300, "errors.documented"),
    ],
)
def test_other_statuses_of_success_are_told_from_errors(
    build: ModuleType, acme: Contract, status: int, failed: str
) -> None:
    evidence = weigh(acme, [build.exchange("submit_batch", 1, status, body=build.batch())])
    assert [name for name in evidence.observations if evidence.findings(name)] == [failed]


@pytest.mark.parametrize(
    ("mode", "place", "expected"),
    [
        ("open", "body/type", True),
        ("open", None, True),
        ("valid", "path/id", True),
        ("invalid", "headers", True),
        ("valid", "query/properties/path", False),
        ("invalid", "body/type", False),
        ("valid", None, False),
    ],
)
def test_what_is_left_open(build: ModuleType, mode: Any, place: str | None, *, expected: bool) -> None:
    case = Case(mode=mode, about="odd", place=place)
    assert left_open(build.exchange("get_batch", 1, case=case)) is expected
    assert left_open(build.exchange("get_batch", 1)) is False


@pytest.mark.parametrize(
    ("owner", "charged"),
    [
        ('{"type": "error", "*": "error.code"}', "error"),
        ('{"*": "error"}', "error"),
        ('{"required": "error"}', "errors.documented"),
    ],
)
def test_error_that_is_not_json_is_charged_to_the_root_of_its_schema(
    build: ModuleType, tmp_path: Any, owner: str, charged: str
) -> None:
    folder = build.copy_of_acme(tmp_path)
    file = folder / "resources" / "error.json"
    file.write_text(file.read_text("utf-8").replace('"x-requirement": "error"', f'"x-requirement": {owner}'))
    evidence = weigh(load_contract(str(folder)), [build.exchange("get_batch", 1, 404, text="<p>")])
    assert [name for name in evidence.observations if evidence.findings(name)] == [charged]


def test_results_tell_the_steps_that_were_seen(build: ModuleType, acme: Contract) -> None:
    looks = [
        build.exchange("get_batch", at, body=build.batch(s)) for at, s in enumerate(("queued", "running"))
    ]
    (work,) = judge(acme, build.history(looks)).transitions
    assert (work.lifecycle, work.covered) == ("work", 1)


def observed(acme: Contract, name: str, *exchanges: Any) -> tuple[int, int]:
    evidence = weigh(acme, exchanges)
    return evidence.observations[name], len(evidence.findings(name))


def test_looks_that_show_the_same_are_counted_each(build: ModuleType, acme: Contract) -> None:
    created = build.exchange("submit_batch", 0, 201, body=build.batch(), sent={"documents": [{}]})
    looks = [build.exchange("get_batch", at, body=build.batch()) for at in (1, 2)]
    # each look is one observation by its type and one by the invariant
    assert observed(acme, "batch.count", created, *looks) == (6, 0)


def test_what_the_acceptance_of_an_invalid_request_looks_like_is_open(
    build: ModuleType, acme: Contract
) -> None:
    def listed(**about: Any) -> Any:
        body = {"documents": [build.document()] * 2, "next": None}
        return build.exchange("list_documents", 1, body=body, query={"size": "1"}, **about)

    invalid = Case(mode="invalid", about="odd", place="query/properties/status/enum")
    valid = Case(mode="valid", about="odd", place="query/properties/status")
    assert observed(acme, "list_documents.size", listed()) == (1, 1)
    assert observed(acme, "list_documents.size", listed(case=valid)) == (1, 1)
    assert observed(acme, "list_documents.size", listed(case=invalid)) == (0, 0)


def test_variables_of_an_exchange(build: ModuleType) -> None:
    full = build.exchange(
        "get_batch", 1, 404, sent={"a": 1}, body=[1], query={"q": "2"}, path={"id": "b_1"}, headers={"h": "3"}
    )
    assert exchange_variables(full, full.response) == {
        "request": {"a": 1},
        "query": {"q": "2"},
        "path": {"id": "b_1"},
        "response": [1],
        "status": 404,
        "headers": {"h": "3"},
        "oddities": [],
        "media_type": None,
    }
    bare = build.exchange("get_batch", 1)
    assert exchange_variables(bare, bare.response) == {
        "request": None,
        "query": {},
        "path": {},
        "response": None,
        "status": 200,
        "headers": {},
        "oddities": None,
        "media_type": None,
    }
    labelled = {"content-type": " Text/HTML ; charset=utf-8"}
    odd = build.exchange("get_batch", 1, body={}, headers=labelled, oddities=["utf_16"])
    assert exchange_variables(odd, odd.response) == {
        **exchange_variables(bare, bare.response),
        "response": {},
        "headers": labelled,
        "oddities": ["utf_16"],
        "media_type": "text/html",
    }


def naming(build: ModuleType, at: float = 1) -> Any:
    rows = [build.document(batch_id="b_1")]
    return build.exchange("list_documents", at, body={"documents": rows, "next": None})


def related(
    contract: Contract, *exchanges: Any, view: str | None = None
) -> list[tuple[dict[str, Any], list[str], str]]:
    invariant = msgspec.structs.replace(DOCUMENT_BATCH, view=view)
    found = of_references(
        contract, invariant, exchanges, collect(contract, exchanges), Attribution(exchanges)
    )
    return [(item.variables, [one.id for one in item.exchanges], item.pointer) for item in found]


def test_read_of_an_object_that_was_named(build: ModuleType, acme: Contract) -> None:
    read = build.exchange("get_batch", 1.5, path={"id": "b_1"}, body=build.batch())
    refused = build.exchange("get_batch", 3, 404, path={"id": "b_1"}, body={})
    row = build.document(batch_id="b_1")
    assert related(acme, naming(build), read, refused) == [
        ({"self": row, "named": build.batch(), "status": 200}, ["x1", "x1.5"], "/documents/0"),
        ({"self": row, "named": None, "status": 404}, ["x1", "x3"], "/documents/0"),
    ]
    assert related(acme, naming(build), read, view="summary") != []
    assert related(acme, naming(build), read, view="detail") == []


@pytest.mark.parametrize(
    "other", [{"operation": "get_document"}, {"operation": None}, {"at": 1.25}, {"path": {}}]
)
def test_what_is_no_read_of_an_object_that_was_named_before(
    build: ModuleType, acme: Contract, other: dict[str, Any]
) -> None:
    about = {"operation": "get_batch", "at": 2, "path": {"id": "b_1"}, **other}
    assert (
        related(acme, naming(build), build.exchange(about["operation"], about["at"], 404, path=about["path"]))
        == []
    )


@pytest.mark.parametrize(
    ("shows", "named"),
    [([], {"batch": {"id": "b_1"}}), ([View(resource="batch", at="/batch")], {"id": "b_1"})],
)
def test_named_object_stands_where_the_operation_shows_it(
    build: ModuleType, acme: Contract, shows: list[View], named: Any
) -> None:
    operation = acme.manifest.operations["get_batch"]
    success = msgspec.structs.replace(operation.success, shows=shows)
    operations = {
        **acme.manifest.operations,
        "get_batch": msgspec.structs.replace(operation, success=success),
    }
    contract = dataclasses.replace(
        acme, manifest=msgspec.structs.replace(acme.manifest, operations=operations)
    )
    read = build.exchange("get_batch", 2, path={"id": "b_1"}, body={"batch": {"id": "b_1"}})
    assert [variables["named"] for variables, _, _ in related(contract, naming(build), read)] == [named]


@pytest.mark.parametrize(
    ("status", "looked_at"), [(201, True), (422, True), (401, False), (500, False), (None, False)]
)
def test_pair_needs_an_answer_to_the_request_itself(
    build: ModuleType, acme: Contract, status: int | None, *, looked_at: bool
) -> None:
    control = build.exchange("submit_batch", 1, 201, body=build.batch(), control_of=["submit-again"])
    shown = {} if status is None else {"body": {}}
    again = build.exchange("submit_batch", 2, status, probe="submit-again", **shown)
    found = list(of_pairs(acme, "submit-again", [control, again], Attribution([control, again])))
    assert [[one.id for one in item.exchanges] for item in found] == ([["x1", "x2"]] if looked_at else [])


@pytest.mark.parametrize(("status", "found"), [(429, 0), (404, 1)])
def test_limit_may_be_that_of_a_network_in_front(
    build: ModuleType, acme: Contract, status: int, found: int
) -> None:
    reading = acme.manifest.operations["get_batch"]
    closed = msgspec.structs.replace(reading, errors=msgspec.structs.replace(reading.errors, open=[]))
    operations = {**acme.manifest.operations, "get_batch": closed}
    contract = dataclasses.replace(
        acme, manifest=msgspec.structs.replace(acme.manifest, operations=operations)
    )
    evidence = weigh(contract, [build.exchange("get_batch", 1, status, path={"id": "b_1"}, text="slow down")])
    assert [item.message for name in evidence.observations for item in evidence.findings(name)] == [
        "the body is not JSON"
    ] * found
