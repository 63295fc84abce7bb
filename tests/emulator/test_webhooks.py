"""Webhook endpoints of the emulator, and what it delivers to them."""

import hashlib
import hmac
import json
import queue
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchproof.emulator import ManualClock, Webhook, create_app, create_apps, faults
from batchproof.serving import Server

CONTRACT = "extend/2026-02-09"
OLDER = "extend/2025-04-21"
HEADERS = {"authorization": "Bearer sk_test", "x-extend-api-version": "2026-02-09"}
OLDER_HEADERS = {**HEADERS, "x-extend-api-version": "2025-04-21"}
SECRET = "wss_everywhere"
LONG_S = 30.0
GOOD, BAD = {"url": "https://a.example/one.pdf"}, {"url": "https://a.example/fail.pdf"}
ALL = [
    f"{kind}.{ended}"
    for kind in ("batch_processor_run", "batch_parse_run", "extract_run", "parse_run")
    for ended in ("processed", "failed")
]
Got = tuple[str, dict[str, str], bytes]


class Inbox:
    """A receiver; it refuses the first ``refusals`` deliveries."""

    def __init__(self, refusals: int = 0) -> None:
        self.got: queue.Queue[Got] = queue.Queue()
        self._refusals = refusals
        self.app = Starlette(routes=[Route("/hook", self._take, methods=["POST", "PUT"])])

    async def _take(self, request: Request) -> Response:
        self.got.put((request.method, dict(request.headers), await request.body()))
        self._refusals -= 1
        return Response(status_code=503 if self._refusals >= 0 else 204)

    def next(self) -> Got:
        return self.got.get(timeout=LONG_S)

    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.next()[2])
        return event


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    box = Inbox()
    with Server(box.app) as server:
        yield box, server.url + "/hook"


@pytest.fixture
def connected(inbox: tuple[Inbox, str]) -> Iterator[Callable[..., httpx.Client]]:
    opened: list[Any] = []

    def connect(
        *, everywhere: bool = False, planted: tuple[str, ...] = (), contract: str = CONTRACT
    ) -> httpx.Client:
        webhook = Webhook(inbox[1], SECRET) if everywhere else None
        server = Server(create_app(contract, step_ms=5, faults=planted, webhook=webhook))
        server.__enter__()
        headers = HEADERS if contract == CONTRACT else OLDER_HEADERS
        client = httpx.Client(base_url=server.url, headers=headers, timeout=LONG_S)
        opened.extend([client, server])
        return client

    yield connect
    for item in opened:
        item.__exit__(None, None, None)


def endpoint(url: str, /, **changes: Any) -> dict[str, Any]:
    return {"url": url, "name": "test", "apiVersion": "2026-02-09", "enabledEvents": ALL, **changes}


def submit(client: httpx.Client, *files: dict[str, str]) -> str:
    extractor = client.get("/extractors").json()["data"][0]["id"]
    body = {"extractor": {"id": extractor}, "inputs": [{"file": file} for file in files]}
    identifier: str = client.post("/extract_runs/batch", json=body).raise_for_status().json()["id"]
    return identifier


def test_an_endpoint_is_created_with_its_secret(connected: Any, inbox: Any) -> None:
    client = connected()
    created = client.post("/webhook_endpoints", json=endpoint(inbox[1])).json()
    assert {
        "object": "webhook_endpoint",
        "url": inbox[1],
        "status": "enabled",
        "apiVersion": "2026-02-09",
    }.items() <= (created.items())
    assert created["signingSecret"].startswith("wss_")
    assert created["id"].startswith("wh_")


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://a.example"},
        {"url": None},
        {"name": None},
        {"apiVersion": None},
        {"apiVersion": "2025-04-21"},
        {"enabledEvents": "all"},
        {"enabledEvents": [1]},
        {"status": "asleep"},
        {"nonsense": 1},
    ],
)
def test_an_endpoint_that_is_wrong_is_refused(connected: Any, inbox: Any, change: dict[str, Any]) -> None:
    answer = connected().post("/webhook_endpoints", json=endpoint(inbox[1], **change))
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


