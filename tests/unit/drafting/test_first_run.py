"""The first run of a drafted contract: it finds what differs, fails no server, and says that nothing is established."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from batchproof.cli import commands
from batchproof.emulator import Server

INCONCLUSIVE = 3
# how the rows begin that say what is refused; this server refuses less than its document allows to be sent
ASKED = ("query", "request")
# it starts a process that judges a server
pytestmark = pytest.mark.slow


def test_drafts_alone_establish_nothing(build: ModuleType, papers: ModuleType, tmp_path: Path) -> None:
    """The server spells a status as nobody documents it."""
    document = tmp_path / "openapi.json"
    document.write_text(
        CliRunner().invoke(commands, ["openapi", "--contract", str(build.ACME)]).output, "utf-8"
    )
    new = ["contract", "new", "acme/1", "--openapi", str(document), "--schemas", str(tmp_path)]
    assert CliRunner().invoke(commands, new).exit_code == 0
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    with Server(papers.Papers(build.TOKEN, states=("queued", "DONE")).app) as server:
        run = ["run", "--contract", str(tmp_path / "acme" / "1"), "--target", server.url, "--max-runs", "300"]
        ran = subprocess.run(
            [sys.executable, "-m", "batchproof", *run, "--profile", "core", "--output", "out"],
            cwd=tmp_path,
            env={**kept, "BATCHPROOF_TOKEN": build.TOKEN},
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
    assert ran.returncode == INCONCLUSIVE, ran.stdout + ran.stderr
    results = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    verdicts = {row["id"]: row["verdict"] for row in results["requirements"]}
    drafts = len(verdicts)
    assert (
        f"; 0 failed, 0 inconclusive, {drafts} of {drafts} requirements are drafts, and fail nothing; "
        in results["claim"]
    )
    described = (
        "INCONCLUSIVE: the contract has no MUST requirement yet, so that nothing was established (exit 3)"
    )
    assert described in " ".join(ran.stdout.split())
    assert (verdicts["batch"], verdicts["get_batch.success"]) == ("passed", "passed")
    of_answers = [
        name
        for name, verdict in verdicts.items()
        if verdict == "failed" and name.partition(".")[0] not in ASKED
    ]
    assert of_answers == ["status.enum"]
