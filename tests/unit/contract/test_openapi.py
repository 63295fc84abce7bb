import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator

from batchproof.contract import Contract, installed_contracts, load_contract
from batchproof.contract.openapi import openapi_document

BASE = "https://batchproof.dev/schemas/acme/v1/"
MANIFEST = """
format: batchproof-contract/1
id: acme/v1
title: Acme API
documents: {jobs: {title: Jobs, url: "https://docs.example/jobs"}}
auth: {scheme: bearer, refused: [401]}
headers: {x-version: "1", accept: application/json}
preflight: list_jobs
error: resources/error.json
inputs: {document: [{value: {text: a}}]}
resources: {job: {id: /job/id}, row: {id: /id}}
operations:
  list_jobs:
    method: GET
    path: /jobs
    document: jobs
    query: requests/list.json
    pages: {rows: /rows, next: /next, token: token}
    owner: {parameter: job, resource: job}
    success: {status: 200, schema: resources/list.json, shows: [{resource: row, at: /rows/*}], requirement: list.success}
    errors: {statuses: [429, 499], requirement: list.errors, open: [429]}
  submit:
    method: POST
    path: /jobs
    document: jobs
    creates: job
    request: {schema: requests/submit.json, body: {inputs: {$inputs: document}}}
    success: {status: 201, schema: resources/job.json, shows: [{resource: job, at: ""}], requirement: submit.success}
    errors: {statuses: [400], requirement: submit.errors}
  copy:
    method: POST
    path: /copies
    document: jobs
    query: requests/nothing.json
    creates: job
    success: {status: 201, schema: resources/job.json, shows: [{resource: job, at: ""}], requirement: submit.success}
    errors: {statuses: [400], requirement: submit.errors}
  list_more:
    method: GET
    path: /more
    document: jobs
    query: requests/view.json
    pages: {rows: /rows, next: /next, token: view}
    success: {status: 200, schema: resources/list.json, shows: [{resource: row, at: /rows/*}], requirement: list.success}
    errors: {statuses: [429], requirement: list.errors}
  read:
    method: GET
    path: /jobs/{job_id}
    document: jobs
    reads: job
    success: {status: 200, schema: resources/job.json, shows: [{resource: job, at: ""}], requirement: read.success}
    errors: {statuses: [404], requirement: read.errors}
  stop:
    method: POST
    path: /jobs/{job_id}:stop
    document: jobs
    success: {status: 200, schema: resources/job.json, requirement: read.success}
    errors: {statuses: [404], requirement: read.errors}
flows: {jobs: {submit: submit, read: read, list: list_jobs, read_run: read}, blind: {submit: submit, list: list_more}, lone: {submit: submit}}
"""
SCHEMAS: dict[str, Any] = {
    "resources/error.json": {"type": "object"},
    "resources/job.json": {
        "x-requirement": {"$ref": "job", "*": "job"},
        "type": "object",
        "properties": {
            "job": {"$ref": "#/$defs/job"},
            "rows": {"type": "array", "items": {"$ref": "list.json#/$defs/row"}},
            "$ref": {"const": {"$ref": "data", "$id": "data"}},
        },
        "$defs": {"job": {"type": "object", "properties": {"id": {"type": "string"}}}},
    },
    "resources/list.json": {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": {"$ref": "#/$defs/row"}}},
        "$defs": {"row": {"type": "object", "properties": {"owner": {"$ref": "job.json"}}}},
    },
    "requests/list.json": {
        "type": "object",
        "required": ["job"],
        "properties": {"job": {"type": "string"}, "token": {"$ref": "submit.json#/$defs/token"}},
    },
    "requests/nothing.json": {"type": "object"},
    "requests/view.json": {
        "type": "object",
        "properties": {"view": {"anyOf": [{"$ref": "submit.json#/$defs/token"}]}},
    },
    "requests/submit.json": {"type": "object", "$defs": {"token": {"type": "string", "minLength": 1}}},
}
IDS = ["list.success", "list.errors", "submit.success", "submit.errors", "read.success", "read.errors", "job"]