def test_a_batch_is_told_of_when_it_has_ended_though_nobody_asks(connected: Any, inbox: Any) -> None:
    client = connected()
    secret = client.post("/webhook_endpoints", json=endpoint(inbox[1])).json()["signingSecret"]
    batch = submit(client, GOOD, BAD)
    method, headers, raw = inbox[0].next()
    event = json.loads(raw)
    assert method == "POST"
    assert headers["x-extend-api-version"] == "2026-02-09"
    signed = b"v0:" + headers["x-extend-request-timestamp"].encode() + b":" + raw
    assert (
        headers["x-extend-request-signature"] == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    )
    assert sorted(event) == ["eventId", "eventType", "payload"]
    assert event["eventType"] == "batch_processor_run.processed"
    assert event["payload"] == client.get(f"/batch_runs/{batch}").json()


def test_batches_of_parse_runs_and_failed_batches_have_events_of_their_own(
    connected: Any, inbox: Any
) -> None:
    client = connected(everywhere=True)
    client.post("/parse_runs/batch", json={"inputs": [{"file": GOOD}]}).raise_for_status()
    assert inbox[0].event()["eventType"] == "batch_parse_run.processed"
    submit(client, {"url": "https://a.example/fatal.pdf"})
    event = inbox[0].event()
    assert (event["eventType"], event["payload"]["status"]) == ("batch_processor_run.failed", "FAILED")


def test_runs_are_told_of_with_their_output_and_parse_runs_without(connected: Any, inbox: Any) -> None:
    client = connected(everywhere=True)
    run = client.post("/extract_runs", json={"file": BAD}).json()["id"]
    event = inbox[0].event()
    assert (event["eventType"], event["payload"]["id"]) == ("extract_run.failed", run)
    assert event["payload"] == client.get(f"/extract_runs/{run}").json()
    run = client.post("/parse_runs", json={"file": GOOD, "metadata": {"a": 1}}).json()["id"]
    assert inbox[0].event()["payload"] == {
        "object": "parse_run_status",
        "id": run,
        "status": "PROCESSED",
        "failureReason": None,
        "failureMessage": None,
        "metadata": {"a": 1},
    }


def test_a_stranger_posts_without_a_signature(inbox: Any) -> None:
    box, address = inbox
    app = create_app(
        CONTRACT, step_ms=5, variants=["stranger-posts-to-receiver"], webhook=Webhook(address, SECRET)
    )
    with Server(app) as server, httpx.Client(base_url=server.url, headers=HEADERS) as client:
        client.post("/parse_runs", json={"file": GOOD}).raise_for_status()
        signed = {
            body: "x-extend-request-signature" in headers for _, headers, body in (box.next(), box.next())
        }
    assert sorted(signed.values()) == [False, True]
    assert [body for body, known in signed.items() if not known] == [b'{"hello": "is anybody there?"}']


def test_only_what_was_asked_for_is_delivered(connected: Any, inbox: Any) -> None:
    client = connected()
    client.post("/webhook_endpoints", json=endpoint(inbox[1], status="disabled")).raise_for_status()
    wanted = endpoint(inbox[1], enabledEvents=["parse_run.processed"])
    client.post("/webhook_endpoints", json=wanted).raise_for_status()
    submit(client, GOOD)
    client.post("/extract_runs", json={"file": GOOD}).raise_for_status()
    client.post("/parse_runs", json={"file": GOOD}).raise_for_status()
    assert inbox[0].event()["eventType"] == "parse_run.processed"
    assert inbox[0].got.empty()


def test_a_cancelled_run_has_no_event(connected: Any, inbox: Any) -> None:
    client = connected(everywhere=True)
    run = client.post("/extract_runs", json={"file": GOOD}).json()["id"]
    cancelled = client.post(f"/extract_runs/{run}/cancel")
    later = client.post("/parse_runs", json={"file": GOOD}).json()["id"]
    described = [inbox[0].event()["payload"]["id"]]
    while described[-1] != later:
        described.append(inbox[0].event()["payload"]["id"])
    assert (run in described) == (cancelled.status_code != 200)


def test_a_refused_delivery_comes_again() -> None:
    box = Inbox(refusals=1)
    with Server(box.app) as receiver:
        app = create_app(CONTRACT, step_ms=5, webhook=Webhook(receiver.url + "/hook", SECRET))
        with Server(app) as server, httpx.Client(base_url=server.url, headers=HEADERS) as client:
            client.post("/parse_runs", json={"file": GOOD}).raise_for_status()
            assert box.event() == box.event()


