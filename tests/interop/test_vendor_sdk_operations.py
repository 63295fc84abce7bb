"""The vendor's own Python SDK, synchronous and asynchronous: every kind of run from its creation to its deletion."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from extend_ai import AsyncExtend, Extend
from extend_ai.core.api_error import ApiError
from extend_ai.wrapper.polling import PollingOptions

TOKEN = "tok_sdk_2"
FILE = {"url": "https://a.example/one.pdf"}
WORKING = {"PENDING", "PROCESSING"}
QUICK = PollingOptions(max_wait_ms=20_000, fast_poll_interval_ms=20)
FAMILIES = {
    "extract_runs": ("extractor", "extractors"),
    "classify_runs": ("classifier", "classifiers"),
    "split_runs": ("splitter", "splitters"),
    "parse_runs": (None, None),
}


async def answer(value: Any) -> Any:
    """The value of a call to either client."""
    return await value if inspect.isawaitable(value) else value


async def story(client: Any, family: str) -> dict[str, Any]:
    """Creates, polls, submits, lists, cancels and deletes, as a program would; tells what it saw."""
    runs = getattr(client, family)
    parameter, listing = FAMILIES[family]
    processor = {}
    if parameter is not None:
        processor = {parameter: {"id": (await answer(getattr(client, listing).list())).data[0].id}}
    single = await answer(runs.create_and_poll(file=FILE, polling_options=QUICK, **processor))
    batch = await answer(runs.create_batch(inputs=[{"file": FILE}] * 3, **processor))
    deadline = time.monotonic() + 20
    while batch.status in WORKING and time.monotonic() < deadline:
        batch = await answer(client.batch_runs.get(batch.id))
    listed = await answer(runs.list(batch_id=batch.id, max_page_size=2))
    # the token of the next page is a field of the answer
    rest = await answer(runs.list(batch_id=batch.id, max_page_size=2, next_page_token=listed.next_page_token))
    working = await answer(runs.create(file=FILE, **processor))
    cancelled = await answer(runs.cancel(working.id))
    deleted = await answer(runs.delete(single.id))
    return {
        "single": single.status,
        "batch": (batch.status, batch.run_count),
        "pages": (len(listed.data), len(rest.data), rest.next_page_token),
        "cancelled": cancelled.id == working.id,
        "deleted": deleted.id == single.id,
        "afterwards": await error_of(lambda: runs.retrieve(single.id)),
        "unknown": await error_of(lambda: client.batch_runs.get("bpr_nothing")),
        "no inputs": await error_of(lambda: runs.create_batch(inputs=[], **processor)),
    }


async def error_of(call: Callable[[], Any]) -> tuple[str, int | None]:
    with pytest.raises(ApiError) as raised:
        await answer(call())
    return type(raised.value).__name__, raised.value.status_code


EXPECTED = {
    "single": "PROCESSED",
    "batch": ("PROCESSED", 3),
    "pages": (2, 1, None),
    "cancelled": True,
    "deleted": True,
    "afterwards": ("NotFoundError", 404),
    "unknown": ("NotFoundError", 404),
    "no inputs": ("BadRequestError", 400),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_synchronous_client(served: Callable[..., str], family: str) -> None:
    async def described() -> dict[str, Any]:
        with httpx.Client() as connection:
            return await story(Extend(token=TOKEN, base_url=url, httpx_client=connection), family)

    url = served()
    assert asyncio.run(described()) == EXPECTED


@pytest.mark.parametrize("family", FAMILIES)
def test_asynchronous_client(served: Callable[..., str], family: str) -> None:
    async def described() -> dict[str, Any]:
        async with httpx.AsyncClient() as connection:
            return await story(AsyncExtend(token=TOKEN, base_url=url, httpx_client=connection), family)

    url = served()
    assert asyncio.run(described()) == EXPECTED
