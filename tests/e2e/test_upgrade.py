"""``batchproof upgrade``, as an integrator meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VERSIONS = ("extend/2025-04-21", "extend/2026-02-09")


@pytest.mark.parametrize(
    ("options", "code"), [([], 1), (["--fail-on", "risky"], 1), (["--fail-on", "none"], 0)]
)
def test_exit_code(batchproof: Callable[..., Any], tmp_path: Path, options: list[str], code: int) -> None:
    done = batchproof("upgrade", *VERSIONS, *options)
    assert (done.code, done.err) == (code, "")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    folder = tmp_path / "reports" / "upgrade"
    assert sorted(file.name for file in folder.iterdir()) == ["upgrade.json", "upgrade.md"]
    told = json.loads((folder / "upgrade.json").read_bytes())
    assert (told["older"], told["newer"]) == VERSIONS
    assert done.out.startswith(
        f"{VERSIONS[0]} to {VERSIONS[1]}: {told['totals']['breaking']} breaking changes"
    )


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        (["acme/1", VERSIONS[1]], "acme/1: is neither a contract nor a folder with a contract.yaml; "),
        ([VERSIONS[0], "talonic/v1"], "migration.yaml: does not exist; write down in it what became of "),
        ([VERSIONS[1], VERSIONS[1]], "migration.yaml: from: leads from extend/2025-04-21, not from "),
    ],
)
def test_wrong_input(batchproof: Callable[..., Any], tmp_path: Path, pair: list[str], told: str) -> None:
    done = batchproof("upgrade", *pair)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert told in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = batchproof("upgrade", *VERSIONS, "--output", "taken/here")
    assert (done.code, len(done.err.splitlines())) == (4, 1)
