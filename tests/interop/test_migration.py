"""Two programs move from the older version to the newer one as their to-do lists say, one with the vendor's SDK and one without."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from batchproof import emulator

HERE = Path(__file__).parent / "migration"
OLDER_SDK = HERE / "older_sdk"
OLDER, NEWER = "extend/2025-04-21", "extend/2026-02-09"
PROGRAMS = [
    "httpx",
    pytest.param(
        "sdk",
        marks=pytest.mark.skipif(
            not (OLDER_SDK / "extend_ai").is_dir(),
            reason="extend-ai 0.2 is not installed; run pip install --no-deps --target "
            "tests/interop/migration/older_sdk -r tests/interop/migration/older_sdk.txt",
        ),
    ),
]


def recorded(program: str, contract: str, history: Path) -> list[str]:
    """What the program says of a healthy server, which moves with its requests; its traffic stands in ``history``."""
    clock = emulator.SteppingClock(datetime(2026, 3, 1, 12, tzinfo=UTC), 20)
    folders = [str(OLDER_SDK)] if program == "sdk_older" else []
    with emulator.Server(emulator.create_app(contract, clock=clock)) as server:
        done = subprocess.run(
            [sys.executable, str(HERE / "recorded.py"), program, server.url, contract, str(history)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([*folders, os.environ.get("PYTHONPATH", "")])},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    described: list[str] = json.loads(done.stdout)
    return described


def upgrade(batchproof: Callable[..., Any], program: str, *options: str) -> Any:
    about = ("--reads", str(HERE / f"{program}_older.reads"), "--handles", str(HERE / "older.handles"))
    return batchproof("upgrade", OLDER, NEWER, "--traffic", "older.ndjson", *about, *options)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_follows_its_list(
    batchproof: Callable[..., Any], tmp_path: Path, program: str
) -> None:
    before = recorded(f"{program}_older", OLDER, tmp_path / "older.ndjson")
    listed = upgrade(batchproof, program)
    assert (listed.code, listed.err) == (1, "")
    assert listed.out == (HERE / f"{program}.list").read_text()

    after = recorded(f"{program}_newer", NEWER, tmp_path / "newer.ndjson")
    assert after == before
    options = ["--check", "newer.ndjson", "--check-reads", str(HERE / f"{program}_newer.reads")]
    options += ["--check-handles", str(HERE / "newer.handles"), "--accepted", str(HERE / "accepted.toml")]
    checked = upgrade(batchproof, program, *options, "--fail-on", "risky")
    assert (checked.code, checked.err) == (0, "")
    assert "nothing is open" in checked.out.partition("\n\n")[0].replace("\n", " ")
    todo = json.loads((tmp_path / "reports" / "upgrade" / "upgrade.json").read_bytes())["todo"]
    left = [
        (item["id"], item["state"], item["seen"])
        for call in todo["calls"]
        for item in call["items"]
        if item["state"] != "done" and item["accepted"] is None
    ]
    assert left == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_did_not_move(batchproof: Callable[..., Any], tmp_path: Path, program: str) -> None:
    recorded(f"{program}_older", OLDER, tmp_path / "older.ndjson")
    checked = upgrade(batchproof, program, "--check", "older.ndjson")
    assert (checked.code, checked.err) == (1, "")
    todo = json.loads((tmp_path / "reports" / "upgrade" / "upgrade.json").read_bytes())["todo"]
    moved = {
        item["id"]: item["state"]
        for call in todo["calls"]
        for item in call["items"]
        if item["part"] == "call"
    }
    assert set(moved.values()) == {"open"}
