"""extend/2025-04-21: authentication, the version header, routing, and hostile bodies."""

import json

import pytest

VERSION = {"x-extend-api-version": "2025-04-21"}
JSON = {"Content-Type": "application/json"}


def assert_error(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-extend-request-id"].startswith("req_")
    assert set(answer.json()) == {"success", "error"}
    assert answer.json()["success"] is False
    assert answer.json()["error"]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic c2s6", "sk_test", "Bearer sk_revoked"])
def test_refuses_bad_credentials(extend_2025, authorization):
    headers = VERSION if authorization is None else VERSION | {"Authorization": authorization}
    assert_error(extend_2025("GET", "/processors", headers=headers), 401)


@pytest.mark.parametrize("version", [None, "", "2026-02-09", "latest"])
def test_requires_its_version(extend_2025, version):
    headers = {"Authorization": "Bearer sk_test"} | (
        {} if version is None else {"x-extend-api-version": version}
    )
    assert_error(extend_2025("GET", "/processors", headers=headers), 400)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nope", 404),
        ("GET", "/extract_runs", 404),
        ("GET", "/processor_runs/dpr_nope", 404),
        ("DELETE", "/processor_runs/dpr_nope", 404),
        ("POST", "/processor_runs/dpr_nope/cancel", 404),
        ("POST", "/processor_runs/batch", 405),
        ("POST", "/batch_processor_runs/bpr_nope", 405),
    ],
)
def test_unknown_paths_and_methods(extend_2025, method, path, status):
    assert_error(extend_2025(method, path), status)


def test_each_token_has_its_own_workspace(extend_2025):
    run = extend_2025.create().json()["processorRun"]
    extend_2025.key = VERSION | {"Authorization": "Bearer sk_other"}
    assert_error(extend_2025("GET", f"/processor_runs/{run['id']}"), 404)
    assert run["id"] not in [row["id"] for row in extend_2025.traverse()]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 100_000],
)
def test_malformed_bodies_are_refused(extend_2025, content):
    headers = extend_2025.key | JSON
    assert_error(extend_2025("POST", "/processor_runs", headers=headers, content=content), 400)


@pytest.mark.parametrize(
    "place",
    [
        "processorId", "version", "file", "rawText", "sync", "priority", "metadata", "config",
        "file.fileUrl", "file.fileId", "file.fileName", "config.type", "config.schema", "config.fields",
        "config.fields.0", "config.baseProcessor", "schema.properties", "schema.properties.p",
    ],
)  # fmt: skip
def test_hostile_members(extend_2025, place, hostile):
    schema = {"type": "object", "properties": {"p": {"type": "string"}}}
    config = {"type": "EXTRACT", "schema": schema}
    file = {"fileUrl": "https://a.example/a.pdf"}
    body = {"processorId": extend_2025.processor(), "file": file, "sync": True, "config": config}
    if place == "config.fields.0":
        config["fields"] = [hostile]
    else:
        holder, _, name = place.rpartition(".")
        inner = {
            "": body,
            "file": file,
            "config": config,
            "schema": schema,
            "schema.properties": schema["properties"],
        }
        inner[holder][name] = hostile
    headers = extend_2025.key | JSON
    answer = extend_2025("POST", "/processor_runs", headers=headers, content=json.dumps(body))
    assert answer.status_code in (200, 400, 404)
    if answer.status_code == 200:
        assert extend_2025.run(answer.json()["processorRun"])["status"] in ("PROCESSING", "PROCESSED")


@pytest.mark.parametrize("type_", ["CLASSIFY", "SPLITTER"])
def test_hostile_classes(extend_2025, type_, hostile):
    name = {"CLASSIFY": "classifications", "SPLITTER": "splitClassifications"}[type_]
    for content in (
        hostile,
        [hostile],
        [{"id": "a", "type": hostile}],
        [{"id": "a", "type": "b", "description": hostile}],
    ):
        body = {
            "processorId": extend_2025.processor(type_),
            "rawText": "x",
            "sync": True,
            "config": {"type": type_, name: content},
        }
        answer = extend_2025(
            "POST", "/processor_runs", headers=extend_2025.key | JSON, content=json.dumps(body)
        )
        assert answer.status_code in (200, 400)


def test_a_defect_of_the_emulator_is_an_internal_error(extend_2025):
    extend_2025.app.state.emulator.behaviour.on_object("processor", lambda body, *_: body["nope"])
    with pytest.raises(KeyError):
        extend_2025.get("/processors")
