"""Ids and page tokens of any length and content: they are used as they are, or the scenario tells why it cannot."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import httpx
import pytest

from batchproof.client import Call
from batchproof.drive import Api, Ref, Stopped, Unmet

ODD = [
    "",
    "..",
    "/../?#%",
    "a\x00b\r\nc",
    "\ud800",
    "\U0001f600" * 100,
    "漢" * 1_000,
    "::error::",
    "{id}",
    "$BATCHPROOF_TOKEN",
    "a" * 20_000,
]
TOO_LONG = "a" * 1_000_000


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_id_and_token_are_sent(make_api: Callable[..., Api], odd: str) -> None:
    body = json.dumps({"id": odd, "documents": [], "next": odd})
    api = make_api(lambda _: httpx.Response(200, text=body))
    read = api.send(Call(operation="get_batch", path={"id": odd}))
    listed = api.send(Call(operation="list_documents", query={"after": odd}))
    assert [item.response and item.response.status for item in (read, listed)] == [200, 200]


@pytest.mark.parametrize(
    "call",
    [
        Call(operation="get_batch", path={"id": TOO_LONG}),
        Call(operation="list_documents", query={"after": TOO_LONG}),
    ],
    ids=["id", "token"],
)
def test_what_is_longer_than_any_address_is_told(make_api: Callable[..., Api], call: Call) -> None:
    api = make_api(lambda _: httpx.Response(200, json={}))
    with pytest.raises(Unmet) as unmet:
        api.send(call)
    described = (
        f"{call.operation} cannot be asked for with an id or a page token that was given: URL too long"
    )
    assert (unmet.value.detail, unmet.value.reason, len(unmet.value.detail) < 200) == (
        described,
        "target_error",
        True,
    )


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_id_that_is_given_is_watched(make_api: Callable[..., Api], build: ModuleType, odd: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json=build.batch("done"))

    api = make_api(answer, fixtures={"batch_ids": [odd]})
    api.watch("get_batch", api.objects.given("batch"))
    assert len(asked) == 2


def test_given_id_that_is_longer_than_any_address_leaves_the_others_watched(
    make_api: Callable[..., Api], build: ModuleType
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json=build.batch("done"))

    api = make_api(answer, fixtures={"batch_ids": ["b_1", "b" * 200_000, "b_2"]})
    with pytest.raises(Stopped, match="URL too long") as stopped:
        api.watch("get_batch", api.objects.given("batch"))
    assert asked == ["/batches/b_1"] * 2 + ["/batches/b_2"] * 2
    assert len(str(stopped.value)) < 300


def test_limit_of_requests_still_ends_a_watch(make_api: Callable[..., Api], build: ModuleType) -> None:
    api = make_api(lambda _: httpx.Response(200, json=build.batch("done")), max_requests=1)
    with pytest.raises(Unmet) as unmet:
        api.watch("get_batch", [Ref("batch", "b_1")])
    assert unmet.value.reason == "budget_exhausted"


def test_traversal_with_endless_tokens_of_any_length_ends(make_api: Callable[..., Api]) -> None:
    lengths = iter(range(0, 1_000_000, 9_000))

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"documents": [], "next": "t" * next(lengths) + "x"})

    api: Any = make_api(answer)
    with pytest.raises(Unmet, match="URL too long"):
        api.traverse("list_documents", Ref("batch", "b_1"))
