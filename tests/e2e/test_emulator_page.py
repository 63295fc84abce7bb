"""``docs/emulator.md``: its commands start a server, and its example of a client runs."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "emulator.md").read_text()
COMMANDS = [
    line.partition(" #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
(CLIENT,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
WAIT_S = 60.0


@contextmanager
def started(command: str) -> Iterator[dict[str, str]]:
    """What the server prints before it serves, by its first word. It listens on a free port, and stops in the end."""
    arguments = command.replace("--port 8080", "--port 0").split()[1:]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BATCHPROOF")}
    with subprocess.Popen(
        [sys.executable, "-m", "batchproof", *arguments], stdout=subprocess.PIPE, text=True, env=kept
    ) as process:
        watchdog = threading.Timer(WAIT_S, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            expected = 1 + ("--clock" in arguments) + ("--webhook" in arguments)
            lines = [process.stdout.readline().split() for _ in range(expected)]
            yield {line[0]: line[1] for line in lines}
        finally:
            watchdog.cancel()
            process.terminate()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_starts_a_server(command: str) -> None:
    with started(command) as described:
        assert httpx.get(described["READY"] + "/nowhere").status_code in (400, 401, 404)


def test_the_example_of_a_client_runs(served: Callable[..., str]) -> None:
    with ExitStack() as stack:
        code = CLIENT.replace("http://127.0.0.1:8080", served()).replace(
            "base_url=", "httpx_client=connection, base_url="
        )
        exec(code, {"connection": stack.enter_context(httpx.Client())})


def test_time_passes_when_it_is_told_to() -> None:
    headers = {"authorization": "Bearer tok_clock", "x-extend-api-version": "2026-02-09"}
    (command,) = [command for command in COMMANDS if "--clock" in command]
    with started(command) as described, httpx.Client(base_url=described["READY"], headers=headers) as client:
        extractor = client.get("/extractors").json()["data"][0]["id"]
        run = client.post(
            "/extract_runs", json={"extractor": {"id": extractor}, "file": {"url": "https://a.example/a.pdf"}}
        ).json()
        before = client.get(f"/extract_runs/{run['id']}").json()["status"]
        assert client.post(described["CLOCK"], params={"seconds": "600"}).status_code == 204
        after = client.get(f"/extract_runs/{run['id']}").json()["status"]
        wrong = client.post(described["CLOCK"], params={"seconds": "soon"})
    assert (before in ("PENDING", "PROCESSING"), after) == (True, "PROCESSED")
    assert (wrong.status_code, wrong.text) == (400, "say how far: ?seconds=1.5\n")