@pytest.mark.parametrize("name", sorted(name for name in faults(CONTRACT) if name.startswith("webhook-")))
def test_a_fault_changes_what_is_delivered_or_nothing_is(connected: Any, inbox: Any, name: str) -> None:
    """Which statement it breaks is a matter for tests/fault_matrix; here the emulator goes on working with it."""
    client = connected(everywhere=True, planted=(name,))
    submit(client, GOOD)
    if name != "webhook-lost":
        method, headers, raw = inbox[0].next()
        assert (method, headers["content-type"]) == (
            "PUT" if name == "webhook-put" else "POST",
            "application/json",
        )
        json.loads(raw)
    assert client.get("/extract_runs").status_code == 200


def test_another_emulator_says_that_it_sends_none() -> None:
    with pytest.raises(ValueError, match="sends no webhooks"):
        create_app("talonic/v1", webhook=Webhook("http://127.0.0.1:9/hook", SECRET))


# The older version: one kind of event, and endpoints that are made at an address of the emulator's own.


def run_processor(client: httpx.Client, url: str, **changes: Any) -> str:
    processor = client.get("/processors").json()["processors"][0]["id"]
    body = {"processorId": processor, "file": {"fileUrl": url}, **changes}
    created = client.post("/processor_runs", json=body).raise_for_status().json()
    identifier: str = created["processorRun"]["id"]
    return identifier


def test_a_processor_run_is_told_of_when_it_has_ended_though_nobody_asks(connected: Any, inbox: Any) -> None:
    client = connected(contract=OLDER)
    wanted = {"url": inbox[1], "enabledEvents": ["processor_run.processed", "processor_run.failed"]}
    secret = client.post("/-/webhook_endpoints", json=wanted).json()["signingSecret"]
    run = run_processor(client, GOOD["url"], metadata={"a": 1})
    method, headers, raw = inbox[0].next()
    event = json.loads(raw)
    assert (method, headers["x-extend-api-version"]) == ("POST", "2025-04-21")
    signed = b"v0:" + headers["x-extend-request-timestamp"].encode() + b":" + raw
    assert (
        headers["x-extend-request-signature"] == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    )
    assert sorted(event) == ["eventId", "eventType", "payload"]
    assert (event["eventType"], event["payload"]["status"]) == ("processor_run.processed", "PROCESSED")
    assert event["payload"] == client.get(f"/processor_runs/{run}").json()["processorRun"]


@pytest.mark.parametrize("sync", [True, False])
def test_a_failed_processor_run_has_an_event_of_its_own(connected: Any, inbox: Any, sync: bool) -> None:
    client = connected(contract=OLDER, everywhere=True)
    run = run_processor(client, BAD["url"], sync=sync)
    event = inbox[0].event()
    assert (event["eventType"], event["payload"]["id"]) == ("processor_run.failed", run)
    assert event["payload"]["status"] == "FAILED"


def test_a_cancelled_or_deleted_processor_run_has_no_event() -> None:
    box = Inbox()
    clock = ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    with Server(box.app) as receiver:
        app = create_app(OLDER, clock=clock, webhook=Webhook(receiver.url + "/hook", SECRET))
        with Server(app) as server, httpx.Client(base_url=server.url, headers=OLDER_HEADERS) as client:
            cancelled, deleted, left = (run_processor(client, GOOD["url"]) for _ in range(3))
            client.post(f"/processor_runs/{cancelled}/cancel").raise_for_status()
            client.delete(f"/processor_runs/{deleted}").raise_for_status()
            clock.advance(60)
            client.get("/processors").raise_for_status()
            assert box.event()["payload"]["id"] == left
            assert box.got.empty()


@pytest.mark.parametrize(
    "change", [{"url": "ftp://a.example"}, {"url": None}, {"enabledEvents": "all"}, {"enabledEvents": [1]}]
)
def test_an_endpoint_of_the_older_version_that_is_wrong_is_refused(
    connected: Any, inbox: Any, change: dict[str, Any]
) -> None:
    wanted = {"url": inbox[1], "enabledEvents": [], **change}
    assert connected(contract=OLDER).post("/-/webhook_endpoints", json=wanted).status_code == 400


