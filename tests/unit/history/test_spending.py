"""What was spent is on disk before it is sent."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from batchproof.history import Spending, Spent, spent_in


def test_file_says_what_was_recorded_last(tmp_path: Path) -> None:
    file = tmp_path / "spending.json"
    sizes = []
    with closing(Spending(file, Spent())) as spending:
        for requests, documents in ((0, 0), (1, 0), (1_000_000, 12), (1_000_001, 9)):
            spending.record(requests, documents)
            sizes.append(file.stat().st_size)
            assert spent_in(file) == Spent(requests=requests, documents=documents)
            assert json.loads(file.read_text()) == {"requests": requests, "documents": documents}
    # what never grows needs no more room on a disk that is full by now
    assert len(set(sizes)) == 1


def test_file_of_a_run_that_goes_on_begins_with_what_was_spent(tmp_path: Path) -> None:
    file = tmp_path / "spending.json"
    for spent in (Spent(requests=70, documents=3), Spent(requests=71, documents=3)):
        with closing(Spending(file, spent)):
            assert spent_in(file) == spent


def test_nothing_was_spent_without_a_file_or_a_line(tmp_path: Path) -> None:
    (tmp_path / "empty.json").touch()
    assert [spent_in(tmp_path / name) for name in ("none.json", "empty.json")] == [Spent(), Spent()]


@pytest.mark.parametrize("content", ["{}x", "[1]", '{"requests": "1"}', '{"dollars": 1}', "\udcff"])
def test_what_somebody_else_wrote_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "spending.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match=r"\w"):
        spent_in(file)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
def test_what_cannot_be_recorded_is_never_recorded_again(tmp_path: Path) -> None:
    file = tmp_path / "spending.json"
    spending = Spending(file, Spent())
    with Path("/dev/full").open("r+b", buffering=0) as full, closing(spending._file):
        spending._file = full
        for _ in range(2):
            with pytest.raises(OSError, match=r"No space left on device: .*spending\.json"):
                spending.record(1, 1)
    assert spending.failure is not None
    assert spent_in(file) == Spent()
