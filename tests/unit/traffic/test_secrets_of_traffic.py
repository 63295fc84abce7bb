"""Secrets are learned from the traffic itself, and stand in nothing that is written."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from batchproof.client import ConfigError
from batchproof.contract import Contract
from batchproof.history.events import to_json
from batchproof.history.presigned import signatures
from batchproof.judging.bar import USUAL
from batchproof.traffic import Judged, judge_traffic, read_traffic
from tests.hars import entry, har, write

BASE = "https://papers.test"
VERSION = {"acme-version": "1"}
BATCH = {"id": "b_1", "status": "queued", "count": 1, "created_at": "2026-01-01T00:00:00Z"}
CANARY = "canary/9f8e7d+6c5b4a39"
SPELLINGS = [
    CANARY,
    quote(CANARY, safe=""),
    base64.b64encode(f"user:{CANARY}".encode()).decode(),
    json.dumps(CANARY)[1:-1].replace("/", "\\/"),
]
Say = Callable[..., Judged]


@pytest.fixture
def say(acme: Contract, tmp_path: Path) -> Say:
    def of(*entries: dict[str, Any], redact: tuple[str, ...] = ()) -> Judged:
        traffic = read_traffic(write(tmp_path / "traffic.har", har(*entries)), acme, redact=redact)
        return judge_traffic(acme, traffic, USUAL)

    return of


def described(judged: Judged) -> str:
    """Everything that is written or printed comes from these two."""
    events = [judged.history.header, *judged.history.exchanges]
    return json.dumps([to_json(event) for event in events]) + msgspec.json.encode(judged.results).decode()


def presigned(secret: str) -> str:
    return f"https://files.test/x.pdf?X-Amz-Date=20260101T000000Z&X-Amz-Signature={quote(secret, safe='')}"


PLACES: dict[str, dict[str, Any]] = {
    "token": {"headers": {"Authorization": f"Bearer {CANARY}"}},
    "token alone": {"headers": {"authorization": CANARY}},
    "basic": {"headers": {"Authorization": "Basic " + base64.b64encode(f"u:{CANARY}".encode()).decode()}},
    "proxy": {"headers": {"Proxy-Authorization": f"Bearer {CANARY}"}},
    "key": {"headers": {"X-Acme-Api-Key": CANARY}},
    "cookie": {"headers": {"Cookie": f"theme=dark; sid={CANARY}"}},
    "new cookie": {"answered": {"Set-Cookie": f"sid={CANARY}; Path=/; HttpOnly"}},
    "presigned in a body": {"body": {**BATCH, "url": presigned(CANARY)}},
    "presigned in a request": {"sent": {"documents": [{"name": presigned(CANARY)}]}},
    "location": {"answered": {"Location": presigned(CANARY)}},
    "granted": {"body": {**BATCH, "access_token": CANARY}},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_in_no_output_wherever_else_it_occurs(say: Say, place: str) -> None:
    about = {"headers": {}, "body": BATCH, **PLACES[place]}
    body = about.pop("body")
    about["headers"] = {**VERSION, **about["headers"]}
    echo = {**BATCH, "status": f"odd {SPELLINGS[0]}", "echo": SPELLINGS, "id": f"b {CANARY}"}
    judged = say(
        entry("POST", f"{BASE}/batches", body, status=201, **about),
        entry("GET", f"{BASE}/batches/{quote(CANARY, safe='')}", echo, at=5.0, headers=VERSION),
        entry("GET", f"{BASE}/documents?after={quote(CANARY)}", {}, at=6.0, headers=VERSION),
    )
    text = described(judged)
    assert "status.enum" in {row.id for row in judged.results.requirements if row.verdict == "failed"}
    assert [mark for mark in ("9f8e7d", quote(CANARY), SPELLINGS[2][8:24]) if mark in text] == []


def test_secrets_of_other_servers_count_too(say: Say) -> None:
    text = described(
        say(
            entry("POST", "https://login.test/token", {}, headers={"X-Api-Key": CANARY}),
            entry("GET", f"{BASE}/batches/b_1", {**BATCH, "echo": CANARY}, headers=VERSION),
        )
    )
    assert CANARY not in text


def test_a_secret_in_an_address(say: Say) -> None:
    url = f"{BASE}/batches/b_1?api_key={quote(CANARY, safe='')}&token=abc"
    text = described(say(entry("GET", url, BATCH, headers=VERSION)))
    assert "9f8e7d" not in text
    assert "abc" not in text


def test_an_address_keeps_no_user(say: Say) -> None:
    text = described(say(entry("GET", "https://me:pw1@papers.test/batches/b_1", BATCH, headers=VERSION)))
    assert "pw1" not in text


def test_the_token_of_the_judged_server_has_the_name_that_commands_use(say: Say) -> None:
    login = entry("POST", "https://login.test/x", {}, headers={"Authorization": "Bearer other-1a2b3c4d"})
    ours = {**VERSION, "Authorization": f"Bearer {CANARY}"}
    judged = say(login, entry("GET", f"{BASE}/batches/b_1", BATCH, headers=ours))
    assert judged.history.exchanges[0].request.headers["authorization"] == "Bearer $BATCHPROOF_TOKEN"


def test_the_token_has_the_name_that_commands_use(say: Say) -> None:
    judged = say(
        entry("GET", f"{BASE}/batches/b_1", BATCH, headers={**VERSION, "Authorization": f"Bearer {CANARY}"})
    )
    assert judged.history.exchanges[0].request.headers["authorization"] == "Bearer $BATCHPROOF_TOKEN"


@pytest.mark.parametrize("value", ["dark", "running", "20260101", "2026-01-01T00:00:00Z", "en-US", "true"])
def test_ordinary_words_are_no_secrets_elsewhere(say: Say, value: str) -> None:
    body = {**BATCH, "note": value}
    judged = say(entry("GET", f"{BASE}/batches/b_1", body, headers={**VERSION, "cookie": f"c={value}"}))
    exchange = judged.history.exchanges[0]
    assert exchange.request.headers["cookie"] == "[redacted]"
    assert exchange.response is not None
    assert exchange.response.body == body


def test_a_secret_that_is_an_id_is_not_found_fault_with(say: Say) -> None:
    session = "b_12345678"
    judged = say(
        entry(
            "GET",
            f"{BASE}/batches/{session}",
            {**BATCH, "id": session},
            headers={**VERSION, "cookie": f"b={session}"},
        )
    )
    assert [row.id for row in judged.results.requirements if row.verdict == "failed"] == []
    assert session not in described(judged)


def test_pointers_name_more_secrets(say: Say) -> None:
    text = described(
        say(
            entry(
                "GET",
                f"{BASE}/batches/b_1",
                {**BATCH, "people": [{"n": "Ada Lovelace", "age": 7}]},
                headers=VERSION,
            ),
            entry(
                "GET", f"{BASE}/batches/b_1", {**BATCH, "note": "of Ada Lovelace"}, at=2.0, headers=VERSION
            ),
            redact=("/people/*/n", "/people/*/age"),
        )
    )
    assert "Lovelace" not in text
    assert '"age": 7' not in text


def test_a_pointer_that_is_none(say: Say) -> None:
    with pytest.raises(ConfigError, match="--redact: a JSON Pointer begins with a slash"):
        say(entry("GET", f"{BASE}/batches/b_1", BATCH), redact=("people",))


def test_what_makes_an_address_valid() -> None:
    url = (
        "https://x.test/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600&X-Amz-SignedHeaders=host-and-more-headers"
        "&X-Amz-Credential=AKIA0123456789%2Fus&X-Amz-Signature=0123456789abcdef&sig=short"
    )
    assert list(signatures(url)) == ["AKIA0123456789%2Fus", "AKIA0123456789/us", "0123456789abcdef"]
