"""Deliveries: what is judged, and what orders nothing."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.contract.webhooks import Mark
from batchproof.history import Delivery, Exchange, Unmet
from batchproof.judging import judge, weigh
from batchproof.judging.evidence import Evidence

HEADERS = {
    "x-extend-api-version": "2026-02-09",
    "x-extend-request-timestamp": "1767225600",
    "x-extend-request-signature": "right",
}


def batch(status: str = "PROCESSED", **changes: Any) -> dict[str, Any]:
    whole = {"object": "batch_run", "id": "bpr_1", "runCount": 1, "createdAt": "2026-01-01T00:00:00Z"}
    return {**whole, "status": status, **changes}


def event(payload: Any = None, kind: str = "batch_processor_run.processed", **changes: Any) -> dict[str, Any]:
    return {
        "eventId": "evt_1",
        "eventType": kind,
        "payload": batch() if payload is None else payload,
        **changes,
    }


def delivery(body: Any, at: float = 5.0, **changes: Any) -> Delivery:
    values = {
        "id": f"d{at:g}",
        "received_at": at,
        "method": "POST",
        "headers": HEADERS,
        "text": json.dumps(body),
        "expected": "right",
        "age": 1.0,
    }
    return Delivery(**{**values, **changes})


NOT_FOUND = {"code": "NOT_FOUND", "message": "no", "retryable": False, "requestId": "req_1"}


def read(build: ModuleType, at: float, answered: int = 200, **body: Any) -> Exchange:
    return build.exchange(
        "get_batch_run",
        at,
        answered,
        path={"id": "bpr_1"},
        body=batch(**body) if answered == 200 else NOT_FOUND,
        sent_headers={"x-extend-api-version": "2026-02-09"},
    )


def broken(evidence: Evidence) -> set[str]:
    return {name for name in evidence.observations if evidence.findings(name)}


@pytest.mark.parametrize(
    ("age", "wrong"),
    [(300.0, False), (300.5, True), (301.0, True), (-60.0, False), (-61.0, True), (None, False)],
)
def test_boundaries_of_freshness(extend: Contract, age: float | None, *, wrong: bool) -> None:
    evidence = weigh(extend, [], [delivery(event(), age=age)])
    assert broken(evidence) == ({"webhook.timestamp.fresh"} if wrong else set())


def test_signature_that_nobody_could_work_out_is_not_judged(extend: Contract) -> None:
    evidence = weigh(extend, [], [delivery(event(), expected=None)])
    assert evidence.observations["webhook.signature"] == 0


@pytest.mark.parametrize("given", ["RIGHT", "wrong", None])
def test_signature_is_compared_as_it_is(extend: Contract, given: str | None) -> None:
    headers = {name: value for name, value in HEADERS.items() if not name.endswith("signature")}
    if given is not None:
        headers["x-extend-request-signature"] = given
    assert broken(weigh(extend, [], [delivery(event(), headers=headers)])) == {"webhook.signature"}


@pytest.mark.parametrize(
    ("start", "status", "wrong"),
    [
        (5.0, "PROCESSING", {"webhook.batch.settled"}),
        (4.9, "PROCESSING", set()),
        (5.0, "PROCESSED", set()),
        (5.0, "CANCELLING", {"batch_run.status.cancelling"}),
    ],
)
def test_only_reads_that_began_after_the_arrival_count(
    build: ModuleType, extend: Contract, start: float, status: str, wrong: set[str]
) -> None:
    evidence = weigh(extend, [read(build, start, status=status)], [delivery(event(), at=5.0)])
    assert broken(evidence) == wrong


def test_a_late_payload_orders_nothing(build: ModuleType, extend: Contract) -> None:
    """The payload was written at some moment before it arrived: it is no step in the life of the batch."""
    before, after = read(build, 1.0, status="PROCESSED"), read(build, 9.0, status="PROCESSED")
    evidence = weigh(extend, [before, after], [delivery(event(batch("PROCESSING")), at=5.0)])
    assert broken(evidence) == {"webhook.batch.status"}


def test_object_that_no_read_finds(build: ModuleType, extend: Contract) -> None:
    evidence = weigh(extend, [read(build, 6.0, 404)], [delivery(event(), at=5.0)])
    assert broken(evidence) == {"webhook.batch.id"}


def test_unknown_types_and_payloads_by_address_are_legal(extend: Contract) -> None:
    referred = {"object": "signed_data_url", "data": "https://x.example/1", "id": "bpr_1"}
    evidence = weigh(
        extend,
        [],
        [delivery(event(kind="batch.archived")), delivery(event(referred, eventId="evt_2"), at=6.0)],
    )
    assert broken(evidence) == set()
    assert evidence.observations["webhook.batch.status"] == 0


def test_findings_name_the_delivery_and_the_place_in_the_body(extend: Contract) -> None:
    evidence = weigh(extend, [], [delivery(event(batch(runCount="1")))])
    (finding,) = evidence.findings("batch_run.run_count.type")
    assert (finding.pointer, finding.exchanges) == ("/payload/runCount", ["d5"])


def test_a_contract_without_webhooks_judges_no_delivery(acme: Contract) -> None:
    assert weigh(acme, [], [delivery(event())]).observations == {}


def test_reason_why_nothing_came(build: ModuleType, extend: Contract) -> None:
    without = judge(extend, build.history())
    assert (
        build.row(without, "webhook.signature").detail
        == "no receiver of webhooks was open (--webhook-url URL)"
    )
    unmet = Unmet(scenario="x", reason="precondition_unmet", detail="no event", operations=["(webhooks)"])
    history = build.history(unmet=[unmet])
    history = history._replace(header=build.header(webhooks="received"))
    row = build.row(judge(extend, history), "webhook.signature")
    assert (row.reason, row.detail) == ("precondition_unmet", "no event")


@pytest.mark.parametrize(
    ("reference", "payload", "referred"),
    [
        (Mark(at="/payload/data"), {"data": "https://files.example/1"}, True),
        (Mark(at="/payload/data"), {"object": "signed_data_url", "data": "https://files.example/1"}, True),
        (Mark(at="/payload/data"), {"data": None}, False),
        (Mark(at="/payload/data"), {"data": {"id": "bpr_1"}}, False),
        (Mark(at="/payload/data"), {"id": "bpr_1"}, False),
        (Mark(at="/payload/object", value="elsewhere"), {"object": "elsewhere"}, True),
        (Mark(at="/payload/object", value="elsewhere"), {"object": "batch_run"}, False),
        (Mark(at="/payload/object", value="elsewhere"), {}, False),
    ],
)
def test_a_payload_that_refers_to_the_object_bears_the_mark(
    reference: Mark, payload: dict[str, Any], referred: bool
) -> None:
    assert reference.on(event(payload)) is referred


@pytest.mark.parametrize("more", [{}, {"object": "signed_data_url", "id": "bpr_1"}])
@pytest.mark.parametrize(
    ("contract", "kind"),
    [
        ("extend/2026-02-09", "batch_processor_run.processed"),
        ("extend/2025-04-21", "processor_run.processed"),
    ],
)
def test_an_address_instead_of_the_object_is_legal(
    installed: Callable[[str], Contract], contract: str, kind: str, more: dict[str, Any]
) -> None:
    version = {"x-extend-api-version": contract.removeprefix("extend/")}
    given = event({"data": "https://files.example/1", **more}, kind)
    evidence = weigh(installed(contract), [], [delivery(given, headers={**HEADERS, **version})])
    assert broken(evidence) == set()


@pytest.mark.parametrize(
    ("kind", "status", "wrong"),
    [
        ("processed", "PROCESSED", False),
        ("failed", "FAILED", False),
        ("failed", "CANCELLED", False),
        ("failed", "PROCESSED", True),
        ("failed", "PROCESSING", True),
        ("processed", "CANCELLED", True),
    ],
)
def test_end_that_an_event_of_a_processor_run_tells(
    installed: Callable[[str], Contract], kind: str, status: str, *, wrong: bool
) -> None:
    """Whether a run that was aborted has failed is not settled, so its event may be that of a failed one."""
    given = event({"id": "dpr_1", "status": status}, f"processor_run.{kind}")
    evidence = weigh(installed("extend/2025-04-21"), [], [delivery(given)])
    assert ("webhook.processor_run.status" in broken(evidence)) is wrong
    assert evidence.observations["webhook.processor_run.status"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "[" * 300 + "]" * 300,
        '{"eventId": 1e999}',
        '{"eventId": 100000000000000000000}',
        f"[{'0,' * 250_001}0]",
    ],
    ids=["deep", "infinite", "large", "long"],
)
def test_body_that_is_more_than_is_handled_is_no_breach(extend: Contract, text: str) -> None:
    evidence = weigh(extend, [], [delivery(None, text=text)])
    assert evidence.contradicted == []
    webhooks = extend.manifest.webhooks
    assert webhooks is not None
    rows = (webhooks.envelope.requirement, webhooks.signature.requirement)
    assert [evidence.observations[row] for row in rows] == [0, 1]


def test_body_that_is_no_json_is_one(extend: Contract) -> None:
    evidence = weigh(extend, [], [delivery(None, text="[" * 300)])
    webhooks = extend.manifest.webhooks
    assert webhooks is not None
    assert evidence.contradicted == [webhooks.envelope.requirement]
