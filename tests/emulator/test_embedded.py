"""The embedded emulator as a run has it: an application with a clock that its requests move."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchproof.emulator import Application, embedded
from batchproof.in_process import in_process

CONTRACT = "talonic/v1"
DELIVERING = "extend/2026-02-09"
TOKEN = "tok_canary_embedded_3b1c"
START = datetime(2031, 5, 6, 7, tzinfo=UTC)


def asked(made: Application, token: str = TOKEN) -> httpx.Response:
    with (
        in_process(made.app) as transport,
        httpx.Client(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        return client.get("/v1/batches?limit=1", headers={"Authorization": f"Bearer {token}"})


def newest(made: Application) -> datetime:
    """When the newest batch was created: a second before the workspace was met."""
    return datetime.fromisoformat(asked(made).json()["data"][0]["created_at"])


def test_it_takes_the_tokens_that_it_is_given_and_no_others() -> None:
    made = embedded(CONTRACT, tokens=[TOKEN])
    assert (asked(made).status_code, asked(made, "tok_other").status_code) == (200, 401)


def test_its_clock_begins_at_the_start_and_is_moved_by_requests() -> None:
    made = embedded(CONTRACT, start=START)
    assert START - newest(made) <= timedelta(seconds=1)
    assert made.clock.now() > START


def test_without_a_start_its_clock_begins_now() -> None:
    before = datetime.now(UTC)
    assert before - newest(embedded(CONTRACT)) <= timedelta(seconds=1)


def test_its_events_are_handed_to_an_application_of_this_process() -> None:
    came: list[tuple[str, Any]] = []

    async def take(request: Request) -> Response:
        came.append((str(request.url), (await request.json())["eventType"]))
        return Response()

    made = embedded(DELIVERING, tokens=[TOKEN])
    made.hand_events_to(Starlette(routes=[Route("/hook", take, methods=["POST"])]))
    headers = {"Authorization": f"Bearer {TOKEN}", "x-extend-api-version": "2026-02-09"}
    with (
        in_process(made.app) as transport,
        httpx.Client(transport=transport, base_url="http://127.0.0.1", headers=headers) as client,
    ):
        endpoint = {
            "url": "https://nowhere.example.com/hook",
            "name": "hook",
            "enabledEvents": ["parse_run.processed"],
            "apiVersion": "2026-02-09",
        }
        assert client.post("/webhook_endpoints", json=endpoint).status_code == 200
        client.post("/parse_runs", json={"file": {"url": "https://files.example.com/invoice.pdf"}})
        made.clock.advance(10)
        client.get("/parse_runs")
    assert came == [("https://nowhere.example.com/hook", "parse_run.processed")]
