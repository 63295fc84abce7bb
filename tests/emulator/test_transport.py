"""Authentication, versioning, routing and the error body."""

import pytest

VERSION = {"x-extend-api-version": "2026-02-09"}


def assert_error(response, status, code):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert set(body) == {"code", "message", "retryable", "requestId"}
    assert body["code"] == code
    assert body["retryable"] is False
    assert body["requestId"] == response.headers["x-extend-request-id"]


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer schlüssel",
        "Basic c2s6",
        "sk_test",
        "Bearer sk_REVOKED",
        "Bearer invalid-token",
    ],
)
def test_refuses_bad_credentials(api, authorization):
    headers = VERSION if authorization is None else VERSION | {"Authorization": authorization}
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    assert_error(api("GET", "/extractors", headers=encoded), 401, "UNAUTHORIZED")


def test_refuses_two_authorization_headers(api):
    headers = [*VERSION.items(), ("Authorization", "Bearer sk_a"), ("Authorization", "Bearer sk_b")]
    assert_error(api("GET", "/extractors", headers=headers), 401, "UNAUTHORIZED")


def test_given_tokens_are_the_only_ones(make_api):
    api = make_api(tokens=["sk_wrong_on_purpose"])
    assert api("GET", "/extractors", headers=VERSION | {"Authorization": "Bearer sk_test"}).status_code == 401
    accepted = VERSION | {"Authorization": "bearer sk_wrong_on_purpose"}
    assert api("GET", "/extractors", headers=accepted).status_code == 200


@pytest.mark.parametrize("version", [None, "", "2025-04-21", "2026-2-9", "latest"])
def test_requires_its_version(api, version):
    headers = {"Authorization": "Bearer sk_test"}
    if version is not None:
        headers["x-extend-api-version"] = version
    assert_error(api("GET", "/extractors", headers=headers), 400, "INVALID_REQUEST")


def test_every_answer_has_its_own_request_id(api):
    ids = {api("GET", "/extractors").headers["x-extend-request-id"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("path", ["/", "/nope", "/extract_runs/", "/extract_runs/a/b", "/batch_runs/"])
def test_unknown_paths_are_not_found(api, path):
    assert_error(api("GET", path), 404, "NOT_FOUND")


def test_a_wrong_method_is_not_allowed(api):
    response = api("PATCH", "/extract_runs/exr_1")
    assert_error(response, 405, "METHOD_NOT_ALLOWED")
    assert {"GET", "DELETE"} <= set(response.headers["allow"].split(", "))


@pytest.mark.parametrize(
    "path", ["/batch_runs/bpr_nope", "/extract_runs/exr_nope", f"/batch_runs/{'x' * 300}"]
)
def test_unknown_ids_are_not_found(api, path):
    assert_error(api("GET", path), 404, "NOT_FOUND")


def test_each_token_has_its_own_workspace(api, file):
    batch = api.submit(file)
    run = api.traverse()[0]
    other = VERSION | {"Authorization": "Bearer sk_other"}
    assert_error(api("GET", f"/batch_runs/{batch['id']}", headers=other), 404, "NOT_FOUND")
    assert_error(api("DELETE", f"/extract_runs/{run['id']}", headers=other), 404, "NOT_FOUND")
    assert api("GET", "/extract_runs", headers=other).json()["data"] == []
    foreign = api("GET", "/extractors", headers=other).json()["data"][0]["id"]
    assert foreign != api.extractor_id()
    body = {"extractor": {"id": foreign}, "inputs": [{"file": file}]}
    assert_error(api("POST", "/extract_runs/batch", json=body), 404, "NOT_FOUND")


def test_a_defect_of_the_emulator_is_an_internal_error(make_api, key):
    api = make_api()
    api.app.state.emulator.behaviour.on_object("list", lambda body, *_: body["nope"])
    with pytest.raises(KeyError):
        api("GET", "/extractors", headers=key)
