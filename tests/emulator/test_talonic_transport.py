"""talonic/v1: authentication, routing, the error envelope and the headers on every answer."""

import httpx
import pytest

from batchproof.emulator import Server, create_app

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def assert_error(response, status, code, reason, path):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    request_id = body.pop("request_id")
    assert body.pop("message")
    assert body == {
        "statusCode": status,
        "code": code,
        "error": reason,
        "retryable": False,
        "timestamp": "2026-03-01T12:00:00.000Z",
        "path": path,
    }
    assert request_id.startswith("req_")
    assert response.headers["x-request-id"] == request_id


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic eDp5", "tlnc_x", "Bearer tlnc_invalid"])
@pytest.mark.parametrize("path", ["/v1/batches", "/v1/sources"])
def test_refuses_bad_credentials(talonic, path, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    assert_error(talonic("GET", path, headers=headers), 401, "unauthorized", "Unauthorized", path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/batches/{}"),
        ("POST", "/v1/batches/{}/sync"),
        ("POST", "/v1/batches/{}/cancel"),
        ("POST", "/v1/sources/{}/documents"),
        ("GET", "/v1/documents/{}"),
    ],
)
@pytest.mark.parametrize("id_", [UNKNOWN, "nope", "x" * 300, "%00", "%ff", "%F0%9F%92%A9", "{id}"])
def test_unknown_ids_are_not_found(talonic, method, path, id_):
    sent = path.format(id_).replace("{", "%7B").replace("}", "%7D")
    assert_error(talonic(method, sent), 404, "not_found", "Not Found", sent)


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/batches/", "/v2/batches", "/v1/batches/a/b"])
def test_unknown_paths_are_not_found(talonic, path):
    assert_error(talonic("GET", path), 404, "not_found", "Not Found", path)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_batches_cannot_be_created(talonic, method):
    response = talonic(method, "/v1/batches")
    assert_error(response, 405, "method_not_allowed", "Method Not Allowed", "/v1/batches")


def test_each_token_has_its_own_workspace(talonic):
    ingested = talonic.ingest().json()
    (batch, *_) = talonic.batches()
    talonic.key = {"Authorization": "Bearer tlnc_other"}
    for path in (f"/v1/batches/{batch['id']}", ingested["links"]["document"]):
        assert_error(talonic("GET", path), 404, "not_found", "Not Found", path)
    assert len(talonic.batches()) == 33


def test_every_answer_counts_down(talonic):
    answers = [talonic("GET", path) for path in ("/v1/batches", "/v1/batches/nope", "/nope")]
    for left, answer in enumerate(reversed(answers), 999_997):
        assert answer.headers["x-ratelimit-limit"] == "1000000"
        assert answer.headers["x-ratelimit-remaining"] == str(left)
        assert answer.headers["x-ratelimit-reset"] == "2026-03-02T00:00:00.000Z"


def test_the_limit_holds_until_midnight(talonic):
    talonic.app.state.emulator.behaviour.limits.calls_per_day = 2
    talonic.get("/v1/sources")
    assert talonic("GET", "/v1/sources").headers["x-ratelimit-remaining"] == "0"
    limited = talonic("GET", "/v1/sources")
    assert (limited.status_code, limited.json()["code"]) == (429, "rate_limited")
    assert limited.json()["retryable"] is True
    assert limited.headers["retry-after"] == str(12 * 60 * 60)
    assert limited.headers["x-ratelimit-remaining"] == "0"
    talonic.key = {"Authorization": "Bearer tlnc_other"}
    talonic.get("/v1/sources")
    talonic.key = {"Authorization": "Bearer tlnc_test"}
    talonic.clock.advance(12 * 60 * 60)
    assert talonic("GET", "/v1/sources").headers["x-ratelimit-remaining"] == "1"


def test_without_steps_a_batch_ends_at_once(talonic):
    talonic.app.state.emulator.behaviour.step_ms = 0
    for n in range(2):
        answer = talonic.ingest(content=bytes([n]))
        assert talonic.batches()[0]["status"] == "completed"
        assert talonic.get(answer.json()["links"]["document"])["status"] == "completed"


def test_a_defect_of_the_emulator_is_an_internal_error(talonic):
    talonic.app.state.emulator.behaviour.on_object("source", lambda body, *_: body["nope"])
    with pytest.raises(KeyError):
        talonic.get("/v1/sources")


def test_over_a_real_socket():
    with (
        Server(create_app("talonic/v1", step_ms=0)) as server,
        httpx.Client(base_url=server.url, headers={"Authorization": "Bearer tlnc_test"}) as http,
    ):
        endpoint = http.get("/v1/sources").json()["data"][0]["endpoint"]
        content = bytes(range(256)) * 1000
        form = {"data": {"processing_mode": "batch"}, "files": {"file": ("a.pdf", content)}}
        document = http.get(http.post(endpoint, **form).json()["links"]["document"]).json()
        assert (document["status"], document["size_bytes"]) == ("completed", len(content))
        assert http.get("/v1/batches/a%20b?x=1").json()["path"] == "/v1/batches/a%20b"
