"""Generated requests, and how broad a run was."""

import dataclasses
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract, load_contract
from batchproof.contract.model import Interpretation, Source, Testable
from batchproof.history import Case
from batchproof.judging import judge, weigh
from batchproof.judging.generated_requests import is_settled_by, settled

ERROR = {"error": {"code": "invalid", "message": "refused"}}
ROWS = """
- {id: crash, level: SHOULD, statement: Nothing breaks the server., source: {document: guide, section: All}, basis: inferred, aspect: error, testable: black-box}
- {id: typed, level: SHOULD, statement: Another type is refused., source: {document: guide, section: All}, basis: inferred, aspect: error, testable: black-box}
- {id: named, level: MAY, statement: A document may have any name., source: {document: guide, section: All}, basis: documented, aspect: shape, testable: black-box}
"""
NAME = "body/properties/documents/items/properties/name"


@pytest.fixture(scope="module")
def annotated(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The contract of the invented vendor, which says what is refused and what may vary."""
    folder: Path = build.copy_of_acme(tmp_path_factory.mktemp("annotated"))

    def change(file: str, before: str, after: str) -> None:
        text = (folder / file).read_text()
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1))

    change("contract.yaml", "error: resources/error.json", "error: resources/error.json\ncrash: crash")
    rows = folder / "requirements.yaml"
    rows.write_text(rows.read_text() + ROWS)
    change(
        "requests/submit_batch.json",
        '"name": {\n            "type": "string"',
        '"name": {\n            "x-requirement": "named", "x-refused": {"type": "typed"}, "x-generate": "free",\n'
        '            "type": "string"',
    )
    change("requests/list_documents.json", '"type": "object"', '"x-requirement": "crash", "type": "object"')
    change("requests/list_documents.json", '"size": {', '"size": {"x-requirement": "named",')
    change(
        "invariants.yaml", "- ", "- {requirement: named, each: exchange, on: submit_batch, rule: 'true'}\n- "
    )
    return load_contract(str(folder))


def sent(
    build: ModuleType, contract: Contract, status: int | None, control: int | None = 201, **case: Any
) -> Any:
    """The evidence of one generated submission after its control was answered ``control``."""
    exchanges = []
    if control is not None:
        exchanges.append(
            build.exchange("submit_batch", 1, control, body=build.batch(), sent={"documents": []})
        )
    body = build.batch(id="b_2") if status == 201 else ERROR
    made = Case(about="odd", control="x1" if control is not None else None, **case)
    answered = {} if status is None else {"body": body}
    exchanges.append(build.exchange("submit_batch", 2, status, case=made, **answered))
    evidence = weigh(contract, exchanges)
    names = ("crash", "typed", "named", "get_batch.not_found", "errors.documented", "error.code")
    return (
        {name: evidence.observations[name] for name in names if evidence.observations[name]},
        [name for name in names if evidence.findings(name)],
    )


@pytest.mark.parametrize(
    ("status", "control", "observed", "failed"),
    [
        (201, 201, {"crash": 1, "named": 3}, []),
        (422, 201, {"crash": 1, "named": 2, "errors.documented": 1, "error.code": 1}, ["named"]),
        # a refusal proves nothing where the control was refused, or where nobody looked at the request
        (422, 422, {"crash": 1, "errors.documented": 2}, []),
        (429, 201, {"named": 1, "errors.documented": 1}, []),
        (503, 201, {"named": 1}, []),
        (None, 201, {"named": 1}, []),
    ],
)
def test_valid_request(
    build: ModuleType,
    annotated: Contract,
    status: int | None,
    control: int,
    observed: dict[str, int],
    failed: list[str],
) -> None:
    found = sent(build, annotated, status, control, mode="valid", place=NAME)
    assert found[1] == failed
    assert {name: found[0].get(name, 0) for name in observed if name != "error.code"} == {
        name: count for name, count in observed.items() if name != "error.code"
    }


@pytest.mark.parametrize(
    ("status", "control", "failed", "counted"),
    [
        (422, 201, [], 1),
        (400, 201, [], 1),
        (201, 201, ["typed"], 1),
        # an acceptance is wrong whatever happened to the control; a refusal tells nothing then
        (201, 422, ["typed"], 1),
        (422, 422, [], 0),
        (429, 201, [], 0),
        (504, 201, [], 0),
    ],
)
def test_invalid_request(
    build: ModuleType, annotated: Contract, status: int, control: int, failed: list[str], counted: int
) -> None:
    observed, found = sent(build, annotated, status, control, mode="invalid", place=NAME + "/type")
    assert (found, observed.get("typed", 0)) == (failed, counted)


def test_keyword_that_nothing_settles_is_open(build: ModuleType, annotated: Contract) -> None:
    place = "body/properties/documents/items/required/name"
    assert sent(build, annotated, 201, mode="invalid", place=place)[1] == []


@pytest.mark.parametrize("mode", ["valid", "invalid", "open"])
def test_internal_error_is_always_a_finding(build: ModuleType, annotated: Contract, mode: str) -> None:
    place = NAME + "/type" if mode == "invalid" else NAME
    assert "crash" in sent(build, annotated, 500, mode=mode, place=place)[1]
    assert "crash" in sent(build, annotated, 500, None, mode=mode, place=place)[1]


@pytest.mark.parametrize("status", [201, 400, 404, 405, 406, 414, 418, 431])
def test_open_request_may_be_answered_in_any_way(build: ModuleType, annotated: Contract, status: int) -> None:
    assert sent(build, annotated, status, mode="open", place="headers")[1] == []


@pytest.mark.parametrize(("status", "failed"), [(404, []), (400, []), (200, ["get_batch.not_found"])])
def test_id_that_names_nothing(
    build: ModuleType, annotated: Contract, status: int, failed: list[str]
) -> None:
    case = Case(mode="invalid", about="a long id", place="path/id")
    body = build.batch() if status == 200 else ERROR
    evidence = weigh(
        annotated, [build.exchange("get_batch", 1, status, body=body, path={"id": "x"}, case=case)]
    )
    assert [name for name in ("get_batch.not_found",) if evidence.findings(name)] == failed


def test_success_of_an_open_request_has_its_shape(build: ModuleType, annotated: Contract) -> None:
    case = Case(mode="open", about="odd", place="headers")
    body = build.batch(status="lost")
    evidence = weigh(annotated, [build.exchange("get_batch", 1, body=body, case=case)])
    assert list(build.found(evidence)) == ["status.enum"]


def test_fingerprint_of_a_case_does_not_hold_what_was_sent(build: ModuleType, annotated: Contract) -> None:
    def fingerprints(about: str) -> list[str]:
        case = Case(mode="invalid", about=about, place=NAME + "/type")
        evidence = weigh(annotated, [build.exchange("submit_batch", 1, 201, body=build.batch(), case=case)])
        return [finding.fingerprint for finding in evidence.findings("typed")]

    assert fingerprints("a number") == fingerprints("a list")
    assert len(fingerprints("a number")) == 1


def described(evidence: Any, name: str) -> Any:
    (finding,) = evidence.findings(name)
    return (finding.fingerprint, finding.message, finding.pointer, finding.expected, finding.observed)


def test_findings_on_generated_requests_in_full(build: ModuleType, annotated: Contract) -> None:
    def weighed(status: int, case: Case) -> Any:
        control = build.exchange("submit_batch", 1, 201, body=build.batch(), sent={"documents": []})
        body = build.batch() if status == 201 else ERROR
        return weigh(annotated, [control, build.exchange("submit_batch", 2, status, body=body, case=case)])

    valid = Case(mode="valid", about="odd", place=NAME, control="x1")
    invalid = Case(mode="invalid", about="odd", place=NAME + "/type", control="x1")
    anywhere = Case(mode="valid", about="odd")
    assert described(weighed(422, valid), "named") == (
        "eeb78672f025f25b", "the valid request (odd) was answered 422", "", "accepted", 422,
    )  # fmt: skip
    assert described(weighed(201, invalid), "typed") == (
        "5173e5f303fecbae", "the invalid request (odd) was answered 201", "",
        "refused with a status of 400 to 499", 201,
    )  # fmt: skip
    crash = (
        "e8300b85320bd053", "the valid request (odd) was answered 500", "",
        "an answer other than an internal error", 500,
    )  # fmt: skip
    evidence = weighed(500, valid)
    assert (evidence.observations["crash"], described(evidence, "crash")) == (1, crash)
    assert described(weighed(500, anywhere), "crash") == ("bef18529f2179580", *crash[1:])


@pytest.mark.parametrize(
    ("operation", "mode", "place", "expected"),
    [
        ("submit_batch", "valid", NAME, "named"),
        ("submit_batch", "open", NAME, None),
        ("submit_batch", "valid", None, None),
        ("submit_batch", "valid", "body", None),
        ("submit_batch", "invalid", NAME + "/type", "typed"),
        ("submit_batch", "invalid", "headers", None),
        ("get_batch", "valid", "body" + NAME, None),
        ("list_documents", "valid", "query/properties/size", "named"),
        ("list_documents", "valid", "query", "crash"),
        ("list_documents", "invalid", "query", None),
        ("get_batch", "invalid", "path/id", "get_batch.not_found"),
        ("get_document", "invalid", "path/id", None),
    ],
)
def test_what_settles_a_case(
    annotated: Contract, operation: str, mode: Any, place: str | None, expected: str | None
) -> None:
    case = Case(mode=mode, about="odd", place=place)
    assert settled(annotated, annotated.manifest.operations[operation], operation, case) == expected


@pytest.mark.parametrize(
    "change", [{"interpretations": {"a": Interpretation(says="", source=Source(document="guide", section="All"))}},
               {"testable": Testable(no="it is not")}],
    ids=["contradicted", "untestable"],
)  # fmt: skip
def test_row_that_proves_nothing_settles_nothing(annotated: Contract, change: dict[str, Any]) -> None:
    row = msgspec.structs.replace(annotated.requirements["named"], **change)
    contract = dataclasses.replace(annotated, requirements={**annotated.requirements, "named": row})
    case = Case(mode="valid", about="odd", place=NAME)
    assert settled(contract, contract.manifest.operations["submit_batch"], "submit_batch", case) is None


@pytest.mark.parametrize(
    ("operation", "place", "expected"),
    [
        ("submit_batch", NAME, True),
        ("list_documents", "query/properties/size", True),
        ("list_documents", "query", False),
        ("submit_batch", None, False),
        ("other", NAME, False),
        (None, NAME, False),
    ],
)
def test_row_that_settles_a_case(
    build: ModuleType, annotated: Contract, operation: str | None, place: str | None, *, expected: bool
) -> None:
    case = Case(mode="valid", about="odd", place=place)
    assert is_settled_by(annotated, build.exchange(operation, 1, case=case), "named") is expected
    assert is_settled_by(annotated, build.exchange(operation, 1), "named") is False


def test_id_that_names_nothing_is_settled_by_the_probe(build: ModuleType, annotated: Contract) -> None:
    case = Case(mode="invalid", about="odd", place="path/id")
    exchange = build.exchange("get_batch", 1, case=case)
    assert is_settled_by(annotated, exchange, "get_batch.not_found") is True
    assert is_settled_by(annotated, exchange, "named") is False


def test_case_that_settles_nothing_hides_no_later_one(build: ModuleType, annotated: Contract) -> None:
    def generated(at: float, status: int | None, **case: Any) -> Any:
        body = {} if status is None else {"body": build.batch()}
        return build.exchange("submit_batch", at, status, case=Case(about="odd", **case), **body)

    nothing = [
        generated(1, None, mode="valid", place=NAME),
        generated(2, 429, mode="valid", place=NAME),
        generated(3, 500, mode="valid", place=NAME),
        generated(4, 201, mode="invalid", place="body/nowhere"),
    ]
    control = build.exchange("submit_batch", 5, 201, body=build.batch())
    wrong = generated(6, 201, mode="invalid", place=NAME + "/type", control="x5")
    (finding,) = weigh(annotated, [*nothing, control, wrong]).findings("typed")
    assert finding.exchanges == ["x6", "x5"]


def test_breadth(build: ModuleType, annotated: Contract) -> None:
    cases = [
        Case(mode="valid", about="odd", place=NAME),
        Case(mode="invalid", about="odd", place=NAME + "/type"),
        Case(mode="invalid", about="odder", place=NAME + "/type"),
        Case(mode="open", about="odd", place="headers"),
    ]
    exchanges = [
        build.exchange("submit_batch", at, 422, body=ERROR, case=case) for at, case in enumerate(cases, 1)
    ]
    looks = [
        build.exchange("get_batch", 10, body=build.batch("queued")),
        build.exchange("get_batch", 11, body=build.batch("running")),
        build.exchange("get_batch", 12, None),
    ]
    described = judge(annotated, build.history([*exchanges, *looks])).breadth
    submitted, read = described.operations["submit_batch"], described.operations["get_batch"]
    assert (submitted.sent, submitted.valid, submitted.invalid, submitted.open) == (4, 1, 2, 1)
    assert (submitted.request_keywords_broken, submitted.request_keywords) == (1, 9)
    assert submitted.response_keywords_exercised == 0
    assert (read.sent, read.request_keywords) == (2, 0)
    assert 0 < read.response_keywords_exercised < read.response_keywords
