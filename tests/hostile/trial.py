"""One run against one hostile server, and what was seen of it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from batchproof.folders import REPORTS

from .server import CERTIFICATES, HostileServer
from .table import Behaviour

TOKEN = "tok_hostile_5f0c91d2e7"
MARK = "5f0c91d2e7"
MOST_MB = 400
# a small process in between: a child begins with the peak of its parent
MEASURED = """
import json, os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss]), file=open("measured.json", "w"))
"""
# tab and line feed are the controls that text may have; JUnit files and JSON escape the others
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
COMMAND = re.compile(r"^\s*(::|##\[|##vso|##teamcity)", re.MULTILINE)


class Limits(NamedTuple):
    """What one run is given; ``seconds`` after which it hangs, ``only`` these scenarios, and ``timeout_s`` for a request."""

    # so many that objects are read, and some are made
    requests: int = 50
    documents: int = 12
    seconds: int = 240
    profile: str = "quick"
    seed: int = 0
    only: str = ""
    timeout_s: int = 1


def token_in(text: str) -> list[str]:
    """The one secret that most runs have, if it stands in ``text``."""
    return ["token"] if MARK in text else []


class Secrets(NamedTuple):
    """The secrets of a run: where they stand in environment and configuration, and who finds them in a text."""

    environment: Mapping[str, str] = {"BATCHPROOF_TOKEN": TOKEN, "BATCHPROOF_WEBHOOK_SECRET": f"whsec_{MARK}"}
    config: str = ""
    found: Callable[[str], list[str]] = token_in


class Seen(NamedTuple):
    """What one run did; ``wrong`` says what it should not have done."""

    code: int | None
    seconds: float
    megabytes: int
    requests: int
    documents: int
    described: str
    failures: dict[str, int]
    wrong: list[str]


LIMITS = Limits()
SECRETS = Secrets()


def attempt(behaviour: Behaviour, limits: Limits = LIMITS, secrets: Secrets = SECRETS) -> Seen:
    """Run the command line against a server that behaves so."""
    with tempfile.TemporaryDirectory(prefix="hostile") as name, HostileServer(behaviour) as server:
        folder, world = Path(name), server.world
        (folder / "limits.toml").write_text(
            f"[limits]\nmax_requests = {limits.requests}\nmax_runs = {limits.documents}\n"
            f"request_timeout_s = {limits.timeout_s}\nretry_wait_s = 1\npoll_timeout_s = 1\npoll_interval_s = 0.1\n{secrets.config}"
        )
        begun = time.monotonic()
        ended, printed = _run(
            folder, _arguments(behaviour, server, limits), secrets.environment, limits.seconds
        )
        seconds = time.monotonic() - begun
        code, peak = json.loads((folder / "measured.json").read_text()) if ended else (None, 0)
        wrong = [*_leaks(folder / "out", printed, secrets.found), *sorted(set(world.complaints))]
        failures = _failures(folder / "out" / "history.ndjson")
    if code is None:
        wrong.append(f"had not ended after {limits.seconds} s")
    elif code not in behaviour.exits:
        wrong.append(f"exit {code}, which is not true")
    if peak // 1024 >= MOST_MB:
        wrong.append(f"{peak // 1024} MB")
    # who does not trust a certificate goes away before anything is said
    if not world.met and not behaviour.certificate:
        wrong.append("the server never behaved so")
    if world.requests > limits.requests:
        wrong.append(f"{world.requests} requests of {limits.requests}")
    if world.documents > limits.documents:
        wrong.append(f"{world.documents} documents of {limits.documents}")
    lines = [line for line in printed.splitlines() if line.strip()]
    described = lines[-1] if lines else ""
    return Seen(code, seconds, peak // 1024, world.requests, world.documents, described, failures, wrong)


def _arguments(behaviour: Behaviour, server: HostileServer, limits: Limits) -> list[str]:
    arguments = ["--target", server.url, "--config", "limits.toml", "--output", "out"]
    arguments += ["--profile", limits.profile, "--seed", str(limits.seed)]
    if behaviour.trusted:
        arguments += ["--ca-file", str(CERTIFICATES / behaviour.trusted)]
    if behaviour.receiver:
        with socket.create_server(("127.0.0.1", 0)) as free:
            server.world.memory["receiver"] = free.getsockname()[1]
        arguments += ["--webhook-url", f"http://127.0.0.1:{server.world.memory['receiver']}/hook"]
    return [*arguments, "--", "-k", limits.only] if limits.only else arguments


def _run(
    folder: Path, arguments: list[str], environment: Mapping[str, str], seconds: int
) -> tuple[bool, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BATCHPROOF", "SSL_"))}
    process = subprocess.Popen(
        [
            *(sys.executable, "-S", "-c", MEASURED),
            *(sys.executable, "-P", "-W", "error", "-m", "batchproof", "run"),
            *arguments,
        ],
        cwd=folder,
        env={**kept, **environment, "NO_COLOR": "1", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        printed, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        printed, _ = process.communicate()
        return False, printed.decode("utf-8", "backslashreplace")
    return True, printed.decode("utf-8", "backslashreplace")


def _leaks(folder: Path, printed: str, found: Callable[[str], list[str]]) -> list[str]:
    """What must not be in an artefact, or on a stream."""
    wrong: list[str] = []
    if "Traceback" in printed or "INTERNALERROR" in printed:
        wrong.append("a traceback")
    if COMMAND.search(printed):
        wrong.append("a command for CI on a stream")
    artefacts = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    expected = ("history.ndjson", *REPORTS)
    wrong += [f"no {name}" for name in expected if name not in artefacts]
    for name, content in {**artefacts, "a stream": printed.encode()}.items():
        text = content.decode("utf-8", "backslashreplace")
        wrong += [f"the {secret} in {name}" for secret in found(text)]
        if CONTROLS.search(text):
            wrong.append(f"a control character in {name}")
    return wrong


def _failures(history: Path) -> dict[str, int]:
    """How often a request failed in which way."""
    lines = history.read_text().splitlines() if history.is_file() else []
    failed = [event.get("failure") for event in map(json.loads, lines)]
    return dict(Counter(failure["kind"] for failure in failed if failure).most_common())
