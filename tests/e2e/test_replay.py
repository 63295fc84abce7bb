"""``batchproof replay``: a finding of one run, asked about on other servers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
FAULT = "terminal-reopens"
SCENARIO = ("--", "-k", "nothing_moves_after_the_end and extract")
TOKEN = "tok_canary_77aa01be35"
CLOSED = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def finding(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the module keeps the finding of its one run."""
    return {"folder": tmp_path_factory.mktemp("finding")}


@pytest.fixture
def script(finding: dict[str, Path], served: Callable[..., str], judged: Run) -> Path:
    """The file of a finding; the run that found it is made once."""
    if "file" not in finding:
        run = judged(served(faults=[FAULT]), "--verbose", *SCENARIO)
        assert run.code == 1
        (file,) = (run.folder / "replays").iterdir()
        again = f"batchproof replay {run.folder}/replays/{file.name}"
        assert again in run.out
        assert "alone, sent a second time" in run.out
        finding["file"] = finding["folder"] / file.name
        finding["file"].write_bytes(file.read_bytes())
    return finding["file"]


def replay(batchproof: Run, script: Path | str, *arguments: str) -> Any:
    return batchproof("replay", str(script), *arguments, BATCHPROOF_TOKEN=TOKEN)


def test_the_shrunken_history_is_short(script: Path) -> None:
    steps = json.loads(script.read_text())["steps"]
    operations = [step["operation"] for step in steps]
    assert operations[0] == "submit_extract_batch"
    assert set(operations[1:]) == {"get_batch_run"}
    assert len(steps) <= 6


def test_a_server_that_is_still_wrong(script: Path, served: Callable[..., str], batchproof: Run) -> None:
    done = replay(batchproof, script, "--target", served(faults=[FAULT]), "--max-runs", "1")
    assert done.code == 1
    assert "STILL WRONG: batch_run.status.terminal (exit 1)" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())


def test_a_server_that_was_mended(
    script: Path, served: Callable[..., str], batchproof: Run, tmp_path: Path
) -> None:
    done = replay(batchproof, script, "--target", served(), "--max-runs", "1", "--output", "out")
    assert done.code == 0
    assert "MENDED" in done.out
    written = (tmp_path / "out" / "history.ndjson").read_text()
    assert TOKEN not in written + done.out + done.err
    assert batchproof("judge", "out/history.ndjson", "--quiet").code in (0, 3)


def test_a_generated_request_is_asked_again(served: Callable[..., str], judged: Run, batchproof: Run) -> None:
    """An invalid one: that it is refused in the end tells something only beside its valid control."""
    wrong = served(faults=["second-text-accepted"])
    run = judged(wrong, "--", "-k", "test_invalid_requests and submit_split_batch")
    assert (run.code, run.rows("failed")) == (1, ["submit_split_batch.inputs.file"])
    (file,) = (run.folder / "replays").iterdir()
    assert len(json.loads(file.read_text())["steps"]) <= 6
    codes = [
        replay(batchproof, file, "--target", server, "--max-runs", "10").code for server in (wrong, served())
    ]
    assert codes == [1, 0]


def test_a_server_that_is_away(script: Path, batchproof: Run) -> None:
    done = replay(batchproof, script, "--target", CLOSED, "--max-runs", "1")
    assert (done.code, "UNKNOWN" in done.out) == (3, True)


def test_billed_documents_must_be_allowed(script: Path, served: Callable[..., str], batchproof: Run) -> None:
    done = replay(batchproof, script, "--target", served())
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "--max-runs: this finding needs 1 document(s) processed" in done.err


def test_a_finding_of_the_embedded_emulator_is_asked_there(
    script: Path, batchproof: Run, tmp_path: Path
) -> None:
    """By its name alone, in ``reports/latest``."""
    plain = json.loads(script.read_text())
    folder = tmp_path / "reports" / "latest" / "replays"
    folder.mkdir(parents=True)
    (folder / script.name).write_text(json.dumps({**plain, "target": "embedded emulator"}))
    assert replay(batchproof, script.stem).code == 0


@pytest.mark.parametrize(
    ("content", "described"),
    [(None, "does not exist"), ("{}", "is not a finding"), ("[1", "is not a finding")],
    ids=["missing", "empty", "cut-off"],
)
def test_bad_files_are_one_clear_line(
    batchproof: Run, tmp_path: Path, content: str | None, described: str
) -> None:
    file = tmp_path / "finding.json"
    if content is not None:
        file.write_text(content)
    done = replay(batchproof, file)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert described in done.err
    assert "finding.json" in done.err


def test_a_finding_of_another_contract_is_refused(
    script: Path, served: Callable[..., str], batchproof: Run
) -> None:
    done = replay(batchproof, script, "--target", served(), "--contract", "talonic/v1")
    assert done.code == 2
    assert "talonic/v1 has no operation submit_extract_batch" in done.err