@pytest.fixture
def acme(tmp_path: Path) -> Contract:
    (tmp_path / "contract.yaml").write_text(MANIFEST, encoding="utf-8")
    source = {"document": "jobs", "section": "all"}
    rows = [
        {
            "id": identifier,
            "level": "MUST",
            "statement": "It is.",
            "source": source,
            "basis": "documented",
            "aspect": "shape",
            "testable": "black-box",
        }
        for identifier in IDS
    ]
    (tmp_path / "requirements.yaml").write_text(json.dumps(rows), encoding="utf-8")
    for file, schema in SCHEMAS.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(json.dumps({"$id": BASE + file, **schema}), encoding="utf-8")
    return load_contract(str(tmp_path))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference != "data":
            yield reference
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def test_the_document_is_openapi(acme: Contract) -> None:
    document = openapi_document(acme)
    OpenAPIV31SpecValidator(document).validate()
    assert document["info"] == {"title": "Acme API", "version": "v1"}
    assert document["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}
    assert document["security"] == [{"bearer": []}]


def test_schemas_become_components(acme: Contract) -> None:
    schemas = openapi_document(acme)["components"]["schemas"]
    assert set(schemas) == {"error", "job", "resources.list", "requests.list", "submit", "nothing", "view"}
    token = {"$ref": "#/components/schemas/submit/$defs/token"}
    assert schemas["view"]["properties"] == {"view": {"anyOf": [token]}}
    assert schemas["job"]["x-requirement"] == {"$ref": "job", "*": "job"}
    assert schemas["job"]["properties"]["job"] == {"$ref": "#/components/schemas/job/$defs/job"}
    assert schemas["job"]["properties"]["rows"]["items"] == {
        "$ref": "#/components/schemas/resources.list/$defs/row"
    }
    assert "$id" not in schemas["job"]


def test_data_in_schemas_is_left_alone(acme: Contract) -> None:
    named = openapi_document(acme)["components"]["schemas"]["job"]["properties"]["$ref"]
    assert named == {"const": {"$ref": "data", "$id": "data"}}


def test_parameters(acme: Contract) -> None:
    paths = openapi_document(acme)["paths"]
    listed = {item["name"]: item for item in paths["/jobs"]["get"]["parameters"]}
    assert list(listed) == ["job", "token", "x-version"]
    assert (listed["job"]["in"], listed["job"]["required"]) == ("query", True)
    assert listed["token"]["schema"] == {"$ref": "#/components/schemas/submit/$defs/token"}
    assert listed["token"]["required"] is False
    assert listed["x-version"]["schema"] == {"type": "string", "const": "1"}
    assert paths["/jobs/{job_id}:stop"]["post"]["parameters"] == paths["/jobs/{job_id}"]["get"]["parameters"]
    identifier, version = paths["/jobs/{job_id}"]["get"]["parameters"]
    assert identifier == {
        "name": "job_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    }
    assert version == {
        "name": "x-version",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "const": "1"},
    }
    assert [item["name"] for item in paths["/copies"]["post"]["parameters"]] == ["x-version"]
    view = paths["/more"]["get"]["parameters"][0]
    assert (view["name"], view["required"]) == ("view", False)


def test_responses(acme: Contract) -> None:
    responses = openapi_document(acme)["paths"]["/jobs"]["get"]["responses"]
    assert {status: item["description"] for status, item in responses.items()} == {
        "200": "OK",
        "429": "Too Many Requests",
        "499": "Status 499",
    }
    assert responses["429"]["content"]["application/json"]["schema"] == {}
    assert responses["499"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/error"}


def test_links_follow_the_flows(acme: Contract) -> None:
    paths = openapi_document(acme)["paths"]
    links = paths["/jobs"]["post"]["responses"]["201"]["links"]
    assert {name: link["parameters"] for name, link in links.items()} == {
        "read": {"job_id": "$response.body#/job/id"},
        "list_jobs": {"job": "$response.body#/job/id"},
    }
    assert paths["/jobs"]["get"]["responses"]["200"]["links"]["read"]["parameters"] == {
        "job_id": "$response.body#/rows/0/job/id"
    }
    ends = [("/copies", "post", "201"), ("/more", "get", "200"), ("/jobs/{job_id}", "get", "200")]
    assert [end for end in ends if "links" in paths[end[0]][end[1]]["responses"][end[2]]] == []


def test_operations_name_their_requirements_and_pages(acme: Contract) -> None:
    operation = openapi_document(acme)["paths"]["/jobs"]["post"]
    assert operation["operationId"] == "submit"
    assert operation["x-requirement"] == {"success": "submit.success", "errors": "submit.errors"}
    assert operation["externalDocs"]["url"] == "https://docs.example/jobs"
    assert operation["requestBody"]["required"] is True


def test_the_contract_stays_as_it_was(acme: Contract) -> None:
    before = json.dumps(acme.shapes.documents)
    document = openapi_document(acme)
    document["components"]["schemas"].clear()
    assert json.dumps(acme.shapes.documents) == before


@pytest.mark.parametrize("contract", installed_contracts())
def test_installed_contracts(contract: str) -> None:
    loaded = load_contract(contract)
    document = openapi_document(loaded)
    assert json.dumps(document) == json.dumps(openapi_document(load_contract(contract)))
    OpenAPIV31SpecValidator(document).validate()
    assert all(reference.startswith("#/components/schemas/") for reference in references(document))
    schema = schemathesis.openapi.from_dict(document)
    labels = {operation.ok().label for operation in schema.get_all_operations()}
    assert labels == {f"{item.method} {item.path}" for item in loaded.manifest.operations.values()}
