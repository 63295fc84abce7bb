"""What bodies that fit exercise of a schema: which requirements, and how often.

Working that out costs a hundred times the validation, so it is done once for each form of a value (``contract/conditions.py``),
and of a page once for each form of a row.
"""

import operator
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from batchproof.contract import pointer
from batchproof.contract.conditions import Conditions
from batchproof.contract.shapes import ANNOTATION, KEYWORDS_OF, Shapes
from batchproof.judging.memo import Memo
from batchproof.judging.pieces import Piece

_CONSTANT = re.compile(r"[A-Za-z][A-Za-z _-]{0,31}")
_LONG_ARRAY = 10
_NOWHERE = object()
_MOST_FORMS = 20_000
_Counts = Mapping[str, int]
# of each form that a body or a row of a file had; None where its long arrays cannot be cut down
_FORMS: WeakKeyDictionary[Shapes, dict[Hashable, _Counts | None]] = WeakKeyDictionary()


class Row(NamedTuple):
    """A row that fits, and the key of its form. Who keeps this keeps the row."""

    value: Any
    form: Hashable


# by the identity of rows, which nobody changes, their file and the name of their array
Rows = dict[tuple[int, str, str], Row]


def exercised(shapes: Shapes, file: str, body: Any, rows: Rows) -> _Counts | None:
    """How often ``body`` exercises which requirements; of like rows, one does. None where it does not fit the schema."""
    conditions = shapes.conditions(file)
    total = None if conditions is None else _by_form(shapes, file, conditions, body, rows)
    if total is None and shapes.validator(file).is_valid(body):
        total = _counted(shapes, file, thinned(body))
        if total is None:
            # with fewer rows it does not fit
            total = _counted(shapes, file, body)
    return total


def _by_form(shapes: Shapes, file: str, conditions: Conditions, body: Any, rows: Rows) -> _Counts | None:
    """The same by the forms of the parts; None where one of these does not fit alone."""
    known = _FORMS.setdefault(shapes, {})
    if len(known) > _MOST_FORMS:
        known.clear()
    name = _rows_at(conditions, body)
    frame = body if name is None else {**body, name: []}
    if not shapes.validator(file).is_valid(frame):
        return None
    own = file, "", conditions.form(frame, "", unlike)
    if own not in known:
        known[own] = _counted(shapes, file, thinned(frame))
    found = known[own]
    if name is None or found is None:
        return found
    seen = [_row(shapes, file, conditions, frame, name, row, rows) for row in body[name]]
    fitting = [row for row in seen if row is not None]
    if len(fitting) < len(seen):
        return None
    if len(fitting) > _LONG_ARRAY:
        fitting = list({_number(row.value): row for row in reversed(fitting)}.values())
    total = dict(found)
    for row in fitting:
        if row.form not in known:
            page = _counted(shapes, file, thinned({**frame, name: [row.value]}))
            known[row.form] = None if page is None else page - Counter(found)
        of_row = known[row.form]
        if of_row is None:
            return None
        for requirement, times in of_row.items():
            total[requirement] = total.get(requirement, 0) + times
    return total


def _rows_at(conditions: Conditions, body: Any) -> str | None:
    """The property of ``body`` whose rows exercise each for itself what they exercise."""
    if not isinstance(body, dict):
        return None
    return next((name for name in conditions.rows if isinstance(body.get(name), list)), None)


def _row(
    shapes: Shapes,
    file: str,
    conditions: Conditions,
    frame: dict[str, Any],
    name: str,
    value: Any,
    rows: Rows,
) -> Row | None:
    key = id(value), file, name
    if key not in rows or not isinstance(value, dict):
        if not shapes.validator(file).is_valid({**frame, name: [value]}):
            return None
        rows[key] = Row(value, (file, name, conditions.form(value, name, unlike)))
    return rows[key]


def _counted(shapes: Shapes, file: str, value: Any) -> Counter[str] | None:
    validator = shapes.validator(file)
    if not validator.is_valid(value):
        return None
    return Counter(observed_by(shapes, validator.evaluate(value).annotations(), Piece(value, str)))


def thinned(value: Any) -> Any:
    """``value`` with long arrays cut down to one element of each structure.

    Counting what a thousand like rows exercise costs forty times their validation and tells nothing more than one row.
    """
    if isinstance(value, dict):
        cut = {key: thinned(child) for key, child in value.items() if isinstance(child, dict | list)}
        return value if all(value[key] is child for key, child in cut.items()) else {**value, **cut}
    if not isinstance(value, list):
        return value
    few = [thinned(child) for child in unlike(value)]
    return value if len(few) == len(value) and all(map(operator.is_, value, few)) else few


def typical(shapes: Shapes, file: str, body: Any) -> Any:
    """``body`` with one row of each form: for what is exercised at all, more of them tell nothing."""
    conditions, thin = shapes.conditions(file), thinned(body)
    name = None if conditions is None else _rows_at(conditions, thin)
    if conditions is None or name is None or not shapes.validator(file).is_valid(thin):
        return thin
    rows = {conditions.form(row, name): row for row in reversed(thin[name])}
    return {**thin, name: list(rows.values())}


def unlike(rows: list[Any]) -> list[Any]:
    """One of ``rows`` of each structure where they are many."""
    if len(rows) <= _LONG_ARRAY:
        return rows
    return list({_number(row): row for row in reversed(rows)}.values())


# lists show the same rows again and again
_NUMBERS: Memo[int] = Memo()


def _number(row: Any) -> int:
    """What stands for the structure of a row."""
    return _NUMBERS.of(row, lambda: hash(_structure(row)))


def _structure(value: Any) -> Any:
    """Keys and types, and the values that conditions usually test: constants, booleans, nulls."""
    if isinstance(value, dict):
        return tuple((key, _structure(child)) for key, child in value.items())
    if isinstance(value, list):
        return frozenset(_structure(child) for child in value)
    if isinstance(value, str):
        return value if _CONSTANT.fullmatch(value) else ""
    return value if value is None or isinstance(value, bool) else type(value)


def observed_by(shapes: Shapes, units: Iterable[Mapping[str, Any]], piece: Piece) -> Iterator[str]:
    """The requirements of every subschema that was applied to a value it says something about."""
    for unit in units:
        notes = unit.get("annotations") or unit.get("droppedAnnotations")
        if not isinstance(notes, dict) or ANNOTATION not in notes:
            # `items` as a keyword has the address of its subschema
            continue
        if piece.place(unit["instanceLocation"]) is None:
            continue
        for identifier, typed in shapes.speaks(unit["schemaLocation"]):
            if typed and not _says_something(
                typed, pointer.first(piece.value, unit["instanceLocation"], default=_NOWHERE)
            ):
                continue
            yield identifier


def _says_something(keywords: frozenset[str], instance: Any) -> bool:
    if isinstance(instance, bool):
        return False
    kind = int if isinstance(instance, float) else type(instance)
    return not keywords.isdisjoint(KEYWORDS_OF.get(kind, frozenset()))
