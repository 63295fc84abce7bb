"""Rows of a table become faults, and what is wrong with a row is told in one line."""

from pathlib import Path

import pytest

from batchproof import emulator
from batchproof.emulator.behaviour import Behaviour
from batchproof.emulator.fault_table import FaultTableError, read_faults
from batchproof.emulator.registry import Fault, Registry
from batchproof.emulator.verbs import SHARED

WORDS = {"fax": {"run": "fax_run", "Run": "Fax Run"}, "scan": {"run": "scan_run", "Run": "Scan Run"}}
ROW = """
  - name: id-lost
    breaks: paper.id
    sentence: "Paper, id: there; here it is missing."
    drop: {of: paper, keys: id}
"""


def read(tmp_path: Path, rows: str) -> list[Fault]:
    file = tmp_path / "faults.yaml"
    file.write_text("faults:" + rows)
    return list(read_faults(file, families=WORDS))


def test_row_becomes_a_fault(tmp_path: Path) -> None:
    (fault,) = read(
        tmp_path, ROW + "    collateral: {So it is.: [paper.age, paper.note]}\n    withheld: It may be.\n"
    )
    assert (fault.name, fault.breaks) == ("id-lost", "paper.id")
    assert fault.doc == "Paper, id: there; here it is missing."
    assert fault.collateral == {"paper.age": "So it is.", "paper.note": "So it is."}
    assert fault.withheld == "It may be."
    behaviour = Behaviour(0)
    fault.apply(behaviour)
    assert behaviour.may_change([("paper", "get_paper")])


def test_row_for_families_becomes_a_fault_of_each(tmp_path: Path) -> None:
    faults = read(
        tmp_path,
        """
  - name: "{run}-id-lost"
    breaks: "{run}.id"
    for: [fax, scan]
    sentence: "Get {Run}, id: there; here it is missing."
    drop: {of: "{run}", keys: id}
    collateral: {So it is.: ["{run}.age"]}
    collateral_of:
      scan: {So it is.: [paper.age]}
""",
    )
    assert [fault.name for fault in faults] == ["fax-run-id-lost", "scan-run-id-lost"]
    assert [fault.doc.partition(",")[0] for fault in faults] == ["Get Fax Run", "Get Scan Run"]
    assert [list(fault.collateral) for fault in faults] == [["fax_run.age"], ["scan_run.age", "paper.age"]]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (ROW.replace("drop:", "dropp:"), "id-lost: needs one verb, not dropp; known: accept"),
        (ROW + "    put: {of: paper, values: {}}\n", "id-lost: needs one verb, not drop, put; known: "),
        (ROW.replace("keys: id", "key: id"), "id-lost: Object "),
        (ROW.replace("keys: id", "keys: id, wehre: {}"), "id-lost: Object contains unknown field `wehre`"),
        (ROW.replace("keys: id", "keys: 17"), "id-lost: Expected `str | array`, got `int` - at `$.keys`"),
        (ROW.replace("    breaks: paper.id\n", ""), "id-lost: Object missing required field `breaks`"),
        (ROW + "    for: [telex]\n", "id-lost: there is no family 'telex'; known: fax, scan"),
        (
            ROW + "    for: [fax]\n    collateral_of: {telex: {}}\n",
            "id-lost: there is no family 'telex'; known: fax, scan",
        ),
        (
            ROW.replace("keys: id", 'keys: "{ran}"') + "    for: [fax]\n",
            "id-lost: 'ran' stands for no word of the family fax; known: {run}, {Run}",
        ),
        (ROW.replace("drop: {", "drop: {{"), "cannot be read: "),
    ],
)
def test_wrong_row_is_told_in_one_line(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(FaultTableError) as raised:
        read(tmp_path, wrong)
    assert str(raised.value).startswith(
        f"{tmp_path.name}/faults.yaml: {said.replace('known: accept', 'known: add')}"
    )
    assert "\n" not in str(raised.value)


def test_name_stands_once_in_functions_and_tables(tmp_path: Path) -> None:
    registry: Registry[Behaviour] = Registry()
    registry.fault("id-lost", breaks="paper.id")(lambda _: None)
    registry.add_table(lambda: read(tmp_path, ROW))
    with pytest.raises(ValueError, match="'id-lost' is registered twice"):
        assert registry.faults


def test_table_is_read_when_faults_are_asked_for() -> None:
    asked: list[str] = []
    registry: Registry[Behaviour] = Registry()
    registry.add_table(lambda: asked.append("asked") or [])
    assert asked == []
    assert registry.faults == registry.faults == {}
    assert asked == ["asked"]


@pytest.mark.parametrize("contract", emulator.contracts())
def test_every_table_is_right(contract: str) -> None:
    """Reading it finds unknown verbs and arguments, and names that stand there twice."""
    package = Path(emulator.__file__).parent / contract.replace("/", "_").replace("-", "_")
    assert (package / "faults.yaml").is_file()
    assert len(emulator.faults(contract)) > 200


def test_every_verb_is_used() -> None:
    said = {
        type(fault.apply.__self__)
        for contract in emulator.contracts()
        for fault in emulator.faults(contract).values()
        if hasattr(fault.apply, "__self__")
    }
    assert set(SHARED) - said == set()
