"""Rules that do not fit CEL. An invariant names one of them as its ``function``.

Each gets the variables of the invariant's ``each`` and the invariant's ``arguments``, and raises ``NotEvaluable`` where it says nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

import jsonschema_rs

from batchproof.contract import moments, pointer
from batchproof.contract.expressions import NotEvaluable
from batchproof.judging.agreement import agrees, keeps
from batchproof.judging.field_paths import paths_lead
from batchproof.judging.list_functions import distinct, finds_known, one_to_one
from batchproof.judging.wrong import Wrong

_MISSING = object()
_OF_SCHEMAS = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
_OF_VALUES = frozenset({"const", "default", "enum", "examples"})

Function = Callable[[Mapping[str, Any], Mapping[str, str]], bool | Wrong]

# half of the last digit that a number with hundredths has
_HALF = 0.005
# how long the end of an id is at least that tells objects apart
_SHORTEST = 8


def sorted_by_time(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
    """The date-times at ``by`` in the ``rows`` of the response follow each other in ``direction`` (asc or desc).

    With ``settled`` rows that lie less than so many seconds before the latest one are left out: they may have moved while
    the page was made.
    """
    rows = pointer.first(variables["response"], arguments["rows"], default=[])
    if not isinstance(rows, list):
        raise NotEvaluable("the rows are no array")
    times = [_moment(pointer.first(row, arguments["by"])) for row in rows]
    if "settled" in arguments:
        times = _settled(times, Fraction(arguments["settled"]))
    rising = arguments["direction"] == "asc"
    for row, following in pairwise(times):
        if not moments.not_before(*((following, row) if rising else (row, following))):
            return Wrong({"row": _written(row), "next row": _written(following)})
    return True


def _written(moment: moments.Moment) -> str:
    try:
        return moment.as_datetime().isoformat().replace("+00:00", "Z")
    except OverflowError:
        return f"{float(moment.seconds):.0f} s since 1970"


def _settled(times: Sequence[moments.Moment], within: Fraction) -> list[moments.Moment]:
    latest = max((time.seconds for time in times), default=Fraction(0))
    kept = [time for time in times if time.seconds <= latest - within]
    if len(kept) < 2:
        raise NotEvaluable("no two rows are settled")
    return kept


def adds_up(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
    """At every place ``at`` of ``self`` that has ``parts``, the parts add up to ``total``.

    Each of them may have been rounded to hundredths.
    """
    for at, place in pointer.find(variables["self"], arguments["at"]):
        parts = [_number(value) for _, value in pointer.find(place, arguments["parts"])]
        total = pointer.first(place, arguments["total"])
        if parts and not _adds_up(parts, _number(total)):
            return Wrong({"at": at, "sum": round(sum(parts), 6), "total": total})
    return True


def conforms(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
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
        if validator.is_valid(value):
            return True
        error = next(iter(validator.iter_errors(value)))
        return Wrong({"at": pointer.join(error.instance_path)})
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        raise NotEvaluable("the schema is not usable: " + str(error).partition("\n")[0]) from error


def same_id(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> bool | Wrong:
    """The ids at ``one`` and ``other`` are the same, but for one of the ``prefixes`` that each may begin with.

    With ``prefixes: "*"`` one of them may begin with another prefix than the other, or with none: what follows the first
    underscore is the same. Raises ``NotEvaluable`` where one of them is no text.
    """
    one, other = (pointer.first(variables, arguments[name]) for name in ("one", "other"))
    if not isinstance(one, str) or not isinstance(other, str):
        raise NotEvaluable("there are no two ids to compare")
    prefixes = arguments.get("prefixes", "").split()
    if prefixes == ["*"]:
        alike = one == other or _differ_in_front(one, other) or _differ_in_front(other, one)
    else:
        alike = _unprefixed(one, prefixes) == _unprefixed(other, prefixes)
    return alike or Wrong({"one": one, "other": other})


def _differ_in_front(one: str, other: str) -> bool:
    """Whether ``other`` ends with all that follows the prefix of ``one``. A short end is no sign of the same object."""
    bare = one.partition("_")[2]
    return len(bare) >= _SHORTEST and other.endswith(bare)


def _unprefixed(identifier: str, prefixes: Sequence[str]) -> str:
    found = next((prefix for prefix in prefixes if identifier.startswith(prefix)), "")
    return identifier.removeprefix(found)


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


def _adds_up(parts: Sequence[float], total: float) -> bool:
    rounding = (len(parts) + 1) * _HALF
    noise = 1e-9 * max(1.0, abs(total), *map(abs, parts))
    return abs(sum(parts) - total) <= rounding + noise


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotEvaluable(f"{value!r} is no number")
    try:
        return float(value)
    except OverflowError as error:
        raise NotEvaluable("the number is too large") from error


def _moment(value: Any) -> moments.Moment:
    try:
        return moments.moment_of(value)
    except ValueError as error:
        raise NotEvaluable(str(error)) from error


FUNCTIONS: dict[str, Function] = {
    "adds_up": adds_up,
    "agrees": agrees,
    "conforms": conforms,
    "distinct": distinct,
    "finds_known": finds_known,
    "keeps": keeps,
    "one_to_one": one_to_one,
    "paths_lead": paths_lead,
    "same_id": same_id,
    "sorted_by_time": sorted_by_time,
}
