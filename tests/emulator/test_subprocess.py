"""The embedded emulator in a process of its own: it serves what it is told, and ends with whoever asked for it."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from batchproof.emulator import Embedded, InSubprocess

CONTRACT = "talonic/v1"
TOKEN = "tok_canary_apart_3b1c"
ASKED = "from batchproof.emulator import InSubprocess; made = InSubprocess('talonic/v1').__enter__(); print(made.url, flush=True); input()"


def status(address: str, token: str = TOKEN) -> int:
    return httpx.get(address + "/v1/batches", headers={"Authorization": f"Bearer {token}"}).status_code


def test_it_takes_the_tokens_that_it_is_given_and_no_others():
    with InSubprocess(CONTRACT, tokens=[TOKEN]) as server:
        assert (status(server.url), status(server.url, "tok_other")) == (200, 401)


def newest(address: str) -> datetime:
    """When the newest batch was created: a second before the workspace was met."""
    page = httpx.get(address + "/v1/batches?limit=1", headers={"Authorization": f"Bearer {TOKEN}"}).json()
    return datetime.fromisoformat(page["data"][0]["created_at"])


@pytest.mark.parametrize("kind", [InSubprocess, Embedded])
def test_its_clock_begins_at_the_start(kind):
    start = datetime(2031, 5, 6, 7, tzinfo=UTC)
    with kind(CONTRACT, start=start) as server:
        assert start - newest(server.url) <= timedelta(seconds=1)


@pytest.mark.parametrize("kind", [InSubprocess, Embedded])
def test_without_a_start_its_clock_begins_now(kind):
    before = datetime.now(UTC)
    with kind(CONTRACT) as server:
        assert before - newest(server.url) <= timedelta(seconds=1)


def test_its_clock_is_moved_by_requests():
    with InSubprocess(CONTRACT) as server:
        assert httpx.post(server.control, params={"seconds": 1.5}).status_code == 204
        assert httpx.post(server.control, params={"seconds": "x"}).status_code == 400


def test_it_is_gone_when_the_context_is_closed():
    with InSubprocess(CONTRACT) as server:
        assert status(server.url) == 200
    with pytest.raises(httpx.ConnectError):
        status(server.url)


def test_one_that_nobody_asked_for_its_address_ends_too():
    server = InSubprocess(CONTRACT)
    with server:
        pass
    with pytest.raises(RuntimeError, match="the emulator did not start"):
        status(server.url)


def test_what_cannot_start_is_told(capfd):
    with InSubprocess("nobody/v0") as server, pytest.raises(RuntimeError, match="the emulator did not start"):
        status(server.url)
    assert "nobody/v0" in capfd.readouterr().err


@pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="the system shows no arguments of processes"
)
def test_no_token_is_an_argument():
    with InSubprocess(CONTRACT, tokens=[TOKEN]) as server:
        assert status(server.url) == 200
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        described = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert any(b"emulator.subprocess" in line for line in described)
    assert not any(TOKEN.encode() in line for line in described)


def test_it_ends_when_nobody_is_left_to_ask():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", ASKED], text=True, **pipes) as asking:
        url = asking.stdout.readline().strip()
        assert status(url) == 200
        asking.kill()
        # the emulator writes its own errors there, so this ends with it
        asking.stderr.read()
    with pytest.raises(httpx.ConnectError):
        status(url)
