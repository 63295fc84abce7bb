"""``st run`` with our judge as its checks, on the document that batchproof makes, against an emulator."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from batchproof.contract import load_contract
from batchproof.contract.openapi import openapi_document

CONTRACT = "extend/2026-02-09"
TOKEN = "tok_canary_schemathesis_7"
OPERATIONS = "^/batch_runs/|^/extract_runs(/batch)?$"


@pytest.fixture
def st_run(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    def run(url: str) -> subprocess.CompletedProcess[str]:
        document = tmp_path / "openapi.json"
        document.write_text(json.dumps(openapi_document(load_contract(CONTRACT))))
        command = [
            str(Path(sys.executable).parent / "st"),
            "run", str(document), "--url", url,
            "-H", f"Authorization: Bearer {TOKEN}",
            "--include-path-regex", OPERATIONS,
            "--checks", "batchproof_answers,BatchproofHistory",
            "--phases", "examples,fuzzing", "--max-examples", "15", "--seed", "1", "--mode", "positive",
        ]  # fmt: skip
        environment = {
            **os.environ,
            "SCHEMATHESIS_HOOKS": "batchproof.schemathesis_checks",
            "BATCHPROOF_CONTRACT": CONTRACT,
            "NO_COLOR": "1",
        }
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run


def test_st_run_finds_nothing_on_the_healthy_emulator(
    served: Callable[..., str], st_run: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    done = st_run(served())
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("fault", "requirement"), [("error-without-code", "error.code")])
def test_st_run_names_the_requirement_that_a_fault_breaks(
    served: Callable[..., str],
    st_run: Callable[[str], subprocess.CompletedProcess[str]],
    fault: str,
    requirement: str,
) -> None:
    done = st_run(served(faults=[fault]))
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{requirement} (MUST)" in done.stdout
    assert TOKEN not in done.stdout.replace("[Filtered]", "")
