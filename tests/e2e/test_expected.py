"""A team with a known deviation gates on the suite."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TALONIC = "talonic/v1"
KNOWN = ["batch.items.succeeded", "batch_item.status.enum"]


@pytest.fixture
def emulated(served: Callable[..., str], judged: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Judges the emulator, which has some faults, by the profile quick."""
    urls: dict[tuple[str, ...], str] = {}

    def run(faults: tuple[str, ...], *arguments: str) -> Any:
        if faults not in urls:
            urls[faults] = served(TALONIC, faults=faults)
        return judged(urls[faults], "--profile", "quick", *arguments, contract=TALONIC)

    return run


def test_known_deviation_fails_no_run_until_it_is_gone(
    emulated: Callable[..., Any], batchproof: Callable[..., Any], tmp_path: Path
) -> None:
    faults = ("item-status-unknown",)
    assert (emulated(faults).code, batchproof("expect", "out").code) == (1, 0)
    entries = tmp_path / "known.toml"
    entries.write_text(batchproof("expect", "out").out)

    known = emulated(faults, "--expected", "known.toml")
    assert (known.code, known.rows("failed")) == (0, KNOWN)
    assert "2 failed (2 expected)" in " ".join(known.out.split())
    assert "FAILED" not in known.out
    states = {entry["requirement"]: entry["state"] for entry in known.results["expected"]}
    assert states == dict.fromkeys(KNOWN, "found")
    suite = ET.parse(known.folder / "junit.xml").getroot()[0]
    assert suite.get("failures") == "0"
    assert "## Expected findings\n" in (known.folder / "summary.md").read_text()
    assert batchproof("expect", "out").out.splitlines()[-1] == "# nothing else fails the run"

    # judged again, by the same entries
    history = str(known.folder / "history.ndjson")
    again = batchproof("judge", history, "--expected", "known.toml", "--output", "again")
    assert again.code == 0
    assert (tmp_path / "again/results.json").read_bytes() == (known.folder / "results.json").read_bytes()
    (tmp_path / "batchproof.toml").write_text(entries.read_text())
    assert batchproof("judge", history).code == 0

    # the date is that of the run
    entries.write_text(entries.read_text() + "until = 2020-01-01\n")
    over = batchproof("judge", history, "--expected", "known.toml", "--quiet")
    assert (
        over.code,
        "known.toml: expected[1]: batch_item.status.enum: its date, 2020-01-01, has passed"
        in " ".join(over.out.split()),
    ) == (1, True)
    old = tmp_path / "old.ndjson"
    first, *others = Path(history).read_text().splitlines(keepends=True)
    then = json.dumps({**json.loads(first), "started_at": "2020-01-01T12:00:00Z"})
    old.write_text("".join([f"{then}\n", *others]))
    assert "known.toml" not in batchproof("judge", "old.ndjson", "--expected", "known.toml", "--quiet").out

    mended = emulated((), "--expected", "batchproof.toml", "--quiet")
    assert mended.code == 1
    described = " ".join(mended.out.split())
    for number, name in enumerate(KNOWN):
        assert (
            f"batchproof.toml: expected[{number}]: {name}: the finding is gone; remove the entry" in described
        )
    assert mended.out.splitlines()[-1] == "FAILED: 2 expected findings are gone (exit 1)"


def test_entry_that_cannot_be_meant_is_one_line(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "known.toml").write_text('[[expected]]\nrequirement = "nope"\nreason = "x"\n')
    done = batchproof("run", "--contract", TALONIC, "--expected", "known.toml")
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert done.err.startswith(
        "batchproof: known.toml: expected[0].requirement: talonic/v1 has no requirement"
    )
    assert not (tmp_path / "reports").exists()


def test_expect_of_nothing_is_one_line(batchproof: Callable[..., Any]) -> None:
    assert batchproof("expect", "nowhere") == (
        2,
        "",
        "batchproof: nowhere: RUN: does not exist; give the folder of a run, its results.json, or a history\n",
    )
