"""Functions of invariants about lists: what CEL could only say in quadratic time, or not at all."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from batchproof.contract import pointer
from batchproof.contract.expressions import NotEvaluable
from batchproof.judging.wrong import Wrong

_DESCRIBED = 5


def finds_known(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
    """Every known object that fits the query is among the rows of the traversal, by its ``id``.

    It fits where its value ``at`` is that of the query ``parameter``, or where that is so for all of the ``filters`` that
    the query has: ``parameter=pointer``, separated by spaces. With ``match: contains`` the value has that of the parameter
    in it. Without parameters every known object fits. ``of`` names the variable that has them, ``known`` or ``still``.
    ``besides`` names the other parameters with which that can be said, those that leave no row out. Raises
    ``NotEvaluable`` where the query has still others, or no known object fits.
    """
    query: Mapping[str, str] = variables["query"]
    identity = arguments.get("id", "/id")
    filters = _filters(arguments)
    asked = {name: at for name, at in filters.items() if name in query}
    needed = {arguments["parameter"]} if "parameter" in arguments else set()
    if not needed <= query.keys() <= {*filters, *arguments.get("besides", "").split()}:
        raise NotEvaluable("the query is about something else")
    wanted = {
        _key(pointer.first(known, identity)): pointer.first(known, identity)
        for known in variables[arguments.get("of", "known")]
        if all(_fits(pointer.first(known, at), query[name], arguments) for name, at in asked.items())
    }
    if not wanted:
        raise NotEvaluable("no known object is wanted")
    found = {_key(pointer.first(row, identity)) for row in variables["rows"]}
    missing = [identifier for key, identifier in wanted.items() if key not in found]
    return Wrong({"query": dict(query), "missing": missing[:_DESCRIBED]}) if missing else True


def _filters(arguments: Mapping[str, str]) -> dict[str, str]:
    """Where the objects show what the parameters ask for."""
    if "parameter" in arguments:
        return {arguments["parameter"]: arguments["at"]}
    return dict(item.split("=", 1) for item in arguments.get("filters", "").split())


def _fits(value: Any, asked: str, arguments: Mapping[str, str]) -> bool:
    shown = _in_a_query(value)
    if arguments.get("match") == "contains":
        return shown is not None and asked in shown
    return shown == asked


def distinct(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
    """The values ``at`` are another one in each of the rows: of a traversal, or at ``rows`` in a response.

    Raises ``NotEvaluable`` where fewer than two rows have a value.
    """
    values = [_key(value) for value in _values(_rows(variables, arguments), arguments["at"])]
    if len(values) < 2:
        raise NotEvaluable("there are no two values to compare")
    doubled = [json.loads(key) for key, count in Counter(values).items() if count > 1]
    return Wrong({"more than once": doubled[:_DESCRIBED]}) if doubled else True


def one_to_one(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
    """The values ``of`` the request are those ``at`` the rows, each as often: of a traversal, or at ``rows`` in a response.

    Raises ``NotEvaluable`` where the request has none, or no row shows any.
    """
    asked = Counter(_key(value) for _, value in pointer.find(variables["request"], arguments["of"]))
    shown = Counter(_key(value) for value in _values(_rows(variables, arguments), arguments["at"]))
    if not asked or not shown:
        raise NotEvaluable("request or rows have no values to compare")
    if asked == shown:
        return True
    missing, more = asked - shown, shown - asked
    return Wrong(
        {
            name: [json.loads(key) for key in list(keys)[:_DESCRIBED]]
            for name, keys in (("missing", missing), ("more", more))
        }
    )


def _rows(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> list[Any]:
    rows = (
        pointer.first(variables["response"], arguments["rows"]) if "rows" in arguments else variables["rows"]
    )
    if not isinstance(rows, list):
        raise NotEvaluable("the rows are no array")
    return rows


def _values(rows: list[Any], at: str) -> Iterator[Any]:
    """What stands ``at`` the rows; null is none."""
    found = (pointer.first(row, at, default=None) for row in rows)
    return (value for value in found if value is not None)


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _in_a_query(value: Any) -> str | None:
    """A value as a query spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None
