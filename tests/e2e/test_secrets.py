"""A token is in nothing that a run leaves behind, whatever the server does with it."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from batchproof.emulator import Server
from batchproof.folders import REPORTS

CANARY = "sk/canary+9f8e7d6c5b4a=="
FRAGMENT = "canary+9f8e7d6c5b4a"


def echoing() -> Starlette:
    """A server that tells everybody the credential that it was sent, in every spelling it can think of."""

    async def answer(request: Request) -> JSONResponse:
        sent = request.headers.get("authorization", "")
        spelled = {
            "plain": sent,
            "escaped": quote(sent),
            "base64": base64.b64encode(sent.encode()).decode(),
            "url": base64.urlsafe_b64encode(b"user:" + sent.encode()).decode(),
            "hex": sent.encode().hex(),
            sent: 1,
        }
        body = {
            "object": "list",
            "data": [],
            "code": sent,
            "message": f"{spelled}",
            "retryable": False,
            **spelled,
        }
        return JSONResponse(body, 200, headers={"x-debug": sent, "set-cookie": f"session={quote(sent)}"})

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


def spellings(secret: str) -> list[str]:
    raw = secret.encode()
    found = [secret, quote(secret), quote(secret, safe=""), raw.hex()]
    for before in (b"", b"x", b"xx", b"Bearer ", b"user:Bearer "):
        # the edges of base64 depend on what stands beside; the middle gives the secret away
        encoders = (base64.b64encode, base64.urlsafe_b64encode)
        found += [encode(before + raw).decode().rstrip("=")[-20:-4] for encode in encoders]
    return found


def leaks(text: str) -> list[str]:
    return [spelling for spelling in [*spellings(CANARY), FRAGMENT] if spelling.lower() in text.lower()]


def test_token_is_in_no_file_and_no_output(judged: Callable[..., Any], tmp_path: Path) -> None:
    with Server(echoing()) as server:
        run = judged(server.url, "--verbose", token=CANARY)
    # where a scenario breaks, this tells which and how
    assert run.code == 1, run.err
    assert leaks(run.out + run.err) == []
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {"history.ndjson", *REPORTS} <= {file.name for file in files}
    assert {file.name: found for file in files if (found := leaks(file.read_text(errors="replace")))} == {}
    assert "$BATCHPROOF_TOKEN" in run.out


def test_token_from_a_file(judged: Callable[..., Any], served: Callable[..., str], tmp_path: Path) -> None:
    secret = tmp_path / "secret" / "token"
    secret.parent.mkdir()
    secret.write_text(CANARY + "\n")
    run = judged(served(), "--token-file", str(secret), "--profile", "quick", token="")
    assert run.code == 0
    assert leaks(run.out + run.err + "".join(file.read_text() for file in run.folder.iterdir())) == []


def test_token_is_in_no_traceback(judged: Callable[..., Any], served: Callable[..., str]) -> None:
    run = judged(served(), "--", "-p", "no:batchproof-conformance", "--nonsense", token=CANARY)
    assert run.code in (2, 4)
    assert leaks(run.out + run.err) == []


# pytest shows long locals cut in their middle, here just before the end of the token
BROKEN = f"""
from batchproof.drive import Client

def broken(self, *_, **__):
    told = {"x" * 95!r} + self.settings.token.value + {"y" * 400!r}
    raise RuntimeError("\\n::error::" + told + "\\x9b31m")

Client.page = broken
"""


@pytest.mark.parametrize("workers", ["1", "2"])
def test_scenario_that_broke_shows_neither_token_nor_command(
    judged: Callable[..., Any], served: Callable[..., str], tmp_path: Path, workers: str
) -> None:
    (tmp_path / "test_mine.py").write_text(BROKEN)
    options = ("--workers", workers, "--", "--showlocals", "-rA", "-k", "test_first_page")
    run = judged(served(), *options, str(tmp_path / "test_mine.py"), token=CANARY)
    described = run.out + run.err
    assert (run.code, "RuntimeError" in described, leaks(described)) == (4, True, [])
    assert re.findall(r"(?m)^\s*::|\x9b", described) == []


def test_scenario_that_nobody_can_plan_is_no_interruption(
    judged: Callable[..., Any], served: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "test_mine.py").write_text("def test_mine(api):\n    api.page('list_extractors')\n")
    run = judged(served(), "--", "-k", "test_mine", str(tmp_path / "test_mine.py"))
    assert (run.code, "this is a defect of batchproof" in run.err) == (4, True)
