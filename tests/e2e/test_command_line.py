"""The command line, as its users meet it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from batchproof.folders import REPORTS
from batchproof.places import schemas_dir

Run = Callable[..., Any]
ALL = sorted(["history.ndjson", *REPORTS])
COMMANDS = [
    "run",
    "judge",
    "compare",
    "upgrade",
    "expect",
    "replay",
    "serve",
    "requirements",
    "explain",
    "openapi",
]


def schema(name: str) -> dict[str, Any]:
    return json.loads((schemas_dir() / "batchproof" / name).read_text())


def test_run_on_the_embedded_emulator(batchproof: Run, tmp_path: Path) -> None:
    """The default contract, which takes longest, is run by the first command of CI."""
    done = batchproof("run", "--contract", "talonic/v1")
    assert done.code == 0
    assert "exit 0" in done.out
    folder = tmp_path / "reports" / "latest"
    assert sorted(item.name for item in folder.iterdir()) == ALL
    results = json.loads((folder / "results.json").read_text())
    jsonschema.validate(results, schema("results.json"))
    assert (results["verdict"], results["exit_code"]) == ("passed", 0)
    assert results["totals"]["MUST"]["inconclusive"] == 0
    validator = jsonschema.Draft202012Validator(schema("history.json"))
    for line in (folder / "history.ndjson").read_text().splitlines():
        validator.validate(json.loads(line))
    assert all(len(line) <= 80 for line in done.out.splitlines())


def test_fault_is_found_and_judging_again_gives_the_same_bytes(
    served: Callable[..., str], judged: Run, batchproof: Run, tmp_path: Path
) -> None:
    first = judged(served(faults=["created-at-drifts"]), "--profile", "quick")
    assert first.rows("failed") == ["batch_run.created_at.constant"]
    assert first.code == 1
    again = tmp_path / "again"
    done = batchproof("judge", str(first.folder / "history.ndjson"), "--output", str(again))
    assert done.code == 1
    assert (first.folder / "results.json").read_bytes() == (again / "results.json").read_bytes()


def test_truncated_history_is_judged_and_never_passes(batchproof: Run, tmp_path: Path) -> None:
    batchproof("run", "--profile", "quick", "--output", "out", "--quiet")
    whole = (tmp_path / "out" / "history.ndjson").read_bytes()
    cut = tmp_path / "cut.ndjson"
    cut.write_bytes(whole[: len(whole) - 150])
    assert batchproof("judge", str(cut)).code == 3


@pytest.mark.parametrize("workers", ["1", "4"])
def test_same_scenarios_under_pytest(batchproof: Run, tmp_path: Path, workers: str) -> None:
    done = batchproof(
        "run", "--profile", "quick", "--output", "out", "--workers", workers, "--verbose", "--", "-v"
    )
    assert done.code == 0
    assert "test_batch_runs_to_its_end" in done.out
    assert sorted(item.name for item in (tmp_path / "out").iterdir()) == ALL


@pytest.mark.parametrize("arguments", [["-n", "4"], ["-n4"], ["--numprocesses=4"]])
def test_processes_of_xdist_are_no_workers(batchproof: Run, arguments: list[str]) -> None:
    done = batchproof("run", "--", *arguments)
    described = "batchproof: -n: scenarios share one run and its limits; use --workers N"
    assert (done.code, done.err.splitlines()) == (2, [described])


@pytest.mark.parametrize("command", [["run"], ["judge", "h.ndjson"], ["merge", "s", "--output", "out"]])
def test_quiet_and_verbose_are_not_for_one_run(batchproof: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "h.ndjson").write_text("{}\n")
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "history.ndjson").write_text("{}\n")
    done = batchproof(*command, "--quiet", "--verbose")
    described = "batchproof: --quiet: prints the least, and --verbose the most; leave out one of them"
    assert (done.code, done.err.splitlines()) == (2, [described])


@pytest.mark.parametrize("contract", ["extend/2025-04-21", "talonic/v1"])
def test_healthy_core_run_is_at_most_25_lines(batchproof: Run, contract: str) -> None:
    done = batchproof("run", "--contract", contract, "--output", "out")
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) <= 25


def test_selection_of_scenarios(batchproof: Run) -> None:
    done = batchproof("run", "--output", "out", "--", "-k", "refusal and auth")
    assert done.code == 3


@pytest.mark.parametrize(
    ("arguments", "code", "described"),
    [
        (["-k", "nothing"], 2, "batchproof: the arguments after -- leave no scenario to run"),
        (["--bogus"], 2, "batchproof: pytest does not understand the arguments after --"),
        (["--collect-only", "-q"], 0, ""),
    ],
)
def test_arguments_for_pytest_that_run_nothing(
    batchproof: Run, tmp_path: Path, arguments: list[str], code: int, described: str
) -> None:
    done = batchproof("run", "--contract", "talonic/v1", "--profile", "quick", "--", *arguments)
    assert (done.code, done.err.splitlines()[-1:]) == (code, [described] if described else [])
    assert not (tmp_path / "reports" / "latest").exists()


def test_hostile_surroundings_change_nothing(batchproof: Run, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit(7)\n")
    (tmp_path / "schemathesis.toml").write_text("nonsense = true\n")
    assert batchproof("run", "--profile", "quick", "--quiet", PYTEST_ADDOPTS="--nonsense").code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(batchproof: Run, command: str) -> None:
    done = batchproof(command, "--help")
    assert done.code == 0
    assert f"Example: batchproof {command}" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())


@pytest.mark.parametrize("command", [[], ["run"], ["judge"]])
def test_exit_codes_are_listed(batchproof: Run, command: list[str]) -> None:
    done = batchproof(*command, "--help")
    assert [
        line.split()[0] for line in done.out.partition("Exit codes:")[2].splitlines() if line.strip()
    ] == ["0", "1", "2", "3", "4", "130"]


def test_no_arguments_print_help(batchproof: Run) -> None:
    done = batchproof()
    assert (done.code, done.out.startswith("Usage:")) == (0, True)


def test_version(batchproof: Run) -> None:
    assert batchproof("--version")[:2] == (0, "batchproof, version 0.1.0\n")


BAD_INPUT = {
    "unknown key": (
        ["run", "--config", "bad.toml"],
        "[target]\nbase_uri = 'x'\n",
        ["bad.toml", "target", "base_uri"],
    ),
    "wrong type": (
        ["run", "--config", "bad.toml"],
        "[limits]\nmax_runs = 'x'\n",
        ["bad.toml", "limits.max_runs", "whole number"],
    ),
    "negative": (
        ["run", "--config", "bad.toml"],
        "[limits]\nmax_runs = -1\n",
        ["bad.toml", "limits.max_runs"],
    ),
    "unknown fixture": (
        ["run", "--config", "bad.toml"],
        "[fixtures]\nnope = 'x'\n",
        ["bad.toml", "fixtures.nope", "extractor_id"],
    ),
    "not TOML": (["run", "--config", "bad.toml"], "[[[", ["bad.toml", "TOML"]),
    "missing file": (["run", "--config", "nope.toml"], "", ["nope.toml", "--config"]),
    "no token": (["run", "--target", "http://127.0.0.1:9"], "", ["BATCHPROOF_TOKEN", "--token-env"]),
    "no such token": (["run", "--target", "http://127.0.0.1:9", "--token-env", "NOPE"], "", ["NOPE"]),
    "empty target": (["run", "--target", ""], "", ["--target", "http"]),
    "no address": (["run", "--target", "staging"], "", ["--target", "http"]),
    "unknown contract": (["run", "--contract", "nope"], "", ["nope", "extend/2026-02-09"]),
    "missing history": (["judge", "nope"], "", ["nope"]),
    "no history": (["judge", "bad.toml"], "[x]\n", ["bad.toml"]),
    "unknown requirement": (
        ["explain", "batch_run.status.enun"],
        "",
        ["batch_run.status.enun", "batch_run.status.enum"],
    ),
    "unknown fault": (["serve", "--fault", "nope"], "", ["nope", "status-lowercase"]),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_one_clear_line(batchproof: Run, tmp_path: Path, case: str) -> None:
    arguments, content, described = BAD_INPUT[case]
    (tmp_path / "bad.toml").write_text(content)
    done = batchproof(*arguments)
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert [word for word in described if word not in done.err] == []
    assert not (tmp_path / "reports" / "latest").exists()


def test_report_that_cannot_be_written_is_exit_4(batchproof: Run, tmp_path: Path) -> None:
    (tmp_path / "out" / "results.json").mkdir(parents=True)
    done = batchproof("run", "--profile", "quick", "--output", "out")
    assert done.code == 4
    assert "could not be written" in done.err
    assert "Traceback" not in done.err
