import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest

from batchproof.contract import Contract
from batchproof.folders import REPORTS
from batchproof.history import History
from batchproof.judging import Results
from batchproof.places import schemas_dir
from batchproof.report import write_reports
from batchproof.report.files import write_whole

NAMES = [
    "badge.json",
    "comment.md",
    "ctrf.json",
    "junit.xml",
    "report.html",
    "results.json",
    "summary.md",
    "test-result.intoto.json",
]


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_every_report_and_nothing_else(
    tmp_path: Path, acme: Contract, mixed: Results, history: Callable[..., History]
) -> None:
    write_reports(tmp_path, acme, mixed, history())
    assert names(tmp_path) == NAMES == sorted(REPORTS)


def test_the_same_history_gives_the_same_bytes(
    tmp_path: Path, acme: Contract, mixed: Results, history: Callable[..., History]
) -> None:
    write_reports(tmp_path, acme, mixed, history())
    first = [(tmp_path / name).read_bytes() for name in NAMES]
    write_reports(tmp_path, acme, mixed, history())
    assert [(tmp_path / name).read_bytes() for name in NAMES] == first


def test_a_full_disk_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(b"earlier")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        write_whole(file, b"later")
    assert file.read_bytes() == b"earlier"
    assert names(tmp_path) == ["results.json"]


def test_a_missing_folder_is_an_error(
    tmp_path: Path, acme: Contract, mixed: Results, history: Callable[..., History]
) -> None:
    with pytest.raises(FileNotFoundError):
        write_reports(tmp_path / "missing", acme, mixed, history())


def test_hostile_text_is_written(
    tmp_path: Path, acme: Contract, poisoned: Results, poisoned_history: History
) -> None:
    write_reports(tmp_path, acme, poisoned, poisoned_history)
    schema = json.loads((schemas_dir() / "batchproof/results.json").read_text())
    jsonschema_rs.validator_for(schema).validate(json.loads((tmp_path / "results.json").read_bytes()))
    assert "\x1b" not in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "results.json").mkdir()
    with pytest.raises(OSError, match="Is a directory") as error:
        write_whole(tmp_path / "results.json", b"later")
    assert (error.value.filename, names(tmp_path)) == (str(tmp_path / "results.json"), ["results.json"])
