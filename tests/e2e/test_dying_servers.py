"""What a run does when its server goes away in the middle: it stops asking, and says since when and why."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from batchproof import emulator

Judge = Callable[..., Any]
TIMEOUT_S = 3
REQUESTS = 20


class Dying:
    """Answers some requests, and then none; ``dead`` tells when."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._left = REQUESTS
        self.dead = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._left -= scope["type"] == "http"
        if scope["type"] == "http" and self._left < 0:
            # begun and not ended: whoever ends the server now sends no answer of his own
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            while (await receive())["type"] != "http.disconnect":
                continue
            return
        await self._app(scope, receive, send)
        if self._left == 0:
            self.dead.set()


@pytest.mark.parametrize("refuses", [False, True], ids=["silent", "refusing"])
def test_server_that_dies_after_twenty_requests(judged: Judge, quick_polls: Path, refuses: bool) -> None:
    quick_polls.write_text(f"{quick_polls.read_text()}request_timeout_s = {TIMEOUT_S}\n")
    app = Dying(emulator.create_app("extend/2026-02-09"))
    server = emulator.Server(app).__enter__()

    def close() -> None:
        app.dead.wait(60)
        server.__exit__(None, None, None)

    closer = threading.Thread(target=close)
    if refuses:
        closer.start()
    try:
        run = judged(server.url)
    finally:
        if refuses:
            closer.join()
        else:
            server.__exit__(None, None, None)
    halted = run.results["halted"]
    assert (run.code, halted["why"], halted["exchange"]) == (3, "unreachable", f"x{REQUESTS + 1}")
    events = [json.loads(line) for line in (run.folder / "history.ndjson").read_text().splitlines()]
    assert events[-1]["ended"] <= 3 * TIMEOUT_S
    assert sum(event["event"] == "exchange" for event in events) == REQUESTS + halted["count"]
    # what was not established by then is open, with that reason
    open_rows = [row for row in run.results["requirements"] if row["verdict"] == "inconclusive"]
    open_rows = [
        row for row in open_rows if not row["interpretations"] and not row["id"].startswith("webhook.")
    ]
    assert {(row["reason"], row["detail"]) for row in open_rows} == {("target_error", halted["described"])}
    described = " ".join(run.out.split())
    assert f"The run stopped asking {halted['described']}" in described
    assert halted["described"] in (run.folder / "summary.md").read_text().replace("\\", "")
    last = f"INCONCLUSIVE: the server does not answer since second {halted['since_s']:.1f} (exit 3)"
    assert run.out.splitlines()[-1] == last
