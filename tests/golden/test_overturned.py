"""False alarms that were overturned stay overturned; ``overturned/README.md`` says what the histories are."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
import yaml
from batchproof.judge import judge

from batchproof.contract import load_contract
from batchproof.history import History, read_history
from batchproof.places import schemas_dir

FOLDER = Path(__file__).parent / "overturned"


class Case(msgspec.Struct, forbid_unknown_fields=True):
    """One history: where it comes from, and what it exercises without breaking it."""

    origin: str
    story: str
    exercises: list[str]
    silent: list[str] = []


CASES = msgspec.convert(yaml.safe_load((FOLDER / "overturned.yaml").read_text()), dict[str, Case])


def read(name: str) -> History:
    return read_history(FOLDER / f"{name}.ndjson")


def test_each_history_has_its_story() -> None:
    assert sorted(CASES) == sorted(file.stem for file in FOLDER.glob("*.ndjson"))
    assert {case.origin for case in CASES.values()} == {"raised", "guarded"}


@pytest.mark.parametrize("name", CASES)
def test_history_breaks_nothing(name: str) -> None:
    history = read(name)
    rows = {row.id: row for row in judge(load_contract(history.header.contract), history).requirements}
    assert {row.id: row.findings for row in rows.values() if row.findings} == {}
    assert {name: rows[name].verdict for name in CASES[name].exercises} == dict.fromkeys(
        CASES[name].exercises, "passed"
    )
    assert {name: rows[name].observations for name in CASES[name].silent} == dict.fromkeys(
        CASES[name].silent, 0
    )


@pytest.mark.parametrize("name", CASES)
def test_history_has_the_format_of_the_product(name: str) -> None:
    line: Any = jsonschema_rs.validator_for(
        json.loads((schemas_dir() / "batchproof" / "history.json").read_bytes())
    )
    for event in (FOLDER / f"{name}.ndjson").read_text().splitlines():
        line.validate(json.loads(event))


def test_looks_in_the_other_order_are_a_finding() -> None:
    """The overlap is what makes the history of two looks harmless: one after the other, they are a finding."""
    history = read("overlapping_looks")
    slow, quick, last = history.exchanges
    late = msgspec.structs.replace(slow, start=4.0, end=5.0)
    results = judge(load_contract(history.header.contract), history._replace(exchanges=(late, quick, last)))
    broken = [row.id for row in results.requirements if row.findings]
    assert broken == ["batch_run.status.terminal"]


def test_rows_that_nobody_deleted_are_a_finding() -> None:
    """The deletion is what makes the shorter list harmless: without it, a run of the batch is missing."""
    history = read("rows_deleted")
    kept = tuple(item for item in history.exchanges if item.operation != "delete_extract_run")
    results = judge(load_contract(history.header.contract), history._replace(exchanges=kept))
    broken = {row.id: len(row.findings) for row in results.requirements if row.findings}
    assert broken == {"list_extract_runs.batch.complete": 1}
