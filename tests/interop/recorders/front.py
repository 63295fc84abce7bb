"""What stands between a browser and an emulator: the page of an app, and the API as gateways and caches pass it on."""

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import brotli
import httpx
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from batchproof.history.codings import zstd

HERE = Path(__file__).parent
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
PASSED = ("authorization", "content-type", "x-extend-api-version")
OF_A_CONNECTION = ("content-length", "content-encoding", "connection", "transfer-encoding", "date", "server")
PATIENCE = 60.0


class Front:
    """An ASGI application. ``x-front`` in a request says how it is answered: in which coding, from when on, or how badly."""

    def __init__(self, target: str, cookie: str) -> None:
        self._target = target
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        response = await self._answer(request)
        response.headers.update(_allowed(request))
        how = request.headers.get("x-front")
        if how == "silent":
            await _gone(request)
        elif how in ("half", "cut"):
            await send({"type": "http.response.start", "status": 200, "headers": response.raw_headers})
            await send({"type": "http.response.body", "body": response.body[:40], "more_body": True})
            if how == "half":
                await _gone(request)
        else:
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT)
        if path.startswith("/moved/"):
            return RedirectResponse(path.removeprefix("/moved"))
        if path in ("/app/page.html", "/app/worker.js"):
            return FileResponse(HERE / path.removeprefix("/app/"))
        return await self._passed(request)

    async def _passed(self, request: Request) -> Response:
        async with httpx.AsyncClient(base_url=self._target, verify=False) as client:
            answer = await client.request(
                request.method,
                request.url.path + (f"?{request.url.query}" if request.url.query else ""),
                content=await request.body(),
                headers={name: value for name, value in request.headers.items() if name in PASSED},
            )
        how = request.headers.get("x-front", "")
        etag = f'"{hashlib.sha256(answer.content).hexdigest()[:16]}"'
        headers = {name: value for name, value in answer.headers.items() if name not in OF_A_CONNECTION} | {
            "etag": etag,
            "vary": "x-front",
            "cache-control": "max-age=600" if how == "cached" else "no-cache",
            "set-cookie": f"sid={self._cookie}; Path=/; HttpOnly",
        }
        if request.method == "GET" and request.headers.get("if-none-match") == etag:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        content = answer.content
        if how in CODINGS and how in request.headers.get("accept-encoding", ""):
            content = CODINGS[how](content)
            headers["content-encoding"] = how
        return Response(content, answer.status_code, headers=headers)


def _allowed(request: Request) -> dict[str, str]:
    """What a page of another address may do."""
    asked = request.headers.get("access-control-request-headers", "x-front")
    return {
        "access-control-allow-origin": request.headers.get("origin", "*"),
        "access-control-allow-credentials": "true",
        "access-control-allow-headers": asked,
        "access-control-allow-methods": "GET, POST, DELETE, HEAD",
    }


async def _gone(request: Request) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await request.receive())["type"] != "http.disconnect":
            pass
