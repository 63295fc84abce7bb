"""Paths of fields as texts, such as ``lines[0].total``: whether they lead anywhere."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from batchproof.contract import pointer
from batchproof.contract.expressions import NotEvaluable
from batchproof.judging.wrong import Wrong

_DESCRIBED = 5
_STEP = re.compile(r"\[([0-9]{1,9})\]")


def paths_lead(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
    """Every key of the object at ``paths`` of ``self`` leads to a place in what stands at ``value``.

    Below null nothing can be told. Raises ``NotEvaluable`` where there are no paths, or no value.
    """
    paths = pointer.first(variables["self"], arguments["paths"], default=None)
    value = pointer.first(variables["self"], arguments["value"], default=None)
    if not isinstance(paths, dict) or not paths or value is None:
        raise NotEvaluable("there are no paths, or no value")
    astray = [path for path in paths if not _leads(value, path)]
    return Wrong({"leads nowhere": astray[:_DESCRIBED]}) if astray else True


def _leads(value: Any, path: str) -> bool:
    """Whether ``path`` leads to a place in ``value``; the name of a field may hold dots and brackets itself."""
    if not path or value is None:
        return True
    if isinstance(value, list):
        step = _STEP.match(path)
        return (
            step is not None
            and int(step[1]) < len(value)
            and _leads(value[int(step[1])], _rest(path[step.end() :]))
        )
    if not isinstance(value, dict):
        return False
    return any(
        path == name
        or (path.startswith((name + ".", name + "[")) and _leads(child, _rest(path[len(name) :])))
        for name, child in value.items()
    )


def _rest(path: str) -> str:
    return path.removeprefix(".")
