"""What a schema says of each field, by its pointer: types, null, presence, values, form.

A keyword that holds only under a condition says less than one that always holds. Where a condition merely lets an
exception pass (``if`` with ``not`` and no ``else``, or no ``then``), what it guards is taken as what is documented:
a tolerated shape changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urljoin

from batchproof.contract.pointer import join
from batchproof.contract.shapes import Shapes

ANY = "*"
_SINGLE = ("items", "additionalProperties")


class Field(NamedTuple):
    """One field of a shape. ``file`` is the schema file that describes it, where it is described in a file of its own.

    ``types`` are JSON types without null; none means any. ``values`` are those of an enum or const, without null.
    """

    pointer: str
    types: frozenset[str]
    nullable: bool
    required: bool
    values: tuple[Any, ...] | None
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
    values: list[tuple[bool, tuple[Any, ...]]] = field(default_factory=list)
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
    traversal = _Traversal(shapes, names, given or {}, apart, drafts)
    traversal.node(shapes.uri(file), shapes.document(file), "", sure=True, above=())
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


def _values(found: list[tuple[bool, tuple[Any, ...]]]) -> tuple[Any, ...] | None:
    always = [values for sure, values in found if sure]
    if always:
        return tuple(value for value in always[0] if all(value in others for others in always[1:]))
    return tuple(dict.fromkeys(value for _, values in found for value in values)) or None


class _Traversal(NamedTuple):
    shapes: Shapes
    names: Mapping[str, str]
    given: Mapping[str, str]
    apart: frozenset[str]
    drafts: dict[str, _Draft]

    def node(
        self, uri: str, node: Any, at: str, *, sure: bool, above: tuple[str, ...], typed: bool = True
    ) -> None:
        """Takes in what ``node`` says of the field at ``at``; its types count for no more than a case if not ``typed``."""
        if not isinstance(node, dict):
            return
        draft = self.drafts.setdefault(at, _Draft())
        self._keywords(draft, node, sure=sure, typed=typed)
        if "$ref" in node:
            self._reference(uri, node["$ref"], at, sure=sure, above=above, typed=typed)
        for name, child in node.get("properties", {}).items():
            self.node(uri, child, at + join([name]), sure=sure, above=above)
        for keyword in _SINGLE:
            if isinstance(node.get(keyword), dict):
                self.node(uri, node[keyword], f"{at}/{ANY}", sure=sure, above=above)
        for child in node.get("allOf", []):
            self.node(uri, child, at, sure=sure, above=above, typed=typed)
        for keyword in ("anyOf", "oneOf"):
            for child in node.get(keyword, []):
                self.node(uri, child, at, sure=False, above=above)
        self._condition(uri, node, at, sure=sure, above=above)

    def _keywords(self, draft: _Draft, node: Mapping[str, Any], *, sure: bool, typed: bool) -> None:
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

    def _reference(
        self, uri: str, reference: str, at: str, *, sure: bool, above: tuple[str, ...], typed: bool
    ) -> None:
        address = urljoin(uri, reference)
        base, _, fragment = address.partition("#")
        name = None if fragment else self.names.get(base)
        if at and name is not None:
            self.drafts[at].file = self.drafts[at].file or name
            if name in self.apart:
                return
        if address not in above:
            self.node(base, self.shapes.at(address), at, sure=sure, above=(*above, address), typed=typed)

    def _condition(
        self, uri: str, node: Mapping[str, Any], at: str, *, sure: bool, above: tuple[str, ...]
    ) -> None:
        if "if" not in node:
            return
        holds = self._holds(node["if"], at)
        if holds is None:
            exception = ("else" not in node and "not" in node["if"]) or "then" not in node
            branches = [(name, sure and exception) for name in ("then", "else")]
        else:
            branches = [("then" if holds else "else", sure)]
        for name, certain in branches:
            self.node(uri, node.get(name), at, sure=certain, above=above, typed=False)

    def _holds(self, condition: Any, at: str) -> bool | None:
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
