"""The first look at a server: what may pass is looked at again, what will not ends the run at once."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import httpx
import pytest

from batchproof.contract import Contract
from batchproof.history import read_history
from batchproof.session import Endpoint, Session

PAGE = httpx.Response(200, json={"documents": [], "next": None})
GATEWAY = httpx.Response(502, text="<html>")
RESET = httpx.ReadError("reset")
LATE = httpx.ReadTimeout("")
DOWN = httpx.ConnectError("refused")
NO_API = "http://papers.test answers 502 with text/plain; charset=utf-8, not JSON; is this the base address of the API?"
NO_ANSWER = "http://papers.test does not answer: reset; is the address right, and the server up?"


class Looked(NamedTuple):
    """What came of the first look."""

    trouble: str | None
    sent: int
    pauses: list[float]


@pytest.fixture
def look(build: ModuleType, acme: Contract, tmp_path: Path) -> Callable[..., Looked]:
    """Starts a run against a server that gives these answers, and the last one for ever."""

    def start(*answers: Any, **limits: Any) -> Looked:
        coming: Iterator[Any] = iter([*answers, *[answers[-1]] * 20])

        def handler(_: httpx.Request) -> httpx.Response:
            answer = next(coming)
            if isinstance(answer, Exception):
                raise answer
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

        pauses: list[float] = []
        endpoint = Endpoint(
            url="http://papers.test", label="http://papers.test", origin=time.monotonic(), started_at=""
        )
        session = Session(
            acme,
            build.settings(acme, **limits),
            tmp_path,
            endpoint,
            transport=httpx.MockTransport(handler),
            pause=pauses.append,
        )
        session.start()
        session.close()
        history = read_history(tmp_path / "history.ndjson")
        described = [item.detail for item in history.unmet]
        assert described == ([] if session.trouble is None else [session.trouble])
        return Looked(session.trouble, len(history.exchanges), pauses)

    return start


@pytest.mark.parametrize("failure", [GATEWAY, RESET, LATE, DOWN], ids=["gateway", "reset", "late", "down"])
def test_first_answer_that_was_an_accident(look: Callable[..., Looked], failure: Any) -> None:
    assert look(failure, PAGE) == Looked(None, 2, [1.0])


@pytest.mark.parametrize(
    ("failure", "described"), [(GATEWAY, NO_API), (RESET, NO_ANSWER)], ids=["502", "reset"]
)
def test_server_that_stays_away(look: Callable[..., Looked], failure: Any, described: str) -> None:
    assert look(failure) == Looked(described, 4, [1.0, 1.0, 1.0])


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, text="[" * 300 + "]" * 300),
        httpx.ConnectError("the certificate of the server does not fit; name it"),
    ],
    ids=["token", "no API", "beyond us", "remedy"],
)
def test_answer_that_will_not_change_is_not_asked_for_again(look: Callable[..., Looked], answer: Any) -> None:
    looked = look(answer)
    assert (looked.trouble is None, looked.sent, looked.pauses) == (False, 1, [])


@pytest.mark.parametrize(("patience", "looked"), [(30.0, (2, [7.0])), (6.0, (1, []))])
def test_server_is_given_the_time_that_it_asks_for(
    look: Callable[..., Looked], patience: float, looked: tuple[int, list[float]]
) -> None:
    busy = httpx.Response(503, text="<html>", headers={"retry-after": "7"})
    assert look(busy, PAGE, retry_wait_s=patience)[1:] == looked


def test_limit_of_requests_ends_the_first_look(look: Callable[..., Looked]) -> None:
    assert look(RESET, max_requests=2) == Looked(NO_ANSWER, 2, [1.0, 1.0])
