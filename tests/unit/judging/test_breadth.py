"""How broad a run was: keywords that requests broke, keywords that answers exercised."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.contract.keywords import keywords
from batchproof.history import Case
from batchproof.judging import judge
from batchproof.judging.breadth import _exercised, _form, _says_something
from batchproof.judging.results import OperationBreadth

MIN_ITEMS = "body/properties/documents/minItems"
REQUIRED = "body/required/documents"


def broken(build: ModuleType, acme: Contract, *exchanges: Any, operation: str = "submit_batch") -> int:
    found = judge(acme, build.history(exchanges)).breadth.operations[operation]
    return found.request_keywords_broken


def probe(build: ModuleType, at: float, sent: Any, name: str | None = "no-documents") -> Any:
    return build.exchange("submit_batch", at, 422, sent=sent, probe=name)


def case(build: ModuleType, mode: Any, place: str | None, operation: str = "submit_batch") -> Any:
    return build.exchange(operation, 1, 422, case=Case(mode=mode, about="odd", place=place))


def test_requests_are_counted_by_kind(build: ModuleType, acme: Contract) -> None:
    modes: tuple[Any, ...] = ("valid", "invalid", "invalid", "open", "open", "open")
    exchanges = [
        build.exchange("submit_batch", 1, 201, body=build.batch()),
        build.exchange("submit_batch", 2, None, failure=build.failure()),
        build.exchange(None, 3),
        build.exchange("other", 4),
        *(case(build, mode, None) for mode in modes),
    ]
    operations = judge(acme, build.history(exchanges)).breadth.operations
    assert list(operations) == list(acme.manifest.operations)
    assert operations["get_batch"] == OperationBreadth(
        sent=0,
        valid=0,
        invalid=0,
        open=0,
        request_keywords=0,
        request_keywords_broken=0,
        response_keywords=17,
        response_keywords_exercised=0,
    )
    assert operations["submit_batch"] == OperationBreadth(
        sent=7,
        valid=1,
        invalid=2,
        open=3,
        request_keywords=9,
        request_keywords_broken=0,
        response_keywords=17,
        response_keywords_exercised=14,
    )


def test_keywords_that_requests_broke_are_counted_once(build: ModuleType, acme: Contract) -> None:
    empty, missing = probe(build, 1, {"documents": []}), probe(build, 2, {}, "documents-missing")
    assert broken(build, acme, empty) == 1
    assert broken(build, acme, empty, probe(build, 3, {"documents": []})) == 1
    assert broken(build, acme, empty, missing) == 2
    assert broken(build, acme, empty, case(build, "invalid", MIN_ITEMS)) == 1
    assert broken(build, acme, empty, case(build, "invalid", REQUIRED)) == 2
    query = case(build, "invalid", "query/properties/size/minimum", "list_documents")
    assert broken(build, acme, query, operation="list_documents") == 1


def test_what_broke_no_keyword_is_not_counted(build: ModuleType, acme: Contract) -> None:
    assert broken(build, acme, probe(build, 1, {"documents": []}, None)) == 0
    assert broken(build, acme, probe(build, 1, build.UNSET)) == 0
    assert broken(build, acme, probe(build, 1, {"documents": [{"name": "a"}]})) == 0
    assert broken(build, acme, case(build, "valid", MIN_ITEMS)) == 0
    assert broken(build, acme, case(build, "invalid", "body/nowhere")) == 0
    assert broken(build, acme, case(build, "invalid", None)) == 0
    listing = build.exchange("list_documents", 1, 422, sent={}, probe="size-zero")
    assert broken(build, acme, listing, operation="list_documents") == 0


def exercised(build: ModuleType, acme: Contract, *bodies: Any) -> set[str]:
    operation = acme.manifest.operations["get_batch"]
    looks = [build.exchange("get_batch", at, body=body) for at, body in enumerate(bodies)]
    known = set(keywords(acme.shapes, operation.success.schema))
    return {name.removeprefix("/") for name in known & _exercised(acme, operation, looks)}


QUEUED = {
    "type", "required/id", "required/status", "required/count", "required/created_at",
    "properties/id/type", "properties/id/pattern",
    "properties/status/$ref/type", "properties/status/$ref/enum",
    "properties/count/type", "properties/count/minimum", "properties/count/maximum",
    "properties/created_at/type", "properties/created_at/format",
}  # fmt: skip
DONE = {"then/required/finished_at", "then/properties/finished_at/type", "then/properties/finished_at/format"}


def test_keywords_that_say_something_about_an_answer_are_exercised(build: ModuleType, acme: Contract) -> None:
    assert exercised(build, acme) == set()
    assert exercised(build, acme, build.batch()) == QUEUED
    assert exercised(build, acme, build.batch(), build.batch("done")) == QUEUED | DONE
    bounds = {"properties/count/minimum", "properties/count/maximum"}
    assert exercised(build, acme, build.batch(count="1")) == QUEUED - bounds
    refused = build.exchange("get_batch", 1, 404, body=build.batch())
    assert _exercised(acme, acme.manifest.operations["get_batch"], [refused]) == set()


def test_answers_of_eight_forms_are_looked_at(build: ModuleType, acme: Contract) -> None:
    forms = [build.batch(**{f"extra{number}": 1}) for number in range(8)]
    done = build.batch("done")
    assert exercised(build, acme, *forms[:7], *forms[:7], done) == QUEUED | DONE
    assert exercised(build, acme, *forms, done) == QUEUED


@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        ("minimum", 1, True),
        ("minimum", 1.5, True),
        ("minimum", True, False),
        ("minimum", "1", False),
        ("pattern", "x", True),
        ("pattern", 1, False),
        ("required", {}, True),
        ("required", [], False),
        ("maxItems", [], True),
        ("maxItems", 1, False),
        ("type", None, True),
        ("enum", 1, True),
    ],
)
def test_keyword_says_something_about_values_of_its_kind(keyword: str, value: Any, *, expected: bool) -> None:
    assert _says_something(keyword, value) is expected


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (None, True),
        (5, False),
        ([], ()),
        ([None, 1], (True,)),
        ({"b": 1, "a": None}, (("a", True), ("b", False))),
        ({"metadata": {"a": 1}}, ()),
        ({"a": {"b": {"c": {"d": 1}}}}, (("a", (("b", (("c", False),)),)),)),
        ([{"a": [{"b": [{"c": {}}]}]}], ((("a", ((("b", ((("c", False),),)),),)),),)),
    ],
)
def test_form_of_an_answer(body: Any, form: Any) -> None:
    assert _form(body) == form
