"""The application behind the client, without a socket, answers as it does over one."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from batchproof.emulator import Server
from batchproof.in_process import in_process


async def say(request: Request) -> Response:
    body = (await request.body()).decode()
    described = {
        "method": request.method,
        "query": request.url.query,
        "body": body,
        "a": request.headers["x-a"],
    }
    return JSONResponse({**described, "raw": request.scope["raw_path"].decode()}, 201, {"x-b": "2"})


async def broken(_request: Request) -> Response:
    raise RuntimeError("broken")


APP = Starlette(routes=[Route("/tell/{id}", say, methods=["POST"]), Route("/broken", broken)])


def ask(client: httpx.Client) -> tuple[int, str, object]:
    answer = client.post("/tell/a%20b", params={"q": "1 2"}, headers={"X-A": "1"}, content="text")
    return answer.status_code, answer.headers["x-b"], answer.json()


def test_answer_is_that_of_a_server() -> None:
    with Server(APP) as server, httpx.Client(base_url=server.url) as client:
        over_a_socket = ask(client)
    with (
        in_process(APP) as transport,
        httpx.Client(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        assert ask(client) == over_a_socket


def test_broken_application_answers_500() -> None:
    with (
        in_process(APP) as transport,
        httpx.Client(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        assert client.get("/broken").status_code == 500


def test_application_without_an_answer_is_a_cut_connection() -> None:
    async def silent(_scope: object, _receive: object, _send: object) -> None:
        return

    cut = pytest.raises(httpx.RemoteProtocolError, match="sent no answer")
    with in_process(silent) as transport, httpx.Client(transport=transport) as client, cut:
        client.get("http://127.0.0.1/")


def test_client_comes_after_another_until_the_end() -> None:
    with in_process(APP) as transport:
        for _ in range(2):
            with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
                assert ask(client)[0] == 201
    with (
        httpx.Client(transport=transport, base_url="http://127.0.0.1") as client,
        pytest.raises(httpx.ConnectError, match="has ended"),
    ):
        ask(client)


def test_threads_take_turns() -> None:
    inside, most = [0], [0]

    async def counted(_request: Request) -> Response:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        await asyncio.sleep(0.01)
        inside[0] -= 1
        return Response()

    with (
        in_process(Starlette(routes=[Route("/", counted)])) as transport,
        httpx.Client(transport=transport) as client,
        ThreadPoolExecutor(4) as threads,
    ):
        answers = list(threads.map(lambda _: client.get("http://127.0.0.1/").status_code, range(8)))
    assert (answers, most) == ([200] * 8, [1])


def test_what_a_request_sets_going_has_ended_before_its_answer_and_what_waits_ends_with_all() -> None:
    done: list[str] = []

    async def later(name: str, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            done.append(name)
        except asyncio.CancelledError:
            done.append(f"{name} given up")
            raise

    tasks: list[asyncio.Task[None]] = []

    async def setting_going(_request: Request) -> Response:
        loop = asyncio.get_running_loop()
        tasks.extend([loop.create_task(later("quick", 0)), loop.create_task(later("slow", 60))])
        return Response()

    app = Starlette(routes=[Route("/", setting_going)])
    with in_process(app) as transport, httpx.Client(transport=transport) as client:
        client.get("http://127.0.0.1/")
        assert done == ["quick"]
    assert done == ["quick", "slow given up"]


def test_a_task_that_never_ends_does_not_hold_the_end() -> None:
    left: list[asyncio.Task[None]] = []

    async def stays() -> None:
        while True:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(3_600)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        left.append(asyncio.create_task(stays()))
        await PlainTextResponse("made")(scope, receive, send)

    with in_process(app) as transport, httpx.Client(transport=transport) as client:
        assert client.get("http://papers.test/").text == "made"
    assert [task.done() for task in left] == [False]
