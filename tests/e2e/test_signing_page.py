"""``docs/signing.md``: its commands make a key, and its programs sign and check what a run came to."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "signing.md").read_text()
SIGN, CHECK = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def python(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_what_is_signed_can_be_checked(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    assert batchproof("run", "--contract", "talonic/v1", "--profile", "quick", "--quiet").code == 0
    for command in re.findall(r"`(openssl [^`]*)`", PAGE):
        subprocess.run(command.split(), cwd=tmp_path, check=True, timeout=60)
    assert (signed := python(SIGN, tmp_path)).returncode == 0, signed.stderr
    checked = python(CHECK, tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "PASSED\n")

    with (tmp_path / "reports" / "latest" / "results.json").open("a") as file:
        file.write("\n")
    assert "AssertionError" in python(CHECK, tmp_path).stderr
    envelope = tmp_path / "reports" / "latest" / "test-result.dsse.json"
    envelope.write_text(re.sub(r'"sig": "...', '"sig": "AAA', envelope.read_text()))
    assert "VerificationError" in python(CHECK, tmp_path).stderr
