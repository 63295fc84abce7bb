"""What decides which subschemas of a file apply to a value that fits it: its structure, and what conditions test.

Where a value is valid, ``properties``, ``items``, ``allOf`` and ``$ref`` apply to what is there. Only below ``if``, ``not``,
``anyOf`` and ``oneOf`` does more than presence and types of values count, and schemas say there what it is.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs

from batchproof.contract.schema_traversal import IN_PLACE, Child, Visit, children
from batchproof.json_values import Json

if TYPE_CHECKING:
    from batchproof.contract.shapes import Shapes

_CONDITIONS = frozenset({"if", "not", "anyOf", "oneOf"})
# the keywords into which it is looked
_READ = frozenset({*IN_PLACE, "not", "items", "additionalProperties", "properties"})
# what structure alone decides, and what says nothing at all
_STRUCTURAL = frozenset(
    {
        "type", "required", "dependentRequired", "minProperties", "maxProperties", "minItems", "maxItems",
        "$id", "$schema", "$defs", "$comment", "title", "description", "default", "deprecated", "examples",
    }
)  # fmt: skip
_OF_SCALARS = frozenset(
    {
        "pattern", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "multipleOf",
    }
)  # fmt: skip
_PLAIN = frozenset({"type", "items", "$comment", "title", "description", "x-requirement"})


class Conditions(NamedTuple):
    """What the conditions of one file test.

    ``constants`` are the scalars that a value may have to be, ``tests`` what those below a property of this name may have
    to meet. The rows of the arrays ``rows`` at the root are judged each by itself: no condition looks at several of them.
    """

    constants: frozenset[Hashable]
    tests: Mapping[str, Sequence[jsonschema_rs.Draft202012Validator]]
    rows: frozenset[str]

    def form(
        self, value: Json, name: str = "", few: Callable[[list[Json]], Iterable[Json]] = iter
    ) -> Hashable:
        """The same for two values, which stand at a property ``name`` and fit, only if the same subschemas apply to them.

        Of lists only those elements count that ``few`` leaves.
        """
        kind = type(value)
        if kind is dict:
            parts: list[Hashable] = [kind, *value]
            for key, child in value.items():
                # most values are texts that no condition looks at
                plain = type(child) is str and key not in self.tests and child not in self.constants
                parts.append(str if plain else self.form(child, key, few))
            return tuple(parts)
        if kind is list:
            return (kind, *[self.form(child, name, few) for child in few(value)])
        if value is None or kind is bool:
            return None if value is None else bool(value)
        if value in self.constants:
            return value, kind
        tests = [test.is_valid(value) for test in self.tests.get(name, ())]
        # 1.0 is an integer, too
        return (kind, kind is float and value.is_integer(), *tests)


def conditions_of(shapes: "Shapes", file: str) -> Conditions | None:
    """The conditions of ``file`` with all that it refers to; None where they may test what a form does not show."""
    reader = _Reader()
    try:
        for visit in shapes.traverse(file, _Under("", conditional=False), _under, once=True):
            reader.read(visit)
    except _OpaqueError:
        return None
    return Conditions(frozenset(reader.constants), dict(reader.tests), _rows(shapes, file))


class _OpaqueError(Exception):
    """A condition tests what a form does not show."""


class _Under(NamedTuple):
    """The property at which a subschema stands, and whether it stands below a condition."""

    name: str
    conditional: bool


def _under(visit: Visit[_Under], child: Child) -> _Under | None:
    if child.keyword not in _READ:
        return None
    name, conditional = visit.state
    if child.keyword in ("properties", "additionalProperties"):
        name = str(child.key or "")
    return _Under(name, conditional or child.keyword in _CONDITIONS)


class _Reader:
    def __init__(self) -> None:
        self.constants: set[Hashable] = set()
        self.tests: dict[str, list[jsonschema_rs.Draft202012Validator]] = defaultdict(list)

    def read(self, visit: Visit[_Under]) -> None:
        """Reads what a subschema itself says; raises ``_OpaqueError``."""
        for keyword, value in visit.schema.items():
            if keyword not in _READ and keyword not in _STRUCTURAL and not keyword.startswith("x-"):
                self._assertion(keyword, value, visit.state)

    def _assertion(self, keyword: str, value: Json, under: _Under) -> None:
        name, conditional = under
        if keyword in ("const", "enum"):
            values = value if keyword == "enum" else [value]
            if conditional and any(isinstance(item, dict | list) for item in values):
                raise _OpaqueError
            self.constants.update(values if conditional else ())
        elif keyword not in _OF_SCALARS or (conditional and not name):
            raise _OpaqueError
        elif conditional:
            self.tests[name].append(
                jsonschema_rs.Draft202012Validator({keyword: value}, validate_formats=True, offline=True)
            )


def _rows(shapes: "Shapes", file: str) -> frozenset[str]:
    """The properties of the root to which nothing but ``items`` applies, whatever else there is."""
    parts: dict[str, list[Json]] = defaultdict(list)
    for visit in shapes.traverse(file, True, lambda *_: True, ("allOf", "$ref")):
        if not _CONDITIONS.isdisjoint(visit.schema) or "additionalProperties" in visit.schema:
            return frozenset()
        for child in children(visit.schema, ("properties",)):
            parts[str(child.key)].append(child.schema)
    return frozenset(
        name
        for name, schemas in parts.items()
        if all(isinstance(schema, dict) and _PLAIN.issuperset(schema) for schema in schemas)
        and any("items" in schema for schema in schemas)
    )
