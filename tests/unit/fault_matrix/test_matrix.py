"""The matrix says what escaped, what was unexpected, what cannot fail, and when it measured nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from batchproof.contract.model import Requirement, Source, Testable
from batchproof.emulator import Fault, Variant
from batchproof.fault_matrix.cases import Case, Seen
from batchproof.fault_matrix.expectations import Expectations
from batchproof.fault_matrix.matrix import Matrix, compare
from batchproof.fault_matrix.summary import summary_lines
from tools.fault_matrix.page import page
from tools.fault_matrix.proof import proof

ACME = "acme/v1"


def row(identifier: str, **more: Any) -> Requirement:
    settled: dict[str, Any] = {
        "level": "MUST",
        "statement": "It is so.",
        "source": Source(document="page", section="section"),
        "basis": "documented",
        "aspect": "shape",
        "testable": "black-box",
    }
    return Requirement(id=identifier, **(settled | more))


ROWS = {item.id: item for item in (row("paper.id"), row("paper.status"), row("paper.note", level="SHOULD"))}
PLANTED = {
    name: Fault(name, breaks, f"Page: {name}; here not.", lambda _: None)
    for name, breaks in (
        ("id-lost", "paper.id"),
        ("note-lost", "paper.note"),
        ("status-lost", "paper.status"),
    )
}
LEGAL = {"slow": Variant("slow", "No time is promised.", lambda _: None)}


def case(kind: Any, name: str = "") -> Case:
    return Case(contract=ACME, kind=kind, name=name)


def seen(*failed: str, inconclusive: tuple[str, ...] = ()) -> Seen:
    return Seen(failed=failed, inconclusive=inconclusive, exit_code=1 if failed else 3 if inconclusive else 0)


def all_right() -> dict[Case, Seen]:
    return {
        case("healthy"): seen(),
        case("core"): seen(),
        case("canary", "canary"): seen("paper.id", "paper.status"),
        case("variant", "slow"): seen(),
        case("fault", "id-lost"): seen("paper.id"),
        case("fault", "note-lost"): seen("paper.note"),
        case("fault", "status-lost"): seen("paper.status"),
    }


def made(
    changed: Mapping[Case, Seen] | None = None,
    rows: Mapping[str, Requirement] = ROWS,
    *,
    planted: Mapping[str, Fault] = PLANTED,
    whole: bool = True,
    **expected: Any,
) -> Matrix:
    expectations = Expectations(format="batchproof-fault-matrix/1", **expected)
    return compare(ACME, rows, planted, LEGAL, expectations, all_right() | dict(changed or {}), whole=whole)


def declaring(**declared: Any) -> dict[str, Fault]:
    """The faults, of which the first one declares something."""
    return {**PLANTED, "id-lost": replace(PLANTED["id-lost"], **declared)}


def test_every_fault_is_caught() -> None:
    matrix = made()
    assert (matrix.verdict, matrix.exit_code, matrix.complaints) == ("PROVEN", 0, ())
    assert {item.id: item.faults for item in matrix.requirements} == {
        "paper.id": ("id-lost",),
        "paper.status": ("status-lost",),
        "paper.note": ("note-lost",),
    }


def test_fault_that_escapes_is_told() -> None:
    matrix = made({case("fault", "id-lost"): seen()})
    assert (matrix.verdict, matrix.exit_code) == ("FAILED", 1)
    assert matrix.complaints == (
        "fault id-lost escaped: paper.id did not fail",
        "hole: no fault fails paper.id",
    )


def test_fault_that_is_caught_by_another_row_alone_escapes() -> None:
    matrix = made({case("fault", "id-lost"): seen("paper.status")})
    assert matrix.complaints[:2] == (
        "fault id-lost escaped: paper.id did not fail",
        "fault id-lost also fails paper.status: undeclared collateral",
    )


def test_fault_may_keep_its_row_from_passing_instead() -> None:
    expected: dict[str, Any] = {
        "planted": declaring(withheld="it may come later"),
        "no_fault": {"paper.id": "it may come later"},
    }
    left_open = made({case("fault", "id-lost"): seen(inconclusive=("paper.id",))}, **expected)
    assert (left_open.exit_code, left_open.complaints) == (0, ())
    passed = made({case("fault", "id-lost"): seen(inconclusive=("paper.status",))}, **expected)
    assert passed.complaints == ("fault id-lost escaped: paper.id did not fail",)


def test_reason_why_a_fault_is_not_caught_must_be_true() -> None:
    matrix = made(planted=declaring(withheld="it may come later"))
    assert matrix.complaints == ("fault id-lost is caught; strike off why it is not",)


def test_undeclared_collateral_fails() -> None:
    matrix = made({case("fault", "id-lost"): seen("paper.id", "paper.note")})
    assert matrix.exit_code == 1
    assert matrix.complaints == ("fault id-lost also fails paper.note: undeclared collateral",)


def test_declared_collateral_is_listed_and_must_be_seen() -> None:
    declared = declaring(collateral={"paper.note": "The note tells the id."})
    matrix = made({case("fault", "id-lost"): seen("paper.id", "paper.note")}, planted=declared)
    assert matrix.complaints == ()
    assert matrix.faults[0].collateral == {"paper.note": "The note tells the id."}
    assert made(planted=declared).complaints == (
        "fault id-lost does not fail its declared collateral paper.note",
    )


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({case("healthy"): seen("paper.id")}, "the healthy emulator fails paper.id (healthy)"),
        (
            {case("core"): seen(inconclusive=("paper.id",))},
            "the healthy emulator leaves open paper.id (core)",
        ),
        (
            {case("canary", "canary"): seen()},
            "the canary is not caught: each of its answers is 200 and an empty object",
        ),
    ],
)
def test_matrix_is_void_when_nothing_was_measured(changed: Mapping[Case, Seen], complaint: str) -> None:
    matrix = made(changed)
    assert (matrix.verdict, matrix.exit_code, matrix.complaints) == ("VOID", 3, (complaint,))


def test_missing_baseline_is_void() -> None:
    left = {key: value for key, value in all_right().items() if key.kind == "fault"}
    matrix = compare(ACME, ROWS, PLANTED, LEGAL, Expectations(format="batchproof-fault-matrix/1"), left)
    assert matrix.exit_code == 3


def test_finding_on_a_variant_fails_unless_it_is_a_declared_warning() -> None:
    warned = {case("variant", "slow"): seen("paper.note")}
    assert made(warned).complaints == ("variant slow is legal and fails paper.note",)
    matrix = made(warned, warnings={"slow": {"paper.note": "An example shows it, no more."}})
    assert matrix.complaints == ()
    assert matrix.variants[0].warnings == {"paper.note": "An example shows it, no more."}


@pytest.mark.parametrize("level", ["MUST", "SHOULD", "MAY"])
def test_row_of_any_level_that_no_fault_fails_is_a_hole(level: str) -> None:
    rows = {**ROWS, "paper.date": row("paper.date", level=level)}
    assert made(rows=rows).complaints == ("hole: no fault fails paper.date",)
    assert made(rows=rows, no_fault={"paper.date": "no paper has a date"}).complaints == ()
    assert made(rows=rows, whole=False).complaints == ()


def test_reason_for_a_hole_that_is_none_is_stale() -> None:
    complaints = made(no_fault={"paper.id": "no paper has an id"}).complaints
    assert complaints == ("paper.id has a fault; strike it off no_fault",)


def test_row_that_cannot_be_tested_needs_no_fault() -> None:
    rows = {**ROWS, "paper.age": row("paper.age", testable=Testable(no="nobody knows it"))}
    matrix = made(rows=rows)
    assert matrix.complaints == ()
    assert "paper.age" not in {item.id for item in matrix.requirements}


def test_same_matrix_gives_the_same_bytes_and_page() -> None:
    assert proof(made()) == proof(made())
    text = page([made()])
    assert "## acme/v1: PROVEN" in text
    assert "| `id-lost` | `paper.id` | Page: id-lost; here not. |  |" in text


def test_summary_is_short_and_narrow() -> None:
    noisy = made({key: seen("paper.note") for key in all_right() if key.kind in ("fault", "variant")})
    lines = summary_lines([noisy] * 3)
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith("FAILED")
    assert summary_lines([made()])[-1].startswith("PROVEN")
    assert summary_lines([made({case("core"): seen("paper.id")})])[-1].startswith("VOID")
