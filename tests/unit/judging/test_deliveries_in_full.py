"""Deliveries: findings in full, and what invariants about deliveries see."""

import hashlib
import json
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.history import Delivery, Exchange
from batchproof.judging import weigh
from batchproof.judging.deliveries import invariant_variables, read_deliveries
from batchproof.judging.evidence import Evidence
from batchproof.judging.snapshots import collect, in_order

VERSION = {"x-extend-api-version": "2026-02-09"}
HEADERS = {
    **VERSION,
    "x-extend-request-timestamp": "1767225600",
    "x-extend-request-signature": "right",
}
BATCH = {"object": "batch_run", "id": "bpr_1", "runCount": 1, "createdAt": "2026-01-01T00:00:00Z"}
NOT_FOUND = {"code": "NOT_FOUND", "message": "no", "retryable": False}
PROCESSED = "batch_processor_run.processed"


def event(status: str = "PROCESSED", **changes: Any) -> dict[str, Any]:
    return {"eventId": "evt_1", "eventType": PROCESSED, "payload": {**BATCH, "status": status}, **changes}


def delivery(body: Any = None, at: float = 5.0, **changes: Any) -> Delivery:
    values = {
        "id": f"d{at:g}",
        "received_at": at,
        "method": "POST",
        "headers": HEADERS,
        "text": json.dumps(event() if body is None else body),
        "expected": "right",
        "age": 1.0,
    }
    return Delivery(**{**values, **changes})


def read(build: ModuleType, at: float, answered: int | None = 200, **about: Any) -> Exchange:
    body = {**BATCH, "status": about.pop("status", "PROCESSED")} if answered == 200 else NOT_FOUND
    shown = {} if answered is None else {"body": body}
    values = {"path": {"id": "bpr_1"}, "sent_headers": VERSION, **shown}
    return build.exchange(about.pop("operation", "get_batch_run"), at, answered, **{**values, **about})


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in HEADERS.items() if key != name}


def broken(evidence: Evidence) -> set[str]:
    return {name for name in evidence.observations if evidence.findings(name)}


SIGNATURE = "hmac-sha256 of v0:{timestamp}:{body} in hex: right"
STAMP = "x-extend-request-timestamp"
SECONDS = f"{STAMP}: a whole number of seconds since 1970"


@pytest.mark.parametrize(
    ("changes", "requirement", "rule", "message", "expected", "observed"),
    [
        ({"headers": without(STAMP)}, "webhook.timestamp", "timestamp",
         f"the header {STAMP} is missing", SECONDS, None),
        ({"headers": {**HEADERS, STAMP: "now"}}, "webhook.timestamp", "timestamp",
         f"the header {STAMP} holds no seconds since 1970", SECONDS, "now"),
        ({"headers": without("x-extend-request-signature")}, "webhook.signature", "signature",
         "the header x-extend-request-signature is missing", SIGNATURE, None),
        ({"headers": {**HEADERS, "x-extend-request-signature": "wrong"}}, "webhook.signature", "signature",
         "the header x-extend-request-signature is not the signature of these bytes under the secret",
         SIGNATURE, "wrong"),
        ({"age": 301.0}, "webhook.timestamp.fresh", "freshness",
         "the timestamp was 301 s old when the delivery arrived",
         "at most 300 s old, and at most 60 s ahead", 301.0),
        ({"headers": without("x-extend-api-version")}, "webhook.version", "header:x-extend-api-version",
         "the header x-extend-api-version is missing", "x-extend-api-version: 2026-02-09", None),
        ({"headers": {**HEADERS, "x-extend-api-version": "1"}}, "webhook.version",
         "header:x-extend-api-version", "the header x-extend-api-version is '1'",
         "x-extend-api-version: 2026-02-09", "1"),
        ({"text": "<p>"}, "webhook.envelope", "json", "the body is not JSON", "a JSON body", "<p>"),
        ({"text": None, "base64": "/w=="}, "webhook.envelope", "json", "the body is not JSON", "a JSON body",
         "/w=="),
        ({"text": None}, "webhook.envelope", "json", "the body is not JSON", "a JSON body", ""),
    ],
)  # fmt: skip
def test_finding_on_a_delivery_in_full(
    extend: Contract,
    changes: dict[str, Any],
    requirement: str,
    rule: str,
    message: str,
    expected: str,
    observed: Any,
) -> None:
    evidence = weigh(extend, [], [delivery(**changes)])
    assert broken(evidence) == {requirement}
    (finding,) = evidence.findings(requirement)
    assert finding.fingerprint == hashlib.sha256(f"{requirement}|{rule}|".encode()).hexdigest()[:16]
    assert (finding.message, finding.expected, finding.observed) == (message, expected, observed)
    assert (finding.pointer, finding.exchanges, evidence.observations[requirement]) == ("", ["d5"], 1)


