"""Changed and generated requests in words."""

from typing import Any

import pytest

from batchproof.contract.model import Change, Probe, Refusal
from batchproof.history import Case, Exchange, Request, Response
from batchproof.judging.words.requests import changed, of_case, of_probe


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"auth": "none"}, "without a token"),
        ({"path": {"id": {"$unknown": "b_"}}}, "whose id names nothing"),
        ({"path": {"id": {"$ended": "batch"}}}, "with the id of an ended batch"),
        ({"query": {"limit": "0"}}, 'with limit = "0"'),
        ({"query": {"status": None}}, "without status"),
        ({"headers": {"x-version": None}}, "without the header x-version"),
        ({"headers": {"x-version": "1999-01-01"}}, 'with x-version: "1999-01-01"'),
        ({"inputs": 1001}, "with 1,001 inputs"),
        ({"inputs": 1}, "with 1 input"),
        ({"raw": "{"}, "with a body that is not JSON"),
        ({"content_type": "text/plain"}, "with a body that is declared as text/plain"),
        ({"repeat": True}, "that is sent once more"),
        ({"body": {"inputs": None}}, "without inputs"),
        ({"body": {"extractor": {"id": None}}}, "without extractor.id"),
        ({"body": {"priority": 101}}, "with priority = 101"),
        ({"body": {"metadata": {"a": {"$text": 20000}}}}, "with metadata.a of 20,000 characters"),
        (
            {"body": {"config": {"kind": "x"}, "extractor": None}},
            'with config.kind = "x" instead of extractor',
        ),
        ({"body": {"inputs": [{"file": {"id": {"$fixture": "f"}}}]}}, "with inputs[0].file.id"),
        ({"body": {"config": {"a": 1, "b": 2, "c": 3}}}, "with other config (the-probe)"),
        ({"body": []}, "whose body is an empty array"),
    ],
)
def test_the_one_change_of_a_probe(change: dict[str, Any], text: str) -> None:
    assert changed(Change(**change), "the-probe") == text


def sent(status: int, answer: Any = None, **more: Any) -> Exchange:
    return Exchange(
        id="x1",
        scenario="s",
        operation="submit",
        start=0.0,
        end=0.1,
        request=Request(method="POST", url="http://h/b", body=more.pop("body", {})),
        response=Response(status=status, body=answer),
        **more,
    )


@pytest.mark.parametrize(
    ("status", "refused", "headline"),
    [
        (200, True, "submit: a request without a token is accepted (200)"),
        (404, True, "submit: a request without a token is answered 404 instead of 401"),
        (500, True, "submit: a request without a token was answered 500"),
        (403, False, "submit: a request without a token is refused (403)"),
    ],
)
def test_what_became_of_a_probe(status: int, headline: str, *, refused: bool) -> None:
    probe = Probe(
        name="p",
        requirement="r",
        operation="submit",
        change=Change(auth="none"),
        refused=Refusal(statuses=[401]) if refused else None,
    )
    right = [401] if refused else [200]
    words = of_probe(probe, sent(status, {"code": "NO"}), right)
    assert words.headline == headline
    assert [item.text for item in words.shown] == [f"{status} with code NO; documented: {right[0]}"]


@pytest.mark.parametrize(
    ("place", "body", "broken"),
    [
        ("body/required/inputs", {}, "without inputs"),
        ("body/properties/a/required/id", {"a": {}}, "without a.id"),
        ("body/properties/a/properties/id/type", {"a": {"id": 3}}, "whose a.id is the number 3"),
        (
            "body/properties/id/maxLength",
            {"id": "x" * 256},
            "with id that is too long (256 characters)",
        ),
        ("body/properties/inputs/maxItems", {"inputs": []}, "with inputs with too many elements"),
        ("body/properties/kind/enum", {"kind": "?"}, "with kind that is none of the documented values"),
        (
            "body/properties/inputs/items/properties/file/anyOf",
            {},
            "with inputs[0].file of no documented form",
        ),
        ("body/type", [], "with another body than an object"),
    ],
)
def test_an_invalid_request_that_is_accepted(place: str, body: Any, broken: str) -> None:
    case = Case(mode="invalid", about="label", place=place)
    words = of_case(case, sent(200, body=body, case=case))
    assert words.headline == f"submit: a request {broken} is accepted (200)"


def test_a_valid_request_that_is_refused() -> None:
    case = Case(mode="valid", about="status=PENDING", place="query/properties/status")
    words = of_case(case, sent(400, {"code": "BAD"}, case=case))
    assert words.headline == "submit: a valid request with status=PENDING was answered 400"