@pytest.mark.parametrize("name", sorted(name for name in faults(OLDER) if name.startswith("webhook-")))
def test_a_fault_of_the_older_version_changes_what_is_delivered_or_nothing_is(
    connected: Any, inbox: Any, name: str
) -> None:
    client = connected(contract=OLDER, everywhere=True, planted=(name,))
    run_processor(client, GOOD["url"])
    if name != "webhook-lost":
        assert inbox[0].next()[0] == ("PUT" if name == "webhook-put" else "POST")
    assert client.get("/processor_runs").status_code == 200


# Each endpoint is pinned to one version, and every delivery has the form of that one.


@pytest.fixture
def connected_to_both() -> Iterator[Callable[..., tuple[httpx.Client, httpx.Client]]]:
    opened: list[Any] = []

    def connect(**about: Any) -> tuple[httpx.Client, httpx.Client]:
        server = Server(create_apps([OLDER, CONTRACT], step_ms=5, **about)[0])
        server.__enter__()
        clients = [
            httpx.Client(
                base_url=server.url,
                timeout=LONG_S,
                headers=headers,
            )
            for headers in (OLDER_HEADERS, HEADERS)
        ]
        opened.extend([*clients, server])
        return clients[0], clients[1]

    yield connect
    for item in opened:
        item.__exit__(None, None, None)


def run_by_each(older: httpx.Client, newer: httpx.Client) -> list[str]:
    """Make a run under each version; the ids without their prefixes."""
    processor = older.get("/processors", params={"type": "EXTRACT"}).json()["processors"][0]["id"]
    one = older.post(
        "/processor_runs", json={"processorId": processor, "file": {"fileUrl": GOOD["url"]}}
    ).json()
    extractor = newer.get("/extractors").json()["data"][0]["id"]
    two = newer.post("/extract_runs", json={"extractor": {"id": extractor}, "file": GOOD}).json()
    return [id_.partition("_")[2] for id_ in (one["processorRun"]["id"], two["id"])]


def delivered(box: Inbox, count: int) -> set[tuple[str, str, str, str]]:
    """Version, event, and object of deliveries, with the id without its prefix."""
    found = set()
    for _ in range(count):
        _, headers, raw = box.next()
        event = json.loads(raw)
        payload = event["payload"]
        rest = payload["id"].partition("_")[2]
        found.add((headers["x-extend-api-version"], event["eventType"], payload["object"], rest))
    assert box.got.empty()
    return found


def test_endpoints_get_the_events_of_both_in_their_own_version(connected_to_both: Any, inbox: Any) -> None:
    box, url = inbox
    older, newer = connected_to_both()
    older.post("/-/webhook_endpoints", json={"url": url, "enabledEvents": ["processor_run.processed"]})
    newer.post("/webhook_endpoints", json=endpoint(url)).raise_for_status()
    ids = run_by_each(older, newer)
    assert delivered(box, 4) == {
        form
        for id_ in ids
        for form in [
            ("2025-04-21", "processor_run.processed", "document_processor_run", id_),
            ("2026-02-09", "extract_run.processed", "extract_run", id_),
        ]
    }


def test_an_address_of_no_version_gets_each_event_in_the_version_of_the_creation(
    connected_to_both: Any, inbox: Any
) -> None:
    box, url = inbox
    older, newer = connected_to_both(webhook=Webhook(url, SECRET))
    one, two = run_by_each(older, newer)
    assert delivered(box, 2) == {
        ("2025-04-21", "processor_run.processed", "document_processor_run", one),
        ("2026-02-09", "extract_run.processed", "extract_run", two),
    }


def test_a_request_to_either_version_sends_what_is_due(inbox: Any) -> None:
    """Where the clock is moved by hand, requests tell what time it is."""
    box, url = inbox
    clock = ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    app, _ = create_apps([OLDER, CONTRACT], clock=clock, step_ms=5)
    with Server(app) as server, httpx.Client(base_url=server.url, timeout=LONG_S) as client:
        client.post("/webhook_endpoints", json=endpoint(url), headers=HEADERS).raise_for_status()
        (processor, *_) = client.get("/processors", headers=OLDER_HEADERS).json()["processors"]
        body = {"processorId": processor["id"], "file": {"fileUrl": GOOD["url"]}}
        client.post("/processor_runs", json=body, headers=OLDER_HEADERS).raise_for_status()
        clock.advance(60)
        client.get("/processors", headers=OLDER_HEADERS)
        assert box.event()["eventType"] == "extract_run.processed"
