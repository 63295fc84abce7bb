"""The vendor's SDK accepts what the emulator delivers, and refuses what was tampered with."""

import queue
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from extend_ai import Extend
from extend_ai.types import BatchRun
from extend_ai.wrapper.errors import WebhookSignatureVerificationError
from extend_ai.wrapper.webhooks import Webhooks
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchproof.contract import load_contract
from batchproof.emulator import create_app
from batchproof.history.signing import delivery
from batchproof.serving import Server

CONTRACT = "extend/2026-02-09"
Got = tuple[dict[str, str], bytes]


@pytest.fixture
def delivered() -> Iterator[tuple[str, Got]]:
    """The secret that the SDK was given for its endpoint, and the delivery of a batch that it has submitted."""
    got: queue.Queue[Got] = queue.Queue()

    async def take(request: Request) -> Response:
        got.put((dict(request.headers), await request.body()))
        return Response(status_code=200)

    receiver = Starlette(routes=[Route("/hook", take, methods=["POST"])])
    with Server(receiver) as inbox, Server(create_app(CONTRACT, step_ms=5)) as server, httpx.Client() as http:
        client = Extend(token="tok_sdk_1", base_url=server.url, httpx_client=http)
        endpoint = client.webhook_endpoints.create(
            url=inbox.url + "/hook",
            name="interop",
            enabled_events=["batch_processor_run.processed"],
            api_version="2026-02-09",
        )
        extractor = next(iter(client.extractors.list().data)).id
        client.extract_runs.create_batch(
            extractor={"id": extractor}, inputs=[{"file": {"url": "https://a.example/one.pdf"}}]
        )
        yield endpoint.signing_secret, got.get(timeout=30)


def test_helper_of_the_sdk_verifies_and_parses(delivered: Any) -> None:
    secret, (headers, raw) = delivered
    event = Webhooks().verify_and_parse(raw, headers, secret)
    assert event.event_type == "batch_processor_run.processed"
    assert isinstance(event.payload, BatchRun)
    assert event.payload.status == "PROCESSED"


def test_helper_of_the_sdk_refuses_what_was_tampered_with(delivered: Any) -> None:
    secret, (headers, raw) = delivered
    for body, key in ((raw + b" ", secret), (raw, secret + "x")):
        with pytest.raises(WebhookSignatureVerificationError):
            Webhooks().verify_and_parse(body, headers, key)


def test_our_signature_is_that_of_the_sdk(delivered: Any) -> None:
    secret, (headers, raw) = delivered
    webhooks = load_contract(CONTRACT).manifest.webhooks
    assert webhooks is not None
    event = delivery(
        webhooks.signature, secret, identifier="d1", received_at=0.0, headers=headers, raw=raw, now=None
    )
    assert event.expected == headers["x-extend-request-signature"]
