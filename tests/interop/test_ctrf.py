"""``ctrf.json`` is what the validator that its authors publish takes."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "node"

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed"),
    pytest.mark.skipif(
        not (HERE / "node_modules" / "ctrf").is_dir(),
        reason="the npm package ctrf is not installed; run npm ci in tests/interop/node",
    ),
]


def validated(file: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["node", str(HERE / "ctrf.mjs"), str(file)], capture_output=True, text=True, timeout=60, check=True
    )
    described: dict[str, Any] = json.loads(done.stdout)
    return described


def test_of_a_run_that_found_something(served: Callable[..., str], judged: Callable[..., Any]) -> None:
    run = judged(served(faults=["status-lowercase"]), "--profile", "quick")
    assert validated(run.folder / "ctrf.json") == {"valid": True, "errors": []}


def test_validator_refuses_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "ctrf.json"
    file.write_text('{"reportFormat": "CTRF", "specVersion": "0.0.0"}')
    assert validated(file)["valid"] is False
