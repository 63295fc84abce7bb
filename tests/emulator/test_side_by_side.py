"""Two versions at one address: the header of a request chooses which of them answers."""

from datetime import datetime, timedelta

import httpx
import pytest

from batchproof.emulator import Embedded, create_apps

OLDER, NEWER = "extend/2025-04-21", "extend/2026-02-09"


def asked(server: Embedded, path: str, version: str | None) -> httpx.Response:
    chosen = {} if version is None else {"x-extend-api-version": version}
    return httpx.get(server.url + path, headers={"Authorization": "Bearer sk_test", **chosen})


def test_the_header_chooses_the_version():
    with Embedded([OLDER, NEWER]) as server:
        answers = [
            asked(server, "/processor_runs", "2025-04-21"),
            asked(server, "/extract_runs", "2026-02-09"),
        ]
        crossed = [
            asked(server, "/processor_runs", "2026-02-09"),
            asked(server, "/extract_runs", "2025-04-21"),
        ]
    assert [(answer.status_code, sorted(answer.json())) for answer in answers] == [
        (200, ["nextPageToken", "processorRuns", "success"]),
        (200, ["data", "nextPageToken", "object"]),
    ]
    assert [answer.status_code for answer in crossed] == [404, 404]


@pytest.mark.parametrize("version", [None, "1999-01-01"])
def test_what_chooses_no_version_is_answered_by_the_first(version):
    with Embedded([NEWER, OLDER]) as server:
        answer = asked(server, "/extract_runs", version)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


def created_now(server: Embedded) -> datetime:
    """When a new run of the newer version was created."""
    body = {"file": {"url": "https://files.example.com/invoice.pdf"}}
    headers = {"Authorization": "Bearer sk_test", "x-extend-api-version": "2026-02-09"}
    made = httpx.post(server.url + "/extract_runs", json=body, headers=headers).json()
    return datetime.fromisoformat(made["createdAt"])


def test_versions_have_one_clock():
    with Embedded([OLDER, NEWER]) as server:
        before = created_now(server)
        for _ in range(100):
            asked(server, "/processors", "2025-04-21")
        assert created_now(server) - before >= timedelta(seconds=1)


@pytest.mark.parametrize(
    ("fault", "codes"), [("key-not-required", [200, 200]), (f"{NEWER}:key-not-required", [401, 200])]
)
def test_a_fault_can_be_planted_into_one_version(fault, codes):
    with Embedded([OLDER, NEWER], faults=[fault]) as server:
        answers = [
            httpx.get(server.url + path, headers={"x-extend-api-version": version}).status_code
            for path, version in (("/processors", "2025-04-21"), ("/extractors", "2026-02-09"))
        ]
    assert answers == codes


def test_a_fault_that_no_version_has():
    with pytest.raises(ValueError, match="unknown fault 'nope'"):
        create_apps([OLDER, NEWER], faults=["nope"])


def test_versions_that_no_header_tells_apart():
    with pytest.raises(ValueError, match="no header tells extend/2025-04-21 from talonic/v1"):
        create_apps([OLDER, "talonic/v1"])
