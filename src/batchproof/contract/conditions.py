"""What decides which subschemas of a file apply to a value that fits it: its structure, and what conditions test.

Where a value is valid, ``properties``, ``items``, ``allOf`` and ``$ref`` apply to what is there. Only below ``if``, ``not``,
``anyOf`` and ``oneOf`` does more than presence and types of values count, and schemas say there what it is.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

import jsonschema_rs

if TYPE_CHECKING:
    from batchproof.contract.shapes import Shapes

_CONDITIONS = frozenset({"if", "not", "anyOf", "oneOf"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf"})
_SINGLE = frozenset({"if", "then", "else", "not", "items", "additionalProperties"})
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

    constants: frozenset[Any]
    tests: Mapping[str, Sequence[jsonschema_rs.Draft202012Validator]]
    rows: frozenset[str]

    def form(self, value: Any, name: str = "", few: Callable[[list[Any]], Iterable[Any]] = iter) -> Hashable:
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
    reader = _Reader(shapes)
    try:
        reader.read(shapes.uri(file), shapes.document(file), "", conditional=False)
    except _OpaqueError:
        return None
    return Conditions(
        frozenset(reader.constants),
        dict(reader.tests),
        _rows(shapes, shapes.uri(file), shapes.document(file)),
    )


class _OpaqueError(Exception):
    """A condition tests what a form does not show."""


class _Reader:
    def __init__(self, shapes: "Shapes") -> None:
        self.constants: set[Any] = set()
        self.tests: dict[str, list[jsonschema_rs.Draft202012Validator]] = defaultdict(list)
        self._shapes = shapes
        self._seen: set[tuple[int, str, bool]] = set()

    def read(self, uri: str, node: Any, name: str, *, conditional: bool) -> None:
        """Reads a subschema that stands at a property ``name``; raises ``_OpaqueError``."""
        if not isinstance(node, dict) or (id(node), name, conditional) in self._seen:
            return
        self._seen.add((id(node), name, conditional))
        for keyword, value in node.items():
            inside = conditional or keyword in _CONDITIONS
            if keyword == "$ref":
                address = urljoin(uri, value)
                self.read(address.partition("#")[0], self._shapes.at(address), name, conditional=conditional)
            elif keyword == "properties":
                for key, child in value.items():
                    self.read(uri, child, key, conditional=conditional)
            elif keyword in _LISTS:
                for child in value:
                    self.read(uri, child, name, conditional=inside)
            elif keyword in _SINGLE:
                below = "" if keyword == "additionalProperties" else name
                self.read(uri, value, below, conditional=inside)
            elif keyword not in _STRUCTURAL and not keyword.startswith("x-"):
                self._assertion(keyword, value, name, conditional=conditional)

    def _assertion(self, keyword: str, value: Any, name: str, *, conditional: bool) -> None:
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


def _rows(shapes: "Shapes", uri: str, document: Any) -> frozenset[str]:
    """The properties of the root to which nothing but ``items`` applies, whatever else there is."""
    parts: dict[str, list[Any]] = defaultdict(list)
    pending = [(uri, document)]
    while pending:
        base, node = pending.pop()
        if not _CONDITIONS.isdisjoint(node) or "additionalProperties" in node:
            return frozenset()
        pending += [(base, child) for child in node.get("allOf", ()) if isinstance(child, dict)]
        if "$ref" in node:
            address = urljoin(base, node["$ref"])
            pending.append((address.partition("#")[0], shapes.at(address)))
        for name, child in node.get("properties", {}).items():
            parts[name].append(child)
    return frozenset(
        name
        for name, children in parts.items()
        if all(isinstance(child, dict) and _PLAIN.issuperset(child) for child in children)
        and any("items" in child for child in children)
    )
