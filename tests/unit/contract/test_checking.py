"""`batchproof contract check` names everything that is wrong with a folder, each with its line and what to do."""

import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from click.testing import CliRunner

from batchproof.cli import commands
from batchproof.contract import ContractError, installed_contracts, load_contract

CHECKED = yaml.safe_load(Path(__file__).with_name("checked_folders.yaml").read_text("utf-8"))


@pytest.fixture
def folder(build: ModuleType, tmp_path: Path) -> Path:
    """A copy of the folder of the invented vendor in which nothing is wrong."""
    copy: Path = build.copy_of_acme(tmp_path)
    change(copy / "contract.yaml", "  letterhead: {type: file, about: A file with a letterhead.}\n", "")
    change(copy / "contract.yaml", ", refers: {batch: /batch_id}", "")
    change(
        copy / "invariants.yaml",
        "- {requirement: document.batch, each: reference",
        "# {requirement: document.batch",
    )
    change(
        copy / "requirements.yaml",
        "it.\n  source: {document: reference, section: Document}\n  basis: documented\n"
        "  aspect: consistency\n  testable: black-box",
        "it.\n  source: {document: reference, section: Document}\n  basis: documented\n"
        "  aspect: consistency\n  testable: {no: no answer names the batch}",
    )
    return copy


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def checked(folder: str) -> tuple[int, list[str]]:
    """The exit code and the lines of a check."""
    ended = CliRunner().invoke(commands, ["contract", "check", folder])
    return ended.exit_code, ended.output.splitlines()


def test_nothing_is_wrong(folder: Path) -> None:
    assert checked(str(folder)) == (0, [f"{folder}: nothing is wrong"])


@pytest.mark.parametrize("name", installed_contracts())
def test_nothing_is_wrong_with_an_installed_contract(name: str) -> None:
    code, (line,) = checked(name)
    assert (code, line.endswith(f"{name}: nothing is wrong")) == (0, True)


def test_there_are_twenty_folders() -> None:
    assert len(CHECKED) >= 20
    assert len([name for name in CHECKED if name.startswith("five-")]) == 3


@pytest.mark.parametrize("name", CHECKED)
def test_every_problem_is_named_with_its_line(folder: Path, name: str) -> None:
    for edit in CHECKED[name]["edits"]:
        file = folder / edit["file"]
        change(file, edit.get("old", file.read_text("utf-8")), edit["new"])
    code, lines = checked(str(folder))
    described = [line.removeprefix(f"{folder}/") for line in lines]
    expected = CHECKED[name]["says"]
    assert code == 1
    assert len(described) == len(expected) + 1, "\n".join(described)
    for line, says in zip(described, expected, strict=False):
        pattern = ".*".join(re.escape(part) for part in re.split(" ?…", says)) if "…" in says else None
        assert re.fullmatch(pattern, line) if pattern else line == says, line


def test_loader_tells_the_first_and_counts_the_others(folder: Path) -> None:
    change(folder / "contract.yaml", "preflight: list_documents", "preflight: ping")
    change(folder / "invariants.yaml", "function: adds_up", "function: adds_down")
    with pytest.raises(ContractError) as refused:
        load_contract(str(folder))
    message = str(refused.value)
    assert "preflight: names the operation 'ping'" in message
    assert message.endswith(f"; 1 more: `batchproof contract check {folder}` lists all with their lines")


def test_no_folder_is_bad_usage() -> None:
    code, _ = checked("nobody/1")
    assert code == 2
