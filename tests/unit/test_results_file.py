"""What a run came to is found in its folder, its results or its history."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.history import HistoryError
from batchproof.judging import judge, to_json
from batchproof.results_file import ResultsError, read_run

WRONG = {"id": "b_1", "status": "queued", "count": 1, "created_at": 5}


@pytest.fixture
def folder(build: ModuleType, write_history: Callable[..., Path], tmp_path: Path) -> Path:
    """The folder of a run that found something, without its reports."""
    file = write_history([build.header(), build.exchange("get_batch", 1, body=WRONG)])
    (tmp_path / "run").mkdir()
    return file.rename(tmp_path / "run" / "history.ndjson").parent


def test_history_is_judged(build: ModuleType, acme: Contract, folder: Path) -> None:
    for place in (folder, folder / "history.ndjson"):
        results = read_run(place, str(build.ACME))
        assert [row.id for row in results.failing] == ["batch.created_at"]


def test_results_come_before_the_history(build: ModuleType, acme: Contract, folder: Path) -> None:
    other = judge(acme, build.history())
    (folder / "results.json").write_bytes(to_json(other))
    assert [read_run(place) for place in (folder, folder / "results.json")] == [other, other]
    assert read_run(folder / "history.ndjson", str(build.ACME)) != other


@pytest.mark.parametrize("name", ["", "nothing.ndjson"])
def test_nothing_to_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(HistoryError, match="cannot be read: No such file or directory"):
        read_run(tmp_path / name)


def _other(results: Any) -> bytes:
    return to_json(results).replace(b"batchproof-results/1", b"batchproof-results/9")


@pytest.mark.parametrize(
    ("content", "described"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"{", "holds no results: "),
        (b"{}", "holds no results: "),
        (b"\xff", "holds no results: "),
        (_other, "is of another format than batchproof-results/1; give the history of the run"),
    ],
)
def test_results_that_cannot_be_used(
    build: ModuleType, acme: Contract, tmp_path: Path, content: Any, described: str
) -> None:
    file = tmp_path / "results.json"
    if content is not None:
        file.write_bytes(content(judge(acme, build.history())) if callable(content) else content)
    with pytest.raises(ResultsError) as refused:
        read_run(file)
    assert str(refused.value).startswith(f"{file}: {described}")
    assert "\n" not in str(refused.value)
