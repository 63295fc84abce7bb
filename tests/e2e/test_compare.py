"""``batchproof compare`` on runs that have ended."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parents[2] / "reports" / "sample" / "five-faults"


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """The sample run, with nothing that failed."""
    results = json.loads((SAMPLE / "results.json").read_bytes())
    for row in results["requirements"]:
        if row["verdict"] == "failed":
            row |= {"verdict": "passed", "findings": []}
    file = tmp_path / "results.json"
    file.write_text(json.dumps(results))
    return file


@pytest.mark.parametrize(("turned", "code"), [(False, 0), (True, 1)])
def test_exit_code(batchproof: Callable[..., Any], mended: Path, code: int, *, turned: bool) -> None:
    runs = [str(mended), str(SAMPLE)] if turned else [str(SAMPLE), str(mended)]
    done = batchproof("compare", *runs, "--markdown", "c.md", "--json", "c.json")
    assert (done.code, done.err) == (code, "")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    assert json.loads((mended.parent / "c.json").read_bytes())["worse"] == turned
    assert "parse_run.status.terminal" in (mended.parent / "c.md").read_text()


@pytest.mark.parametrize(
    ("second", "described"),
    [
        ("nothing", "batchproof: nothing: RUN_B: does not exist; give the folder of a run, "),
        ("other.json", "batchproof: other.json: is a run of acme/1, and "),
    ],
)
def test_wrong_input(batchproof: Callable[..., Any], mended: Path, second: str, described: str) -> None:
    results = {**json.loads(mended.read_bytes()), "contract": "acme/1"}
    (mended.parent / "other.json").write_text(json.dumps(results))
    done = batchproof("compare", str(SAMPLE), second)
    assert done.code == 2
    assert done.err.startswith(described)
    assert len(done.err.splitlines()) == 1


def test_a_file_that_cannot_be_written(batchproof: Callable[..., Any]) -> None:
    done = batchproof("compare", str(SAMPLE), str(SAMPLE), "--json", "no/such/folder.json")
    assert (done.code, len(done.err.splitlines())) == (4, 1)
