"""Judging depends on what happened, not on the order of lines, nor on ids and values that belong to one run."""

import os
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchproof.contract import Contract
from batchproof.history import Exchange, History, read_history
from batchproof.history.events import from_json
from batchproof.history.events import to_json as event_to_json
from batchproof.judging import judge, to_json

JUDGE = """
import sys
from pathlib import Path
from batchproof.contract import load_contract
from batchproof.history import read_history
from batchproof.judging import judge, to_json
sys.stdout.buffer.write(to_json(judge(load_contract(sys.argv[1]), read_history(Path(sys.argv[2])))))
"""


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_order_of_lines_does_not_matter(
    acme: Contract, recorded_broken: History, shuffling: random.Random
) -> None:
    exchanges: list[Exchange] = list(recorded_broken.exchanges)
    shuffling.shuffle(exchanges)
    shuffled = recorded_broken._replace(exchanges=tuple(exchanges))
    assert to_json(judge(acme, shuffled)) == to_json(judge(acme, recorded_broken))


def test_judging_twice_gives_the_same_bytes(acme: Contract, recorded: History) -> None:
    assert to_json(judge(acme, recorded)) == to_json(judge(acme, recorded))


def test_judging_does_not_depend_on_the_process(
    build: ModuleType, acme: Contract, tmp_path: Path, write_history: Any
) -> None:
    rows = [build.document(state, id=f"d_{number}") for number in range(40) for state in ("queued", "done")]
    exchanges = [build.exchange("list_documents", 1, body={"documents": rows, "next": None})]
    file = write_history([build.header(), *exchanges])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    there = subprocess.run(
        [sys.executable, "-c", JUDGE, str(build.ACME), str(file)],
        env={**kept, "PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout
    assert there == to_json(judge(acme, read_history(file)))


def fingerprints(acme: Contract, history: History) -> dict[str, list[str]]:
    rows = judge(acme, history).requirements
    return {row.id: [finding.fingerprint for finding in row.findings] for row in rows if row.findings}


def renamed(value: Any) -> Any:
    """Another run's names: other ids, other times, another label for each document."""
    if isinstance(value, dict):
        return {key: renamed(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [renamed(child) for child in value]
    if isinstance(value, str):
        for old, new in (("b_", "b_other"), ("d_", "d_other"), ("2026-01", "2031-07"), ("paper-", "letter-")):
            value = value.replace(old, new)
    return value


def test_fingerprints_are_the_same_in_another_run(
    build: ModuleType, acme: Contract, recorded_broken: History
) -> None:
    other: list[Any] = []
    for number, item in enumerate(recorded_broken.exchanges):
        plain = renamed(event_to_json(item))
        plain |= {"id": f"other-{number}", "start": item.start * 3, "end": item.end * 3}
        other.append(from_json(plain))
    expected = fingerprints(acme, recorded_broken)
    assert len(expected) > 3
    assert fingerprints(acme, recorded_broken._replace(exchanges=tuple(other))) == expected


def test_fingerprints_do_not_depend_on_how_often(build: ModuleType, acme: Contract) -> None:
    wrong = [
        build.exchange(
            "get_batch", at, body=build.batch("done", id=f"b_{at}", created_at=at, finished_at=None)
        )
        for at in range(7)
    ]
    assert fingerprints(acme, build.history(wrong)) == fingerprints(acme, build.history(wrong[3:4]))


@pytest.mark.parametrize("profile", ["quick", "core", "full"])
def test_findings_do_not_depend_on_the_profile(
    acme: Contract, recorded_broken: History, build: ModuleType, profile: str
) -> None:
    history = build.history(recorded_broken.exchanges, profile=profile)
    assert fingerprints(acme, history) == fingerprints(acme, recorded_broken)
