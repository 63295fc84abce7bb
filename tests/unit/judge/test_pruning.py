"""What a law's variables are cut down to: all that its expressions can reach, and no more."""

from typing import Any

import pytest

from batchproof.judge.pruning import Pruning

ROWS = [{"id": 1, "name": "a", "deep": {"id": 2}}, 5]
SELF = {"a": {"x": 1}, "rows": ROWS, "b": 2}


@pytest.mark.parametrize(
    ("sources", "variables", "expected"),
    [
        (["self.a == 1"], {"self": SELF, "other": 1}, {"self": {"a": {"x": 1}}}),
        (["self.b == 1", "self.a == 1"], {"self": SELF}, {"self": {"a": {"x": 1}, "b": 2}}),
        (["self == other"], {"self": SELF, "other": SELF}, {"self": SELF, "other": SELF}),
        (["has(self.b)", "check(self)"], {"self": SELF}, {"self": SELF}),
        (["self . b == 1"], {"self": SELF}, {"self": {"b": 2}}),
        (["selfish.b == 1"], {"self": SELF}, {}),
        (["self.b == status"], {"self": {"b": 1}, "status": 200}, {"self": {"b": 1}, "status": 200}),
        # questions that look at no property
        (["self != null"], {"self": SELF}, {"self": {}}),
        (["self == null || self.b == 1"], {"self": SELF}, {"self": {"b": 2}}),
        (["size(rows) == 1"], {"rows": ROWS}, {"rows": [{}, 5]}),
        (["self.rows.size() == 1"], {"self": SELF}, {"self": {"rows": [{}, 5]}}),
        # elements
        (["rows.all(row, row.id == 1)"], {"rows": ROWS}, {"rows": [{"id": 1}, 5]}),
        (["self.rows.all(row, row.id == 1)"], {"self": SELF}, {"self": {"rows": [{"id": 1}, 5]}}),
        (["rows.all(row, row == 1)"], {"rows": ROWS}, {"rows": ROWS}),
        (["self.rows.exists(row, row == 1)"], {"self": SELF}, {"self": {"rows": ROWS}}),
        (["rows.all(row, rows.exists_one(other, other.id == row.id))"], {"rows": ROWS},
         {"rows": [{"id": 1}, 5]}),
        (["self.rows[0] == 1"], {"self": SELF}, {"self": {"rows": ROWS}}),
        (["self.rows[0] != 1"], {"self": SELF}, {"self": {"rows": ROWS}}),
        (["1 == self.rows[0]"], {"self": SELF}, {"self": {"rows": ROWS}}),
        (["1 != self.rows[0]"], {"self": SELF}, {"self": {"rows": ROWS}}),
        (["self.rows[0] in [1, 2]"], {"self": SELF}, {"self": {"rows": ROWS}}),
        (["self.rows[0].all(key, key != 'x')"], {"self": SELF}, {"self": {"rows": ROWS}}),
        (["self.rows[0] . size() == 3"], {"self": SELF}, {"self": {"rows": ROWS}}),
        (["size(rows[0]) == 3"], {"rows": ROWS}, {"rows": ROWS}),
        (["rows.all(row, size(row) == 3)"], {"rows": ROWS}, {"rows": ROWS}),
        (["rows.all(row, row.size() == 3)"], {"rows": ROWS}, {"rows": ROWS}),
        (["rows.all(row, row.exists(key, key == 'name'))"], {"rows": ROWS}, {"rows": ROWS}),
        (["self.rows[0].id in [1, 2]"], {"self": SELF}, {"self": {"rows": [{"id": 1}, 5]}}),
        (["self.rows[0].id == 1"], {"self": SELF}, {"self": {"rows": [{"id": 1}, 5]}}),
        # properties, whatever their names
        (["size(query) == 3"], {"query": SELF}, {"query": SELF}),
        (["query.size() == 3"], {"query": SELF}, {"query": SELF}),
        (["size( query ) == 3"], {"query": SELF}, {"query": SELF}),
        (["query.all(key, key != 'b')"], {"query": SELF}, {"query": SELF}),
        (["query.exists(key, key.b)"], {"query": SELF}, {"query": SELF}),
        (["query . map(key, key.b)"], {"query": SELF}, {"query": SELF}),
        (["query.all(key, query[key].b == 1)"], {"query": SELF}, {"query": SELF}),
        (["query['a'].x == 1"], {"query": SELF}, {"query": SELF}),
        # at every depth
        (["self.a.x == 1"], {"self": {"a": {"x": 1, "y": 2}, "b": 2}}, {"self": {"a": {"x": 1}}}),
        (["self.a.x == 1 && self.a == 2"], {"self": {"a": {"x": 1, "y": 2}}}, {"self": {"a": {"x": 1, "y": 2}}}),
        (["has(self.a) && self.a != null && self.a.x == 1"], {"self": {"a": {"x": 1, "y": 2}}},
         {"self": {"a": {"x": 1}}}),
        (["has(self.a.x) && check(has(self.b))"], {"self": {"a": {"x": {"y": 1}, "b": 2}, "b": {"c": 3}}},
         {"self": {"a": {"x": {}, "b": 2}, "b": {}}}),
        (["rows.all(row, row.deep.id == 1)"], {"rows": [{"deep": {"id": 2, "name": 3}, "name": 4}]},
         {"rows": [{"deep": {"id": 2}}]}),
        (["rows.all(row, row.deep == other.deep)"], {"rows": [{"deep": {"id": 2}, "name": 4}]},
         {"rows": [{"deep": {"id": 2}}]}),
        (["rows.all(row, row.deep[key] == 1 && row.id == 1)"], {"rows": [{"deep": {"x": 2}, "id": {}, "name": 4}]},
         {"rows": [{"deep": {"x": 2}, "id": {}}]}),
        (["rows.map(row, row) == 1"], {"rows": ROWS}, {"rows": ROWS}),
        (["rows.map(row, row.id) == [1]"], {"rows": ROWS}, {"rows": [{"id": 1}, 5]}),
        (["rows.filter(row, row.id == 1)[0] == self"], {"rows": ROWS}, {"rows": ROWS}),
        (["rows.all(at, row, row.id == at)"], {"rows": ROWS}, {"rows": ROWS}),
        (["rows[0][1].id == 1"], {"rows": [ROWS]}, {"rows": [ROWS]}),
        (["rows.all(row, row.rows.all(row, row.id == 1))"], {"rows": [{"rows": ROWS}]},
         {"rows": [{"rows": [{"id": 1}, 5]}]}),
        (["rows.all(rows, rows.id == 1)"], {"rows": ROWS}, {"rows": ROWS}),
        (["rows.all(row, row.all(key, key != 'x'))"], {"rows": ROWS}, {"rows": ROWS}),
        (["(self.a).x == 1"], {"self": {"a": {"x": 1, "y": 2}}}, {"self": {"a": {"x": 1, "y": 2}}}),
        (["self.a.startsWith('x')"], {"self": {"a": {"x": 1, "y": 2}}}, {"self": {"a": {"x": 1, "y": 2}}}),
    ],
)  # fmt: skip
def test_what_expressions_can_reach(sources: list[str], variables: dict[str, Any], expected: Any) -> None:
    pruned = Pruning(sources)
    assert pruned(variables) == expected
    # what was worked out for the first case holds for the next one
    assert pruned(variables) == expected


def test_variables_themselves_are_left_alone() -> None:
    variables = {"self": {"a": 1, "b": 2}, "rows": [{"id": 1, "c": 2}]}
    Pruning(["self.a == size(rows)"])(variables)
    assert variables == {"self": {"a": 1, "b": 2}, "rows": [{"id": 1, "c": 2}]}
