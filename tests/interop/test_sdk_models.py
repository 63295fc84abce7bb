"""The models of the vendor's SDK and our contracts agree, operation by operation, except where ``clients.yaml`` says so."""

import copy
import json
from functools import cache
from importlib.metadata import version
from typing import Any

import pytest
from pydantic import TypeAdapter
from sdk_answers import CLIENT, ERROR, NEWER, OLDER, Answers, answers, models
from sdk_fields import Difference, Other, differences, others

from batchproof.contract import Contract, load_contract
from batchproof.contract.model import Client
from batchproof.history import Exchange, Request, Response
from batchproof.judging.evidence import Evidence
from batchproof.judging.shape import judge_shape

CONTRACTS = (NEWER, OLDER)
OPERATIONS = [(contract, operation) for contract in CONTRACTS for operation in (*CLIENT[contract], ERROR)]
ANY = Exchange(
    id="x1",
    scenario="sdk",
    operation=None,
    start=0.0,
    end=0.0,
    request=Request(method="GET", url="http://emulator/"),
    response=Response(status=200),
)


@cache
def contract_of(name: str) -> Contract:
    return load_contract(name)


@cache
def answers_of(contract: str, *variants: str) -> Answers:
    return answers(contract, *variants)


@cache
def model_of(contract: str, operation: str) -> TypeAdapter[Any]:
    return TypeAdapter(models(contract)[operation])


@cache
def refusals(contract: str, operation: str) -> dict[str, str]:
    """The requirements that refuse an instance of the model, each with the first such instance."""
    found: dict[str, str] = {}
    loaded = contract_of(contract)
    manifest = loaded.manifest
    schema = manifest.error if operation == ERROR else manifest.operations[operation].success.schema
    validator = loaded.shapes.validator(schema)
    model = model_of(contract, operation)
    for body in answers_of(contract)[operation]:
        for other in [Other("as sent", body), *others(model.validate_python(body), body)]:
            serialised = json.loads(model.validate_python(other.value).json(by_alias=True))
            if not validator.is_valid(serialised):
                evidence = Evidence()
                judge_shape(loaded.shapes, schema, serialised, ANY, evidence, "body")
                for row in loaded.requirements:
                    if evidence.findings(row):
                        found.setdefault(row, f"{operation} {other.what}")
    return found


def listed(contract: str) -> Client:
    (client,) = contract_of(contract).clients
    return client


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_operation_is_compared(contract: str) -> None:
    assert set(CLIENT[contract]) == set(contract_of(contract).manifest.operations)
    assert set(answers_of(contract)) == {*CLIENT[contract], ERROR}
    assert listed(contract).package == f"extend-ai {version('extend-ai')}"


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_models_know_every_field_and_miss_none(contract: str) -> None:
    found = {
        (operation, difference.at, difference.kind)
        for operation, bodies in answers_of(contract).items()
        for body in bodies
        for difference in differences(model_of(contract, operation).validate_python(body), body)
    }
    assert found == {(item.operation, item.at, item.kind) for item in listed(contract).sent}


@pytest.mark.parametrize(("contract", "operation"), OPERATIONS)
def test_the_schemas_accept_what_the_models_serialise(contract: str, operation: str) -> None:
    known = {row for item in listed(contract).stricter for row in item.rows}
    found = refusals(contract, operation)
    assert {row: instance for row, instance in found.items() if row not in known} == {}
    assert [row for row, instance in found.items() if instance.endswith(" as sent")] == []


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_listed_difference_is_real(contract: str) -> None:
    found = {row for operation in (*CLIENT[contract], ERROR) for row in refusals(contract, operation)}
    assert {row for item in listed(contract).stricter for row in item.rows} - found == set()


def test_an_unknown_field_is_a_difference() -> None:
    found = {
        (operation, difference)
        for operation, bodies in answers_of(NEWER, "unknown-properties").items()
        for body in bodies
        for difference in differences(model_of(NEWER, operation).validate_python(body), body)
    }
    assert ("get_batch_run", Difference("unknown", "/previewNote")) in found
    assert ("list_extract_runs", Difference("unknown", "/data/*/previewFlags")) in found


def test_a_missing_field_and_an_unknown_value_are_differences() -> None:
    body = copy.deepcopy(answers_of(NEWER)["get_extract_run"][0])
    del body["object"]
    body["status"] = "RESTING"
    found = set(differences(model_of(NEWER, "get_extract_run").validate_python(body), body))
    assert found == {Difference("missing", "/object"), Difference("value", "/status")}


def test_the_other_instances_reach_optional_fields_and_listed_values() -> None:
    body = answers_of(NEWER)["get_extract_run"][0]
    described = {
        other.what for other in others(model_of(NEWER, "get_extract_run").validate_python(body), body)
    }
    assert {"status: 'CANCELLED'", "usage: absent", "metadata: None", "failureReason: 'text'"} <= described
    assert any(what.startswith("files: [{") for what in described)
