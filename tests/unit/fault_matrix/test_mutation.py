"""The mutation score: the file, and the section of the page."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tools.fault_matrix.__main__ import main as run_whole_matrix
from tools.fault_matrix.page import page
from tools.mutation.__main__ import merged, module, read_exits
from tools.mutation.scores import (
    FORMAT,
    Module,
    MutationError,
    Room,
    Scores,
    read_scores,
    section,
    to_json,
)

ROOT = Path(__file__).parents[3]
LEAST = 0.85
SCORES = Scores(
    format=FORMAT,
    rooms=[
        Room(
            name="judging",
            modules=[
                Module(name="invariants", mutants=3000, run=3000, killed=2700),
                Module(name="answers", mutants=100, run=100, killed=100),
            ],
        ),
        Room(
            name="contract",
            modules=[
                Module(name="loader", mutants=40, run=10, killed=7),
                Module(name="model", mutants=5, run=0, killed=0),
            ],
        ),
    ],
)


# modules of judge/ that are younger than the last whole run; docs/mutation.md says so
NOT_RUN_YET = {
    "agreement",
    "asked_once",
    "attribution",
    "bar",
    "broken_traversals",
    "calls",
    "exchanges",
    "exercised",
    "field_paths",
    "focus",
    "giving_up",
    "grace",
    "known",
    "invariant_cases",
    "list_functions",
    "owned",
    "pieces",
    "refused",
    "requests",
    "somebody_elses",
    "strangers",
    "wall_time",
    "wrong",
}


def test_committed_scores_are_of_todays_modules_and_the_judge_was_run_whole() -> None:
    scores = read_scores(ROOT / "reports" / "mutation.json")
    assert scores is not None
    for room in scores.rooms:
        files = (ROOT / "src" / "batchproof" / room.name).glob("*.py")
        assert {module.name for module in room.modules} <= {file.stem for file in files}
    judge = next(room for room in scores.rooms if room.name == "judging")
    with_code = {
        file.stem
        for file in (ROOT / "src/batchproof/judging").glob("*.py")
        if "def " in file.read_text("utf-8")
    }
    assert {module.name for module in judge.modules} | NOT_RUN_YET == with_code
    assert NOT_RUN_YET.isdisjoint(module.name for module in judge.modules)
    assert judge.total.run == judge.total.mutants
    assert judge.total.killed / judge.total.run >= LEAST


def test_section_tells_whole_runs_from_samples() -> None:
    lines = list(section(SCORES))
    assert [line for line in lines if line.startswith(("#", "*"))] == [
        "## Do the unit tests notice a changed judge?",
        "* `judging/`: of all 3,100 mutants, 2,800 are killed: 90.3 %.",
        "* `contract/`: of a sample of 10 of the 45 mutants, 7 are killed: 70.0 %.",
    ]
    assert [line for line in lines if line.startswith("|")] == [
        "| module | mutants | run | killed | score |",
        "| --- | --- | --- | --- | --- |",
        "| `judging/answers` | 100 | 100 | 100 | 100.0 % |",
        "| `judging/invariants` | 3000 | 3000 | 2700 | 90.0 % |",
        "| `contract/loader` | 40 | 10 | 7 | 70.0 % |",
        "| `contract/model` | 5 | 0 | 0 | not run |",
    ]


def test_room_that_was_not_run_has_no_score() -> None:
    unrun = Scores(format=FORMAT, rooms=[Room(name="contract", modules=[])])
    assert not [line for line in section(unrun) if line.startswith("*")]


def test_page_has_the_section_once_the_score_is_known() -> None:
    assert "Do the unit tests notice" in page([], SCORES)
    assert "Do the unit tests notice" not in page([], None)


def test_file_holds_the_scores(tmp_path: Path) -> None:
    file = tmp_path / "mutation.json"
    assert read_scores(file) is None
    file.write_bytes(to_json(SCORES))
    assert read_scores(file) == SCORES
    assert to_json(SCORES) == file.read_bytes()


MODULE: dict[str, Any] = {"name": "invariants", "mutants": 3, "run": 2, "killed": 1}


def content(**changes: Any) -> str:
    modules = [{**MODULE, **changes}]
    return json.dumps({"format": FORMAT, "rooms": [{"name": "judge", "modules": modules}]})


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("{", "Input data was truncated"),
        ("[]", "Expected `object`, got `array`"),
        ('{"format": "other", "rooms": []}', "Invalid enum value 'other' - at `$.format`"),
        (content(killed="1"), "Expected `int`, got `str` - at `$.rooms[0].modules[0].killed`"),
        (content(odd=1), "Object contains unknown field `odd` - at `$.rooms[0].modules[0]`"),
        (content(killed=3), "judge/invariants: mutants, run and killed do not fit together"),
        (content(run=4), "judge/invariants: mutants, run and killed do not fit together"),
        (content(killed=-1), "judge/invariants: mutants, run and killed do not fit together"),
    ],
)
def test_bad_file_is_one_clear_line(tmp_path: Path, text: str, described: str) -> None:
    file = tmp_path / "mutation.json"
    file.write_text(text, "utf-8")
    with pytest.raises(MutationError) as error:
        read_scores(file)
    assert str(error.value) == f"{file}: {described}; write it anew with: tox run -e mutation"


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MutationError) as error:
        read_scores(tmp_path)
    assert str(error.value) == f"{tmp_path}: cannot be read: Is a directory"


def test_script_counts_what_mutmut_left(tmp_path: Path) -> None:
    exits = {"a": 0, "b": 1, "c": 3, "d": -24, "e": 33, "f": -11, "g": None, "h": 34}
    for name, left in (("invariants", exits), ("__init__", {})):
        (tmp_path / f"{name}.py.meta").write_text(json.dumps({"exit_code_by_key": left}), "utf-8")
    found = read_exits(tmp_path)
    assert [module(*item) for item in found.items()] == [
        Module(name="invariants", mutants=8, run=6, killed=3)
    ]


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ({"run": 3, "killed": 2}, "found"),
        ({"run": 2, "killed": 2}, "found"),
        ({"run": 1, "killed": 1}, "earlier"),
        ({"run": 1, "killed": 1, "mutants": 4}, "found"),
        ({"name": "answers", "run": 1, "killed": 1}, "found"),
    ],
)
def test_script_keeps_what_was_known_better(found: dict[str, Any], kept: str) -> None:
    modules = {"earlier": Module(**MODULE), "found": Module(**{**MODULE, **found})}
    assert merged([modules["earlier"]], [modules["found"]]) == [modules[kept]]


def test_bad_file_is_described_before_hours_of_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "mutation.json").write_text("{", "utf-8")
    done = CliRunner().invoke(run_whole_matrix, [])
    assert (done.exit_code, done.output) == (
        1,
        "Error: reports/mutation.json: Input data was truncated; write it anew with: tox run -e mutation\n",
    )
