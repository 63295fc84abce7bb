"""``batchproof upgrade``, as an integrator meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from batchproof.places import schemas_dir

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
    described = json.loads((folder / "upgrade.json").read_bytes())
    assert (described["older"], described["newer"]) == VERSIONS
    assert done.out.startswith(
        f"{VERSIONS[0]} to {VERSIONS[1]}: {described['totals']['breaking']} breaking changes"
    )


@pytest.mark.parametrize(
    ("pair", "described"),
    [
        (["acme/1", VERSIONS[1]], "acme/1: is neither a contract nor a folder with a contract.yaml; "),
        ([VERSIONS[0], "talonic/v1"], "migration.yaml: does not exist; write down in it what became of "),
        (
            [*VERSIONS, "--fail-on", "unknown"],
            "--fail-on unknown: is about what a rehearsal shows; add --rehearse, ",
        ),
        ([VERSIONS[1], VERSIONS[1]], "migration.yaml: from: leads from extend/2025-04-21, not from "),
    ],
)
def test_wrong_input(batchproof: Callable[..., Any], tmp_path: Path, pair: list[str], described: str) -> None:
    done = batchproof("upgrade", *pair)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert described in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = batchproof("upgrade", *VERSIONS, "--output", "taken/here")
    assert (done.code, len(done.err.splitlines())) == (4, 1)


def test_accepted_changes_fail_nothing(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    batchproof("upgrade", *VERSIONS)
    described = json.loads((tmp_path / "reports" / "upgrade" / "upgrade.json").read_bytes())
    names = [change["id"] for change in described["changes"] if change["grade"] == "breaking"]
    entries = [f'[[accepted]]\nchange = "{name}"\nreason = "done"\n' for name in names]
    (tmp_path / "all.toml").write_text("".join(entries))
    (tmp_path / "most.toml").write_text("".join(entries[1:]))
    (tmp_path / "over.toml").write_text("".join(entries) + "until = 2020-01-01\n")
    codes = {
        name: batchproof("upgrade", *VERSIONS, "--accepted", f"{name}.toml").code
        for name in ("all", "most", "over")
    }
    assert codes == {"all": 0, "most": 1, "over": 1}
    schema = json.loads((schemas_dir() / "batchproof" / "upgrade.json").read_text())
    jsonschema.validate(json.loads((tmp_path / "reports" / "upgrade" / "upgrade.json").read_bytes()), schema)


@pytest.mark.parametrize(
    ("text", "described"),
    [
        (
            '[[accepted]]\nchange = "get_processor_run.move"\nreason = "x"\n',
            "accepted[0].change: there is no change",
        ),
        (
            '[[accepted]]\nchange = "get_processor_run.moved"\nreason = " "\n',
            "accepted[0].reason: is empty; say",
        ),
        ('[[accepted]]\nchange = "get_processor_run.moved"\n', "accepted[0]: has no reason; give one"),
        ('[[accepted]]\nreason = "x"\n', "accepted[0]: has neither change nor observed; give exactly one"),
        (
            '[[accepted]]\nchange = "a"\nobserved = "a"\nreason = "x"\n',
            "accepted[0]: has both change and observed; give exactly one",
        ),
        ("accepted = 1\n", "accepted: expected a list, got a whole number; correct the value"),
    ],
)
def test_an_entry_that_cannot_be_meant(
    batchproof: Callable[..., Any], tmp_path: Path, text: str, described: str
) -> None:
    (tmp_path / "accepted.toml").write_text(text)
    done = batchproof("upgrade", *VERSIONS, "--accepted", "accepted.toml")
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert f"accepted.toml: {described}" in done.err