def test_finding_on_the_status_in_a_payload_in_full(extend: Contract) -> None:
    name, rule = "webhook.batch.status", f"event:{PROCESSED}"
    evidence = weigh(extend, [], [delivery(event("FAILED"))])
    (finding,) = evidence.findings(name)
    assert finding.fingerprint == hashlib.sha256(f"{name}|{rule}|/payload/status".encode()).hexdigest()[:16]
    assert finding.message == f"{PROCESSED} has a payload with the status FAILED"
    assert (finding.expected, finding.observed) == ("PROCESSED", "FAILED")
    assert (finding.pointer, finding.exchanges) == ("/payload/status", ["d5"])


def test_finding_on_the_status_after_an_event_in_full(build: ModuleType, extend: Contract) -> None:
    name, rule = "webhook.batch.settled", f"event:{PROCESSED}:after"
    evidence = weigh(extend, [read(build, 6, status="PROCESSING")], [delivery()])
    (finding,) = evidence.findings(name)
    assert finding.fingerprint == hashlib.sha256(f"{name}|{rule}|/status".encode()).hexdigest()[:16]
    assert finding.message == f"after {PROCESSED} had arrived, a read of the batch_run showed PROCESSING"
    assert (finding.expected, finding.observed) == ("one of PROCESSED, FAILED, CANCELLED", "PROCESSING")
    assert (finding.pointer, finding.exchanges) == ("/status", ["d5", "x6"])


def test_delivery_that_keeps_the_contract(build: ModuleType, extend: Contract) -> None:
    evidence = weigh(extend, [read(build, 6)], [delivery()])
    observed = {name: count for name, count in evidence.observations.items() if name.startswith("webhook.")}
    assert broken(evidence) == set()
    assert observed == {
        "webhook.batch.id": 1,
        "webhook.batch.no_results": 1,
        "webhook.batch.processor_type": 1,
        "webhook.batch.settled": 1,
        "webhook.batch.status": 1,
        "webhook.envelope": 1,
        "webhook.event_id": 1,
        "webhook.event_id.unique": 1,
        "webhook.event_type": 1,
        "webhook.event.payload": 1,
        "webhook.payload": 1,
        "webhook.post": 1,
        "webhook.signature": 1,
        "webhook.timestamp": 1,
        "webhook.timestamp.fresh": 1,
        "webhook.version": 1,
    }


@pytest.mark.parametrize("status", [None, 5, "ODD"])
def test_status_that_nobody_knows_claims_nothing(build: ModuleType, extend: Contract, status: Any) -> None:
    payload = delivery(event(payload={**BATCH, "status": status}))
    assert weigh(extend, [], [payload]).observations["webhook.batch.status"] == 0
    after = read(build, 6, body={**BATCH, "status": status})
    assert weigh(extend, [after], [delivery()]).observations["webhook.batch.settled"] == 0


@pytest.mark.parametrize(
    "read_again", [{"text": "<p>"}, {"answered": 404, "body": {**BATCH, "status": "PROCESSING"}}]
)
def test_read_that_shows_no_object_settles_nothing(
    build: ModuleType, extend: Contract, read_again: dict[str, Any]
) -> None:
    about = {"answered": 200, **read_again}
    unread = {} if "text" not in about else {"body": build.UNSET}
    after = read(build, 6, **about, **unread)
    assert weigh(extend, [after], [delivery()]).observations["webhook.batch.settled"] == 0


