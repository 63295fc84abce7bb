"""What stands between the suite and an emulator, and alters what that answers."""

import json
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Between:
    """Stands between the suite and an emulator; ``alter`` gets path and body of each answer in JSON."""

    def __init__(self, app: ASGIApp, alter: Callable[[str, Any], Any]) -> None:
        self._app = app
        self._alter = alter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def keep(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._answer(scope, start, body, send)

        await self._app(scope, receive, keep)

    async def _answer(self, scope: Scope, start: Message, body: bytes, send: Send) -> None:
        altered = self._alter(f"{scope['method']} {scope['path']}", json.loads(body)) if body else None
        content = json.dumps(altered).encode() if altered is not None else body
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        headers.append((b"content-length", str(len(content)).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": content})
