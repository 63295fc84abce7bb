"""An expression is taken apart where `&&` joins it, and nowhere else."""

import pytest

from batchproof.contract.conjuncts import conjuncts


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("a", ["a"]),
        ("a && b", ["a", "b"]),
        ("has(a.b) && size(rows) > 1 && c == 'x && y'", ["has(a.b)", "size(rows) > 1", "c == 'x && y'"]),
        ("rows.all(r, r.a && r.b) && c", ["rows.all(r, r.a && r.b)", "c"]),
        ("(a && b) || c", ["(a && b) || c"]),
        ("(a || b) && c", ["(a || b)", "c"]),
        ("a ? b && c : d", ["a ? b && c : d"]),
        ('a == "\\"" && b', ['a == "\\""', "b"]),
    ],
)
def test_parts(source: str, parts: list[str]) -> None:
    assert conjuncts(source) == parts