def test_envelope_without_a_payload_is_one_finding_of_each_row_that_speaks_of_it(extend: Contract) -> None:
    evidence = weigh(extend, [], [delivery({"eventId": "evt_1", "eventType": PROCESSED})])
    found = {name: [finding.exchanges for finding in evidence.findings(name)] for name in broken(evidence)}
    assert found == {"webhook.payload": [["d5"]], "webhook.event.payload": [["d5"]]}


@pytest.mark.parametrize(
    "other",
    [
        {"operation": None},
        {"operation": "other"},
        {"operation": "list_extract_runs"},
        {"operation": "cancel_batch_run"},
        {"path": {}},
        {"path": {"id": "bpr_2"}},
        {"probe": "unknown"},
        {"answered": None},
        {"answered": 401},
        {"at": 4.9},
    ],
    ids=lambda about: "-".join(f"{name}={value}" for name, value in about.items()),
)
def test_first_read_after_a_delivery_is_looked_for(
    build: ModuleType, extend: Contract, other: dict[str, Any]
) -> None:
    exchanges = [
        read(build, **{"at": 6, "answered": 200, **other}),
        read(build, 7, status="PROCESSED"),
        read(build, 8),
    ]
    (notice,) = read_deliveries(extend, [delivery()], exchanges, collect(extend, []))
    assert notice.after is not None
    assert notice.after.id == "x7"


def seen(extend: Contract, exchanges: list[Exchange], *deliveries: Delivery) -> list[list[dict[str, Any]]]:
    ordered = in_order(exchanges)
    notices = read_deliveries(extend, deliveries, ordered, collect(extend, ordered))
    return [list(invariant_variables(notice)) for notice in notices]


def test_invariant_sees_all_that_is_known_of_a_delivery(build: ModuleType, extend: Contract) -> None:
    submitted = build.exchange(
        "submit_extract_batch",
        1,
        body={**BATCH, "status": "PENDING"},
        sent={"inputs": []},
        sent_headers=VERSION,
    )
    again = event("FAILED")
    assert seen(extend, [submitted, read(build, 6)], delivery(again, 7), delivery()) == [
        [
            {
                "event": event(),
                "headers": HEADERS,
                "method": "POST",
                "self": event()["payload"],
                "created": "submit_extract_batch",
                "request": {"inputs": []},
                "after": {"status": 200, "body": {**BATCH, "status": "PROCESSED"}},
                "earlier": None,
            }
        ],
        [
            {
                "event": again,
                "headers": HEADERS,
                "method": "POST",
                "self": again["payload"],
                "created": "submit_extract_batch",
                "request": {"inputs": []},
                "after": None,
                "earlier": event(),
            }
        ],
    ]


def test_invariant_sees_null_for_what_is_not_known(build: ModuleType, extend: Contract) -> None:
    unknown = {"eventId": 5, "eventType": "batch.archived"}
    unread = read(build, 6, 404, body=build.UNSET, text="gone")
    nothing = {"headers": HEADERS, "method": "POST", "created": None, "request": None, "earlier": None}
    assert seen(extend, [unread], delivery(unknown), delivery(unknown), delivery(), delivery(text="<p>")) == [
        [{**nothing, "event": unknown, "self": None, "after": None}],
        [{**nothing, "event": unknown, "self": None, "after": None}],
        [{**nothing, "event": event(), "self": event()["payload"], "after": {"status": 404, "body": None}}],
        [],
    ]


def test_evidence_of_a_invariant_about_a_delivery(build: ModuleType, extend: Contract) -> None:
    def evidence(name: str, *exchanges: Exchange, **changes: Any) -> list[list[str]]:
        return [
            finding.exchanges for finding in weigh(extend, exchanges, [delivery(**changes)]).findings(name)
        ]

    assert evidence("webhook.post", method="PUT") == [["d5"]]
    assert evidence("webhook.post", read(build, 6), method="PUT") == [["d5", "x6"]]
    assert evidence("webhook.batch.id", read(build, 6, 404)) == [["d5", "x6"]]
    assert evidence("webhook.run.processed", read(build, 6, status="FAILED")) == []
