"""The vendor's own TypeScript SDK under Node, as an independent witness: its polling helper reaches the end of every kind of run."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "node"
FAMILIES = ("extract", "classify", "split", "parse")

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed"),
    pytest.mark.skipif(
        not (HERE / "node_modules" / "extend-ai").is_dir(),
        reason="the npm package extend-ai is not installed; run npm ci in tests/interop/node",
    ),
]


@pytest.fixture
def seen(served: Callable[..., str]) -> dict[str, Any]:
    """What the SDK saw of a healthy emulator."""
    done = subprocess.run(
        ["node", str(HERE / "witness.mjs"), served(), "tok_node_1"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    described: dict[str, Any] = json.loads(done.stdout)
    return described


def test_every_kind_of_run_from_its_creation_to_its_deletion(seen: dict[str, Any]) -> None:
    expected = {
        "single": "PROCESSED",
        "batch": "PROCESSED",
        "runCount": 2,
        "listed": 2,
        "cancelled": "string",
        "deleted": True,
        "afterwards": "NotFoundError 404",
    }
    assert {name: seen[name] for name in FAMILIES} == dict.fromkeys(FAMILIES, expected)


def test_errors_are_raised_as_the_right_classes(seen: dict[str, Any]) -> None:
    assert seen["errors"] == {
        "unknown": "NotFoundError 404",
        "stranger": "UnauthorizedError 401",
        "noInputs": "BadRequestError 400",
    }
