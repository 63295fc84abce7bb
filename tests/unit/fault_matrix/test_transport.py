"""The application behind the client, without a socket, answers as it does over one."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchproof.emulator import Server
from batchproof.fault_matrix.transport import InProcess


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
        InProcess(APP) as transport,
        httpx.Client(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        assert ask(client) == over_a_socket


def test_broken_application_answers_500() -> None:
    with (
        InProcess(APP) as transport,
        httpx.Client(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        assert client.get("/broken").status_code == 500


def test_application_without_an_answer_is_a_cut_connection() -> None:
    async def silent(_scope: object, _receive: object, _send: object) -> None:
        return

    cut = pytest.raises(httpx.RemoteProtocolError, match="sent no answer")
    with InProcess(silent) as transport, httpx.Client(transport=transport) as client, cut:
        client.get("http://127.0.0.1/")
