"""Benchmarks are run by hand; their short forms show that they still can be."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
SHORT = {
    "driving.py": (["--calls", "20"], r"bare httpx: .*\ndriven and recorded: .*\nratio: \d+\.\d\d\n"),
    "judging.py": (["--profile", "quick"], r"exchanges of a run: [\d,]+ a second \(\d+\)\n"),
    "ordering.py": (
        ["--contract", "talonic/v1"],
        r"talonic/v1: \d+ with all \d+ requests\n(  \d+ requests \(\d+%\): \d+ in the order of the plan, \d+ in that of the suite\n){2}",
    ),
    "pacing.py": (
        ["--seconds", "0.2"],
        r"(asked for \d+ a second, reached by 1 thread [\d.]+ \([+-][\d.]+ %\); 16 threads [\d.]+ \([+-][\d.]+ %\)\n){6}",
    ),
    "rendering.py": (
        ["--exchanges", "2000"],
        r"2,000 exchanges, \d+ requirements, 50 findings: [\d.]+ s, [\d.]+ MB\nall reports: [\d.]+ s, [\d.]+ MB\n",
    ),
    "starting.py": (
        ["--times", "1"],
        r"python: [\d.]+ s\n--version: [\d.]+ s\n(\w+ --help: [\d.]+ s\n){3}",
    ),
    "workers.py": (
        ["--profile", "quick", "--step-ms", "100", "--workers", "16"],
        r"16 workers: [\d.]+ s, \d+ requirements established, exit \d\n",
    ),
}


@pytest.mark.parametrize("name", SHORT)
def test_short_form_tells_its_figures(tmp_path: Path, name: str) -> None:
    arguments, described = SHORT[name]
    command = [sys.executable, str(FOLDER / name), *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(described + r"\Z", done.stdout), done.stdout
