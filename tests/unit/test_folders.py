"""The folder of a run: nobody else's history is judged, and nothing of another run is overwritten."""

from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.client import ConfigError, Settings
from batchproof.contract import Contract
from batchproof.folders import REPORTS, claim, for_reports

STARTED = "2026-01-01T00:00:00Z"


@pytest.fixture
def settings(build: ModuleType, acme: Contract) -> Any:
    def make(output: Path | str | None) -> Settings:
        chosen: Settings = build.settings(acme, output=None if output is None else str(output))
        return chosen

    return make


def test_two_runs_in_one_second_have_a_folder_each(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        names = [claim(settings(None), STARTED, stack).name for _ in range(3)]
    assert names == [f"20260101T000000Z-acme-1{end}" for end in ("", "-2", "-3")]


def test_what_an_earlier_run_left_moves_away(settings: Any, tmp_path: Path) -> None:
    left = ["history.ndjson", "history.gw0.ndjson", *REPORTS]
    for number in (1, 2):
        for name in left:
            (tmp_path / name).write_text(str(number))
        (tmp_path / "replays").mkdir()
        (tmp_path / "replays" / "0123.json").write_text(str(number))
        (tmp_path / "notes.txt").write_text("mine")
        with ExitStack() as stack:
            assert claim(settings(tmp_path), STARTED, stack) == tmp_path
        assert sorted(item.name for item in tmp_path.iterdir()) == ["earlier", "notes.txt"]
        moved = tmp_path / "earlier" / str(number)
        assert {(moved / name).read_text() for name in [*left, "replays/0123.json"]} == {str(number)}


def test_a_folder_that_another_run_writes_to_is_refused(settings: Any, tmp_path: Path) -> None:
    with ExitStack() as first:
        claim(settings(tmp_path), STARTED, first)
        (tmp_path / "history.ndjson").write_text("{}")
        with ExitStack() as second, pytest.raises(ConfigError, match="another run is writing there"):
            claim(settings(tmp_path), STARTED, second)
        assert (tmp_path / "history.ndjson").read_text() == "{}"
    with ExitStack() as third:
        claim(settings(tmp_path), STARTED, third)


@pytest.mark.parametrize("name", ["x" * 300, "file/below", "nul\0l", "/proc/batchproof"])
def test_a_name_that_cannot_be_a_folder_is_a_wrong_option(settings: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with ExitStack() as stack, pytest.raises(ConfigError, match="cannot be used: "):
        claim(settings(tmp_path / name), STARTED, stack)


@pytest.mark.parametrize("name", ["history.ndjson", *REPORTS])
def test_a_folder_where_a_file_is_wanted_is_told_at_once(settings: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with ExitStack() as stack, pytest.raises(IsADirectoryError):
        claim(settings(tmp_path), STARTED, stack)


def test_a_file_where_a_folder_is_wanted_is_told_at_once(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "replays").write_text("")
    with ExitStack() as stack, pytest.raises(NotADirectoryError):
        claim(settings(tmp_path), STARTED, stack)


def test_reports_on_a_history_stay_beside_it(tmp_path: Path) -> None:
    for name in ("history.ndjson", "results.json"):
        (tmp_path / name).write_text("mine")
    with ExitStack() as stack:
        assert for_reports(str(tmp_path), tmp_path / "history.ndjson", stack) == tmp_path
    assert sorted(item.name for item in tmp_path.iterdir()) == ["history.ndjson", "results.json"]


@pytest.mark.parametrize("elsewhere", ["elsewhere.ndjson", None])
def test_reports_on_another_history_overwrite_none(tmp_path: Path, elsewhere: str | None) -> None:
    (tmp_path / "elsewhere.ndjson").write_text("mine")
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("history.ndjson", "results.json"):
        (folder / name).write_text("of another run")
    with ExitStack() as stack:
        for_reports(str(folder), tmp_path / elsewhere if elsewhere else None, stack)
    left = sorted(str(item.relative_to(folder)) for item in folder.rglob("*.*"))
    assert left == ["earlier/1/history.ndjson", "earlier/1/results.json"]


def test_reports_are_not_written_where_a_run_is_writing(settings: Any, tmp_path: Path) -> None:
    with ExitStack() as first:
        claim(settings(tmp_path), STARTED, first)
        with ExitStack() as second, pytest.raises(ConfigError, match="another run is writing there"):
            for_reports(str(tmp_path), None, second)
