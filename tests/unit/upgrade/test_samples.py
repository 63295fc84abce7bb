"""A program's own requests and answers, before and after: every one fits the contract that it is shown for."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import jsonschema
import msgspec
import pytest
from referencing import Registry, Resource

from batchproof.contract import Contract, load_contract
from batchproof.history import Exchange, Request, Response
from batchproof.upgrade import load_map, upgrade
from batchproof.upgrade.change import Change
from batchproof.upgrade.examples import misfit
from batchproof.upgrade.mapping import Pair
from batchproof.upgrade.todo import Todo, Trace, todo
from batchproof.upgrade.todo.model import Sample

URL = "https://api.papers.test"
OLDER, NEWER = load_contract("extend/2025-04-21"), load_contract("extend/2026-02-09")
MAPPED, DESCRIBED = load_map(OLDER, NEWER), upgrade(OLDER, NEWER)


class Case(NamedTuple):
    """A documented body, as an answer to an operation or as an error of it."""

    name: str
    operation: str
    answer: Any
    status: int


def documented(contract: Contract, schema: str) -> Iterator[tuple[str, Any]]:
    for file in sorted((contract.folder / "examples").glob("*.json")):
        example = json.loads(file.read_text(encoding="utf-8"))
        if example["schema"] == schema and example["valid"]:
            yield file.stem, example["instance"]


def cases() -> Iterator[Case]:
    for name, operation in OLDER.manifest.operations.items():
        if not MAPPED.operations(name):
            continue
        inner = {"resources/processor_run_response.json": "resources/processor_run.json"}
        for stem, body in documented(OLDER, inner.get(operation.success.schema, operation.success.schema)):
            whole = operation.success.schema in inner
            answer = {"success": True, "processorRun": body} if whole else body
            yield Case(f"{name}-{stem}", name, answer, operation.success.status)
        for stem, body in documented(OLDER, OLDER.manifest.error):
            for status in operation.errors.statuses:
                yield Case(f"{name}-{stem}-{status}", name, body, status)


def validator(contract: Contract, file: str) -> jsonschema.Draft202012Validator:
    documents = contract.shapes.documents
    registry: Registry[Any] = Registry().with_resources(
        (uri, Resource.from_contents(document)) for uri, document in documents.items()
    )
    return jsonschema.Draft202012Validator(contract.shapes.document(file), registry=registry)


def wrong(contract: Contract, file: str, body: Any) -> list[str]:
    return [
        f"{error.json_path}: {error.message[:90]}" for error in validator(contract, file).iter_errors(body)
    ]


def made(case: Case) -> Todo:
    operation = OLDER.manifest.operations[case.operation]
    path = operation.path.replace("{id}", "dpr_Xj8mK2pL9nR4vT7qY5wZ")
    sent = (
        {"processorId": "dp_1", "file": {"fileUrl": f"{URL}/a.pdf"}} if operation.request else msgspec.UNSET
    )
    exchange = Exchange(
        id="m1",
        scenario="traffic",
        operation=None,
        start=0.0,
        end=1.0,
        request=Request(
            method=operation.method,
            url=URL + path,
            path={"id": "dpr_Xj8mK2pL9nR4vT7qY5wZ"} if "{id}" in operation.path else {},
            query=[],
            headers={"x-extend-api-version": "2025-04-21"},
            body=sent,
        ),
        response=Response(status=case.status, body=case.answer),
    )
    return todo(MAPPED, DESCRIBED, [Trace("traffic.har", "", [exchange])])


def samples(case: Case) -> list[tuple[str, str, Sample]]:
    """The samples with an answer, each with the schemas of it before and after."""
    good = case.status in range(200, 300)
    operation, targets = OLDER.manifest.operations[case.operation], MAPPED.operations(case.operation)
    found = []
    for call in made(case).calls:
        for sample in call.samples:
            if good and call.kind == "operation":
                target = NEWER.manifest.operations[targets[sample.variant or ""]]
                found.append((operation.success.schema, target.success.schema, sample))
            elif not good and call.kind == "everywhere":
                found.append((OLDER.manifest.error, NEWER.manifest.error, sample))
    return found


def ids_of(body: Any) -> Iterator[str]:
    """The ids of runs, processors and versions."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name == "id" and isinstance(value, str):
                yield value
            elif name in ("data", "extractor", "classifier", "splitter") or name.endswith("Version"):
                yield from ids_of(value)
    elif isinstance(body, list):
        for value in body:
            yield from ids_of(value)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_every_example_fits_its_contract(case: Case) -> None:
    found = samples(case)
    assert found
    for before, after, sample in found:
        assert wrong(OLDER, before, sample.answer_before) == []
        assert sample.answer_after is not None
        assert not any(id_.startswith(("dpr_", "dp_", "dpv_")) for id_ in ids_of(sample.answer_after))
        assert wrong(NEWER, after, sample.answer_after) == []


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [
        (400, "INVALID_REQUEST", False),
        (401, "UNAUTHORIZED", False),
        (403, "UNAUTHORIZED", False),
        (404, "NOT_FOUND", False),
        (429, "RATE_LIMIT_EXCEEDED", True),
    ],
)
def test_an_error_has_the_code_of_its_status(status: int, code: str, retryable: bool) -> None:
    case = Case("", "get_processor_run", {"success": False, "error": "No."}, status)
    ((_, _, sample),) = samples(case)
    assert (sample.answer_after["code"], sample.answer_after["retryable"]) == (code, retryable)
    assert sample.answer_after["message"] == "No."


