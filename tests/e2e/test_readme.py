"""Every command in the README is run, and what it shows is what is printed."""

import hashlib
import hmac
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import certifi
import pytest

from batchproof import emulator
from batchproof.places import schemas_dir
from tests.hars import entry, har, write

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
SHELL_BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.partition(" #")[0].strip() for block in SHELL_BLOCKS for line in block.splitlines() if line.strip()
]
SETUP = [command for command in COMMANDS if command.startswith("python3 -m venv")]
BATCHPROOF = [command for command in COMMANDS if command.startswith(("batchproof", "pytest"))]
SCHEMATHESIS = [command for command in COMMANDS if " st run " in command]
TOKEN = "tok_readme_1"
TOKENS = {"BATCHPROOF_TOKEN": TOKEN}
# polls as fast as the emulator moves
SETTINGS = "[limits]\npoll_interval_s = 0.05\n"
WEBHOOK_SECRET = "wss_readme_1"
RECEIVER = "127.0.0.1:8080"
VERSION = {"x-extend-api-version": "2026-02-09"}


def shell(command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BATCHPROOF", "PYTEST"))
    }
    return subprocess.run(
        command,
        shell=True,
        cwd=cwd,
        env={**kept, "PATH": path, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the commands need of a checkout, and polls as fast as the emulator moves."""
    (tmp_path / "batchproof.toml").write_text(SETTINGS)
    shutil.copytree(ROOT / "tests" / "conformance", tmp_path / "tests" / "conformance")
    shutil.copy(ROOT / "conftest.py", tmp_path)
    return tmp_path


def test_the_commands_are_the_known_ones() -> None:
    known = [
        *SETUP,
        *BATCHPROOF,
        *SCHEMATHESIS,
        "export BATCHPROOF_TOKEN=…",
        "export BATCHPROOF_WEBHOOK_SECRET=…",
    ]
    assert sorted(COMMANDS) == sorted(known)
    assert len(SETUP) == 2


def test_ci_runs_the_two_setup_commands_word_for_word() -> None:
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [command for command in SETUP if command not in script] == []


@pytest.mark.parametrize(
    "name", ["quick", "latest", "tests", "lint", "types", "imports", "emulator", "staging"]
)
def test_tox_has_the_environments(name: str) -> None:
    assert f"[testenv:{name}]" in (ROOT / "tox.ini").read_text()


@pytest.fixture(scope="module")
def staging() -> Iterator[str]:
    """The server that all commands are for."""
    with emulator.Server(emulator.create_app("extend/2026-02-09")) as server:
        yield server.url


@pytest.fixture(scope="module")
def runs(staging: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A folder with what runs have left; each run is made once."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "batchproof.toml").write_text(SETTINGS)

    def made(name: str, *more: str) -> Path:
        if not (folder / name).exists():
            shell(
                f"batchproof run --profile quick --quiet --output {name} {' '.join(more)}", folder, **TOKENS
            )
        return folder / name

    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def recorded_delivery() -> str:
    body = '{"eventId": "evt_1", "eventType": "workspace.tidied", "payload": {}}'
    signed = f"v0:1767225600:{body}".encode()
    headers = {
        "x-extend-api-version": "2026-02-09",
        "x-extend-request-timestamp": "1767225600",
        "x-extend-request-signature": hmac.new(WEBHOOK_SECRET.encode(), signed, hashlib.sha256).hexdigest(),
    }
    return json.dumps({"headers": headers, "body": body})


@pytest.mark.parametrize(
    "command", [item for item in BATCHPROOF if "serve" not in item and " record " not in item]
)
def test_command(command: str, checkout: Path, staging: str, runs: Callable[..., Path]) -> None:
    if "--webhooks" in command:
        (checkout / "deliveries.ndjson").write_text(recorded_delivery() + "\n")
    elif "traffic.har" in command:
        write(
            checkout / "traffic.har",
            har(entry("GET", "https://api.test/batch_runs/bpr_1", "", headers=VERSION)),
        )
    elif command.startswith(("batchproof judge", "batchproof expect", "batchproof report")):
        shutil.copytree(runs("latest"), checkout / "reports" / "latest")
    elif command.startswith("batchproof compare"):
        for day in ("monday", "latest"):
            shutil.copytree(ROOT / "reports" / "sample" / "healthy", checkout / "reports" / day)
    elif command.startswith(("batchproof run --resume", "batchproof merge")):
        for name, more in (("staging", ()), ("shard-1", ("--shard", "1/3")), ("shard-2", ("--shard", "2/3"))):
            shutil.copytree(runs(name, "--target", staging, *more), checkout / "reports" / name)
    command = command.replace("https://staging.example.com", staging)
    command = command.replace(RECEIVER, f"127.0.0.1:{free_port()}")
    secrets = {"BATCHPROOF_TOKEN": TOKEN, "BATCHPROOF_WEBHOOK_SECRET": WEBHOOK_SECRET}
    done = shell(command, checkout, **secrets)
    established_in_part = any(word in command for word in ("--target", "-k", "--resume", "merge", ".har"))
    assert (3 if established_in_part else 0) == done.returncode, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_schemathesis_command(checkout: Path, staging: str) -> None:
    (command,) = SCHEMATHESIS
    shell("batchproof openapi > openapi.json", checkout)
    done = shell(command.replace("https://staging.example.com", staging), checkout, BATCHPROOF_TOKEN=TOKEN)
    assert done.returncode == 0, done.stdout + done.stderr


def test_serve_command_prints_ready(checkout: Path) -> None:
    (command,) = [item for item in BATCHPROOF if "serve" in item]
    arguments = [sys.executable, "-m", *command.split()]
    with subprocess.Popen(arguments, cwd=checkout, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.terminate()
    assert re.fullmatch(r"READY http://127\.0\.0\.1:[0-9]+\n", line)


def test_output_shown_is_the_output_printed(judged: Callable[..., Any], quick_polls: Path) -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    # one worker waits for one object at a time, so each state is short
    quick_polls.write_text("[limits]\npoll_interval_s = 0.01\n")
    app = emulator.create_app("extend/2026-02-09", faults=["status-lowercase"], step_ms=10)
    with emulator.Server(app) as server:
        run = judged(server.url, "--workers", "1", max_runs=1_100)
    assert stable(shown) == stable(run.out[run.out.index("meets ") :])


def stable(text: str) -> list[str]:
    """The lines, less what differs from run to run."""
    cut = re.split(r"[0-9]+ points on which", text)[0]
    cut = re.sub(
        r"sha256:[0-9a-f]{64}|\b(?:bpr|ex)_[\w-]+|http://127\.0\.0\.1:[0-9]+|\b[0-9]+ times\b|\b(?:x|replay-)[0-9]+\b|\S+(?=/replays/)",
        "…",
        cut,
    )
    return [line.rstrip() for line in cut.splitlines() if line.strip()]


def test_configuration_file_of_the_readme_is_accepted(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    example = "\n".join(re.findall(r"```toml\n(.*?)```", README, re.DOTALL))
    (tmp_path / "batchproof.toml").write_text(example.replace(RECEIVER, f"127.0.0.1:{free_port()}"))
    (certificates,) = re.findall(r'ca_file = "(.*?)"', example)
    (tmp_path / certificates).write_bytes(Path(certifi.where()).read_bytes())
    token = {
        "STAGING_TOKEN": "tok_readme_1",
        "OTHER_WORKSPACE_TOKEN": "tok_readme_2",
        "STAGING_WEBHOOK_SECRET": "wss_readme_1",
    }
    done = batchproof("run", "--target", "http://127.0.0.1:9", "--quiet", "--output", "out", **token)
    assert (done.code, done.err) == (3, "")


def test_numbers_of_faults_are_those_of_the_matrices() -> None:
    proofs = json.loads((ROOT / "reports" / "fault-matrix.json").read_bytes())
    described = re.search(r"plants ([\d,]+) faults .*? with ([\d,]+) the requirement", README)
    assert described is not None
    assert described.groups() == tuple(
        f"{sum(item[name] for item in proofs):,}" for name in ("faults", "caught")
    )


def test_the_schemas_lie_where_the_package_looks() -> None:
    assert (schemas_dir() / "catalog.yaml").is_file()


def test_the_program_runs(tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "reports/from-python/report.html").is_file()
