"""What batchproof gives to a program of one's own, on a whole run."""

from collections.abc import Callable
from pathlib import Path

import pytest

import batchproof

CONTRACT = "talonic/v1"


def test_a_program_runs_the_suite_and_judges_again(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    results = batchproof.run(CONTRACT, profile="quick", output=folder)
    assert (results.exit_code, results.contract) == (0, CONTRACT)
    history = batchproof.read_history(folder / "history.ndjson")
    again = batchproof.judge(batchproof.load_contract(history.header.contract), history)
    assert again.requirements == results.requirements


def test_what_the_server_breaks_is_no_error(served: Callable[..., str], tmp_path: Path) -> None:
    results = batchproof.run(
        CONTRACT,
        target=served(CONTRACT, faults=["item-status-unknown"]),
        profile="quick",
        max_runs=10,
        output=tmp_path / "run",
        environment={"BATCHPROOF_TOKEN": "tlnc_a-token-of-a-test"},
    )
    assert results.exit_code == 1


def test_a_run_without_a_server_is_refused(tmp_path: Path) -> None:
    folder = Path(__file__).parents[1] / "unit" / "vendor" / "contract"
    with pytest.raises(batchproof.ConfigError, match="target: is needed"):
        batchproof.run(str(folder), output=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_unknown_contract_is_an_error_of_the_tree() -> None:
    with pytest.raises(batchproof.BatchproofError, match="nobody/v9"):
        batchproof.run("nobody/v9")
