"""What the text of a token tells the emulators: whose it is, and whether its quota is used up."""

import pytest

TALONIC = "Bearer tlnc_{}_key"
EXTEND = "Bearer sk_{}_key"


@pytest.mark.parametrize("auth", ["second", "limited"])
def test_token_is_accepted_where_it_is_given(make_api, auth):
    api = make_api(tokens=["sk_test", f"sk_{auth}_key"])
    headers = api.key | {"Authorization": EXTEND.format(auth)}
    assert api("GET", "/extractors", headers=headers).status_code == {"second": 200, "limited": 429}[auth]
    assert api("GET", "/extractors", headers=api.key).status_code == 200


def test_another_organisation_has_nothing_of_the_first_one(talonic):
    batch = talonic.get("/v1/batches")["data"][0]["id"]
    other = talonic.key | {"Authorization": TALONIC.format("second")}
    assert talonic("GET", f"/v1/batches/{batch}", headers=other).status_code == 404
    assert talonic("GET", "/v1/batches", headers=other).json()["data"] == []
    assert talonic("GET", f"/v1/batches/{batch}").status_code == 200


def test_used_up_quota_of_talonic(talonic):
    limited = talonic.key | {"Authorization": TALONIC.format("limited")}
    answers = [talonic("GET", "/v1/batches", headers=limited) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [429, 429]
    body = answers[0].json()
    assert (body["statusCode"], body["code"], body["retryable"]) == (429, "rate_limited", True)
    assert int(answers[0].headers["retry-after"]) > 0
    assert answers[0].headers["x-ratelimit-remaining"] == "0"


def test_used_up_quota_of_the_older_version(extend_2025):
    limited = extend_2025.key | {"Authorization": EXTEND.format("limited")}
    answer = extend_2025("GET", "/processors", headers=limited)
    assert (answer.status_code, set(answer.json())) == (429, {"success", "error"})
    assert answer.headers["retry-after"] == "1"
