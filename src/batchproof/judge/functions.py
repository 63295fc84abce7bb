"""Rules that do not fit CEL. A law names one of them as its ``function``.

Each gets the variables of the law's ``each`` and the law's ``arguments``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import jsonschema_rs

from batchproof.contract import pointer
from batchproof.contract.expressions import NotEvaluable

_MISSING = object()
_OF_SCHEMAS = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
_OF_VALUES = frozenset({"const", "default", "enum", "examples"})

Function = Callable[[Mapping[str, Any], Mapping[str, str]], bool]

_TOLERANCE = 0.01


def sorted_by_time(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> bool:
    """The date-times at ``by`` in the ``rows`` of the response follow each other in ``direction`` (asc or desc)."""
    rows = pointer.first(variables["response"], arguments["rows"], default=[])
    if not isinstance(rows, list):
        raise NotEvaluable("the rows are no array")
    times = [_moment(pointer.first(row, arguments["by"])) for row in rows]
    return times == sorted(times, reverse=arguments["direction"] == "desc")


def adds_up(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> bool:
    """At every place ``at`` of ``self`` that has ``parts``, the parts add up to ``total``, to the hundredth."""
    for _, place in pointer.find(variables["self"], arguments["at"]):
        parts = [value for _, value in pointer.find(place, arguments["parts"])]
        total = pointer.first(place, arguments["total"])
        if parts and not _close(sum(map(_number, parts)), _number(total)):
            return False
    return True


def conforms(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> bool:
    """The ``value`` in ``self`` is valid by the JSON Schema at ``schema``, which ``self`` carries too.

    Keywords that begin with ``ignore`` count for nothing. Formats are not checked, and nothing is fetched.
    """
    value = pointer.first(variables["self"], arguments["value"], default=_MISSING)
    schema = pointer.first(variables["self"], arguments["schema"])
    if value is _MISSING or not isinstance(schema, dict):
        raise NotEvaluable("there is no value, or no schema")
    try:
        validator = jsonschema_rs.Draft202012Validator(
            _without(schema, arguments.get("ignore")), validate_formats=False, offline=True
        )
        return validator.is_valid(value)
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        raise NotEvaluable("the schema is not usable: " + str(error).partition("\n")[0]) from error


def _without(schema: Any, prefix: str | None) -> Any:
    """``schema`` without the keywords that begin with ``prefix``; names of properties are no keywords."""
    if isinstance(schema, list):
        return [_without(item, prefix) for item in schema]
    if not isinstance(schema, dict) or not prefix:
        return schema
    kept = {keyword: value for keyword, value in schema.items() if not keyword.startswith(prefix)}
    return {keyword: _value_without(keyword, value, prefix) for keyword, value in kept.items()}


def _value_without(keyword: str, value: Any, prefix: str) -> Any:
    if keyword in _OF_VALUES:
        return value
    if keyword in _OF_SCHEMAS and isinstance(value, dict):
        return {name: _without(child, prefix) for name, child in value.items()}
    return _without(value, prefix)


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _TOLERANCE


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotEvaluable(f"{value!r} is no number")
    try:
        return float(value)
    except OverflowError as error:
        raise NotEvaluable("the number is too large") from error


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise NotEvaluable(f"{value!r} is no date-time") from error
    if moment.tzinfo is None:
        raise NotEvaluable(f"{value!r} has no offset")
    return moment


FUNCTIONS: dict[str, Function] = {"adds_up": adds_up, "conforms": conforms, "sorted_by_time": sorted_by_time}
