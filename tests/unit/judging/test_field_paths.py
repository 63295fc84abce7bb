"""Paths of fields: whether the keys of one object lead to places in another."""

from typing import Any

import pytest

from batchproof.contract.expressions import NotEvaluable
from batchproof.judging.field_paths import paths_lead

ARGUMENTS = {"paths": "/about", "value": "/value"}
VALUE = {"total": 1, "lines": [{"name": "a"}, {"name": None}], "payee": None, "a.b": {"c": 1}}


def led(*paths: str, value: Any = VALUE) -> Any:
    return paths_lead({"self": {"about": {path: {} for path in paths}, "value": value}}, ARGUMENTS)


@pytest.mark.parametrize(
    "path", ["total", "lines", "lines[0]", "lines[1].name", "payee.name", "lines[1].name.first", "a.b.c"]
)
def test_path_that_leads_somewhere(path: str) -> None:
    assert led(path) is True


@pytest.mark.parametrize(
    "path", ["sum", "total.net", "lines[2]", "lines[7].name", "lines[0].sum", "lines.name"]
)
def test_path_that_leads_nowhere(path: str) -> None:
    found = led("total", path)
    assert (bool(found), found.observed) == (False, {"leads nowhere": [path]})


def test_without_paths_or_value_nothing_is_said() -> None:
    for paths, value in (((), VALUE), (("total",), None)):
        with pytest.raises(NotEvaluable):
            led(*paths, value=value)
