"""Files with the names of earlier versions: histories, results and replays are read, contract folders are told the new names."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from click.testing import CliRunner

from batchproof.cli import commands
from batchproof.contract import Contract, first_names
from batchproof.history import Case, read_history
from batchproof.judging import judge, to_json
from batchproof.replay.script import Script, Step, read_script
from batchproof.replay.script import to_json as written
from batchproof.results_file import read_run


def older(file: Path, **names: str) -> Path:
    """The file as an earlier version wrote it."""
    text = file.read_text()
    for new, old in names.items():
        assert f'"{new}":' in text
        text = text.replace(f'"{new}":', f'"{old}":')
    file.write_text(text)
    return file


def test_controls_of_a_history(build: ModuleType, write_history: Callable[..., Path]) -> None:
    case = Case(mode="valid", about="a number", control="1")
    exchange = msgspec.structs.replace(
        build.exchange("get_batch", 1, body={"twin": 1}), control_of=["unknown"], case=case
    )
    file = older(write_history([build.header(), exchange]), control_of="twin_of", control="twin")
    (read,) = read_history(file).exchanges
    assert (read.control_of, read.case, read.response) == (["unknown"], case, exchange.response)


def test_interpretations_of_results(build: ModuleType, acme: Contract, tmp_path: Path) -> None:
    results = judge(acme, build.history())
    file = tmp_path / "results.json"
    file.write_bytes(to_json(results))
    assert any(row.interpretations for row in results.requirements)
    assert read_run(older(file, interpretations="readings", interpretation="reading")) == results


def test_controls_of_a_replay(build: ModuleType, tmp_path: Path) -> None:
    request = build.exchange("get_batch", 1).request
    step = Step(id="1", operation="get_batch", request=request, control_of=["unknown"])
    script = Script(
        contract="acme/v1",
        target="",
        requirement="",
        fingerprint="",
        message="",
        expected="",
        documents=0,
        steps=[step],
    )
    file = tmp_path / "replay.json"
    file.write_bytes(written(script))
    assert json.loads(file.read_bytes())["steps"][0]["control_of"] == ["unknown"]
    assert read_script(older(file, control_of="twin_of")) == script


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("invariant:snapshot:batch:12ab", "law:sighting:batch:12ab"),
        ("invariant:call:read:12ab:no interpretation", "law:call:read:12ab:no reading"),
        ("probe:unknown:no interpretation", "probe:unknown:no reading"),
        ("status", "status"),
    ],
)
def test_fingerprints_are_made_of_first_names(name: str, first: str) -> None:
    assert first_names.rule(name) == first


def test_old_command_names_the_new_one() -> None:
    done = CliRunner().invoke(commands, ["discriminate", "--write"])
    assert done.exit_code == 2
    assert done.output.splitlines()[-1] == "Error: discriminate is called matrix now; run batchproof matrix"


def test_old_file_of_a_contract_is_named(build: ModuleType, tmp_path: Path) -> None:
    folder = build.copy_of_acme(tmp_path)
    (folder / "laws.yaml").write_text((folder / "invariants.yaml").read_text())
    assert f"{folder}/laws.yaml:1:1: file: is called invariants.yaml now; rename it" in checked(folder)


@pytest.mark.parametrize(
    ("file", "new", "old"),
    [
        ("requirements.yaml", "interpretations:", "readings:"),
        ("invariants.yaml", "interpretation: absent", "reading: absent"),
        ("invariants.yaml", "each: snapshot", "each: sighting"),
        ("invariants.yaml", "each: traversal", "each: walk"),
        ("invariants.yaml", "each: counterpart", "each: twin"),
        ("invariants.yaml", "each: probe", "each: pair"),
    ],
)
def test_old_names_in_a_contract_are_named(
    build: ModuleType, tmp_path: Path, file: str, new: str, old: str
) -> None:
    folder = build.copy_of_acme(tmp_path)
    text = (folder / file).read_text()
    assert new in text
    (folder / file).write_text(text.replace(new, old, 1))
    word = [
        part.rpartition(" ")[2].strip(":") if "each" in part else part.partition(":")[0]
        for part in (old, new)
    ]
    assert any(f"({word[0]} is called {word[1]} now)" in line for line in checked(folder))


def checked(folder: Path) -> list[str]:
    """What is said of a contract folder, without the last line, which counts."""
    return CliRunner().invoke(commands, ["contract", "check", str(folder)]).output.splitlines()[:-1]
