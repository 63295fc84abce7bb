"""What a schema says of each field, by its pointer: types, null, presence, values, form.

A keyword that holds only under a condition says less than one that always holds. Where a condition merely lets an
exception pass (``if`` with ``not`` and no ``else``, or no ``then``), what it guards is taken as what is documented:
a tolerated shape changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urljoin

from batchproof.contract.pointer import join
from batchproof.contract.schema_traversal import REFERENCE, Child, Visit
from batchproof.contract.shapes import Shapes
from batchproof.json_values import Json

ANY = "*"
# in the order in which fields are listed
_FOLLOWED = (
    "$ref", "properties", "items", "additionalProperties", "allOf", "anyOf", "oneOf", "then", "else",
)  # fmt: skip


class Field(NamedTuple):
    """One field of a shape. ``file`` is the schema file that describes it, where it is described in a file of its own.

    ``types`` are JSON types without null; none means any. ``values`` are those of an enum or const, without null.
    """

    pointer: str
    types: frozenset[str]
    nullable: bool
    required: bool
    values: tuple[Json, ...] | None
    form: str | None
    file: str | None

    @property
    def parent(self) -> str:
        """The pointer of what holds the field."""
        return self.pointer.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The last segment of the pointer."""
        return self.pointer.rpartition("/")[2]


@dataclass
class _Draft:
    """What was found of one field so far: what always holds, and what holds under a condition."""

    types: list[tuple[bool, frozenset[str]]] = field(default_factory=list)
    values: list[tuple[bool, tuple[Json, ...]]] = field(default_factory=list)
    required: set[str] = field(default_factory=set)
    form: str | None = None
    file: str | None = None


def fields(
    shapes: Shapes,
    file: str,
    *,
    given: Mapping[str, str] | None = None,
    apart: frozenset[str] = frozenset(),
) -> dict[str, Field]:
    """The fields of ``file`` by pointer; the root has the empty one, and ``*`` stands for elements and for names of a map.

    ``given`` are values that decide conditions, by pointer. Files in ``apart`` are named and not looked into.
    """
    drafts: dict[str, _Draft] = {}
    names = {shapes.uri(name): name for name in shapes.files}
    reader = _Reader(names, given or {}, apart, drafts)
    for visit in shapes.traverse(file, _About("", sure=True, typed=True), reader.about, _FOLLOWED):
        reader.read(visit)
    return {at: _field(at, draft, drafts) for at, draft in drafts.items()}


def _field(at: str, draft: _Draft, drafts: Mapping[str, _Draft]) -> Field:
    types = _settled(draft.types)
    values = _values(draft.values)
    parent, _, name = at.rpartition("/")
    nullable = "null" in types and (values is None or None in values)
    return Field(
        pointer=at,
        types=types - {"null"},
        nullable=nullable,
        required=bool(at) and name in drafts[parent].required,
        values=None if values is None else tuple(value for value in values if value is not None),
        form=draft.form,
        file=draft.file,
    )


def _settled(found: list[tuple[bool, frozenset[str]]]) -> frozenset[str]:
    """What always holds, all together; without that, whatever a condition allows."""
    always = [types for sure, types in found if sure]
    if always:
        return frozenset.intersection(*always) or always[0]
    return frozenset().union(*(types for _, types in found))


def _values(found: list[tuple[bool, tuple[Json, ...]]]) -> tuple[Json, ...] | None:
    always = [values for sure, values in found if sure]
    if always:
        return tuple(value for value in always[0] if all(value in others for others in always[1:]))
    return tuple(dict.fromkeys(value for _, values in found for value in values)) or None


class _About(NamedTuple):
    """The field that a subschema is about, whether it always applies, and whether its types count for more than a case."""

    at: str
    sure: bool
    typed: bool


class _Reader(NamedTuple):
    names: Mapping[str, str]
    given: Mapping[str, str]
    apart: frozenset[str]
    drafts: dict[str, _Draft]

    def read(self, visit: Visit[_About]) -> None:
        """Takes in what a subschema says of its field."""
        node, (at, sure, typed) = visit.schema, visit.state
        draft = self.drafts.setdefault(at, _Draft())
        if "type" in node:
            types = node["type"]
            draft.types.append((sure and typed, frozenset([types] if isinstance(types, str) else types)))
        if "const" in node:
            draft.values.append((sure, (node["const"],)))
        if "enum" in node:
            draft.values.append((sure, tuple(node["enum"])))
        if "format" in node:
            draft.form = node["format"]
        if sure:
            draft.required.update(node.get("required", ()))
        if at:
            draft.file = draft.file or self._file(visit)

    def about(self, visit: Visit[_About], child: Child) -> _About | None:
        """What a child is about; None where nothing is looked for."""
        at, sure, _ = here = visit.state
        match child.keyword:
            case "$ref":
                return None if at and self._file(visit) in self.apart else here
            case "properties":
                return _About(f"{at}{join([str(child.key)])}", sure, typed=True)
            case "items" | "additionalProperties":
                return _About(f"{at}/{ANY}", sure, typed=True)
            case "anyOf" | "oneOf":
                return _About(at, sure=False, typed=True)
            case "then" | "else":
                return self._branch(visit, child.keyword)
        return here

    def _file(self, visit: Visit[_About]) -> str | None:
        """The schema file to which a subschema refers as a whole."""
        if REFERENCE not in visit.schema:
            return None
        base, _, fragment = urljoin(visit.base, visit.schema[REFERENCE]).partition("#")
        return None if fragment else self.names.get(base)

    def _branch(self, visit: Visit[_About], branch: str) -> _About | None:
        node, (at, sure, _) = visit.schema, visit.state
        if "if" not in node:
            return None
        holds = self._holds(node["if"], at)
        if holds is None:
            exception = ("else" not in node and "not" in node["if"]) or "then" not in node
            return _About(at, sure and exception, typed=False)
        return _About(at, sure, typed=False) if branch == ("then" if holds else "else") else None

    def _holds(self, condition: Json, at: str) -> bool | None:
        """Whether a condition holds by what is given; None where that does not decide it."""
        if not isinstance(condition, dict):
            return None
        if condition.get("type") == "object" and "properties" not in condition:
            # fields below are those of an object, whatever else may stand there
            return True
        tests = {f"{at}{join([name])}": test for name, test in condition.get("properties", {}).items()}
        if not tests or not set(condition) <= {"properties", "required"} or not set(tests) <= set(self.given):
            return None
        return all(
            isinstance(test, dict) and self.given[where] in test.get("enum", [test.get("const")])
            for where, test in tests.items()
        )