@pytest.mark.parametrize(
    "stem", [name for name, _ in documented(OLDER, "requests/create_processor_run.json")]
)
def test_every_request_fits_its_contract(stem: str) -> None:
    body = dict(documented(OLDER, "requests/create_processor_run.json"))[stem]
    operation = OLDER.manifest.operations["create_processor_run"]
    request = Request(
        method="POST",
        url=f"{URL}{operation.path}",
        path={},
        query=[],
        headers={"x-extend-api-version": "2025-04-21"},
        body=body,
    )
    exchange = Exchange(
        id="m1", scenario="traffic", operation=None, start=0.0, end=1.0, request=request, response=None
    )
    (call,) = (one for one in todo(MAPPED, DESCRIBED, [Trace("t", "", [exchange])]).calls if one.samples)
    found = {
        sample.variant: wrong(
            NEWER,
            NEWER.manifest.operations[
                MAPPED.operations("create_processor_run")[sample.variant or ""]
            ].request.schema,  # type: ignore[union-attr]
            (sample.request_after or {})["body"],
        )
        for sample in call.samples
    }
    assert {variant: errors for variant, errors in found.items() if errors} == {}


def pairs_of(change: Change) -> Iterator[Pair]:
    """The shapes that a change is about, in the variants that have it."""
    named = change.id.partition("@")[2]
    for pair in MAPPED.pairs:
        if pair.older_file.endswith(f"/{change.id.partition('.')[0]}.json") and (
            not named or pair.variant in named.split("+")
        ):
            yield pair


SHOWN = [one for one in DESCRIBED.changes if one.example is not None and not one.id.startswith("stated.")]


@pytest.mark.parametrize("change", SHOWN, ids=lambda change: change.id)
def test_every_example_of_a_change_fits_both_shapes(change: Change) -> None:
    # several variants share a change, and it shows the first of them
    pair = next(pairs_of(change))
    sent = pair.older_file.startswith("requests/")
    example = change.example
    assert example is not None
    assert misfit(OLDER.shapes, pair.older_file, example.before, whole=sent) is None
    if example.after is not None:
        # in an alternative, what is lacking counts as a misfit of the whole
        found = misfit(NEWER.shapes, pair.newer_file, example.after, whole=sent)
        assert found is None or (found == "/metadata (anyOf)" and not sent)
