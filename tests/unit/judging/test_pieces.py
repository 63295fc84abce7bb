"""Large bodies: judged in pieces, with the same outcome, in a small part of the memory."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.judging import shape
from batchproof.judging.evidence import Evidence
from batchproof.judging.pieces import pieces, smaller
from batchproof.judging.shape import judge_shape

ROW = {
    "x-requirement": "row",
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "n": {"x-requirement": "n", "type": "integer"},
        "parts": {"items": {"x-requirement": "part", "type": "string"}},
    },
}
PAGE = {
    "x-requirement": "page",
    "type": "object",
    "required": ["next"],
    "properties": {"rows": {"type": "array", "items": ROW}},
}


def judged(build: ModuleType, folder: Path, schema: Any, body: Any) -> Evidence:
    evidence = Evidence()
    shapes = build.shapes(folder, schema)
    judge_shape(shapes, "resources/body.json", body, build.exchange("any", 1), evidence, "whole")
    return evidence


def described(evidence: Evidence) -> Any:
    return dict(evidence.observations), [
        finding for requirement in sorted(evidence.observations) for finding in evidence.findings(requirement)
    ]


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict | list):
        yield at, value
        return
    for name, child in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(child, f"{at}/{name}")


def test_pieces_are_the_body_and_know_where_they_stand() -> None:
    rows = [{"parts": list("abcdef"), "n": 1}, *[{"n": number} for number in range(9)]]
    body = {"rows": rows, "next": 1}
    found = list(pieces(body, 6))
    assert len(found) > 5
    placed = [(piece.place(at), value) for piece in found for at, value in leaves(piece.value)]
    assert sorted(item for item in placed if item[0] is not None) == sorted(leaves(body))
    # only the first one speaks of what is around the rows
    assert [piece.place("") for piece in found] == ["", *[None] * (len(found) - 1)]


@pytest.mark.parametrize("body", [[1, 2], "a" * 100, {str(number): number for number in range(20)}, [[]]])
def test_what_is_small_or_has_no_long_array_is_one_piece(body: Any) -> None:
    (piece,) = pieces(body, 6)
    assert (piece.value, piece.place("/0/a")) == (body, "/0/a")


def test_fewest_rows_that_are_told_by_halving() -> None:
    assert smaller(list(range(100)), lambda half: len(half) > 20, 2) == list(range(25))
    assert smaller(list(range(100)), lambda half: 99 in half, 2) == [99]


def test_body_in_pieces_breaks_and_exercises_the_same(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[Any] = [{"id": number % 3 or "a", "n": number % 5 or None} for number in range(40)]
    rows += [7, {"id": "a", "parts": [*["a"] * 30, 1, 2]}, {"parts": []}]
    whole = described(judged(build, tmp_path, PAGE, {"rows": rows}))
    monkeypatch.setattr(shape, "pieces", lambda body: pieces(body, 10))
    assert described(judged(build, tmp_path, PAGE, {"rows": rows})) == whole


def test_what_is_wrong_about_all_rows_together_is_found(build: ModuleType, tmp_path: Path) -> None:
    schema = {**PAGE, "required": [], "properties": {"rows": {"maxItems": 100, "items": ROW}}}
    body = {"rows": [{"id": "a"}] * 30_000}
    assert build.found(judged(build, tmp_path, schema, body)) == {"page": ["/rows"]}


@pytest.mark.slow
def test_thousands_of_broken_rows_need_little_memory(build: ModuleType, tmp_path: Path) -> None:
    body = {"rows": [{"id": number, "n": "x"} for number in range(20_000)]}
    tracemalloc.start()
    evidence = judged(build, tmp_path, PAGE, body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [finding.count for finding in evidence.findings("n")] == [20_000]
    assert peak < 100_000_000
