"""What the schemas of a document say of a value at a glance: its properties, its kind, its elements."""

from collections.abc import Iterator

from batchproof.drafting.document import Document, Node
from batchproof.json_values import Json, JsonObject

_DEEPEST = 12
_ABOUT = frozenset(
    {
        "description",
        "title",
        "default",
        "example",
        "examples",
        "nullable",
        "deprecated",
        "readOnly",
        "writeOnly",
    }
)


class Look:
    """A look at a schema with all that applies beside it: what it refers to, and the parts that it combines.

    ``at`` and ``value`` are those of the schema that is meant, without the references and the null around it.
    """

    def __init__(self, document: Document, *nodes: Node) -> None:
        """Several ``nodes`` apply to the same value."""
        self._document = document
        meant = [_meant(document, node) for node in nodes]
        self.at = meant[0].at
        self.value: JsonObject = meant[0].value if isinstance(meant[0].value, dict) else {}
        self._parts = [part for node in meant for part in _parts(document, node, 0)]

    @property
    def properties(self) -> dict[str, "Look"]:
        """The properties that an object has."""
        found: dict[str, list[Node]] = {}
        for part in self._parts:
            for name, child in self._document.mapping(part.below("properties")).items():
                found.setdefault(name, []).append(child)
        return {name: Look(self._document, *nodes) for name, nodes in found.items()}

    @property
    def required(self) -> list[str]:
        """The properties that an object has to have."""
        names = [
            str(one.value) for part in self._parts for one in self._document.items(part.below("required"))
        ]
        return list(dict.fromkeys(names))

    @property
    def kind(self) -> str | None:
        """The type of a value, null aside; None where it may be of several, or of any."""
        written = self.first("type")
        types = [
            one for one in (written if isinstance(written, list) else [written]) if one not in (None, "null")
        ]
        if len(types) == 1:
            return str(types[0])
        return "object" if not types and any("properties" in part.value for part in self._parts) else None

    @property
    def elements(self) -> "Look | None":
        """The elements of an array; None where it is none, or nothing is said of them."""
        items = [part.below("items") for part in self._parts if isinstance(part.value.get("items"), dict)]
        return Look(self._document, *items) if items and self.kind == "array" else None

    @property
    def branches(self) -> list[Node]:
        """The alternatives of a choice."""
        return [
            one
            for part in self._parts
            for word in ("oneOf", "anyOf")
            for one in self._document.items(part.below(word))
            if not _is_null(one)
        ]

    def first(self, keyword: str) -> Json:
        """What the first part that has a keyword says; None where none does."""
        return next((part.value[keyword] for part in self._parts if keyword in part.value), None)

    def of(self, node: Node) -> "Look":
        """A look at another schema of the same document."""
        return Look(self._document, node)


def _meant(document: Document, node: Node) -> Node:
    """The schema behind references, single parts and choices between it and null, as long as nothing stands beside them."""
    for _ in range(_DEEPEST):
        schema = node.value
        if not isinstance(schema, dict):
            return node
        said = schema.keys() - _ABOUT
        if isinstance(schema.get("$ref"), str) and (said == {"$ref"} or document.is_30):
            node = document.target(node.below("$ref"))
            continue
        wrapped = [
            one
            for word in ("allOf", "anyOf", "oneOf")
            if said == {word}
            for one in document.items(node.below(word))
            if not _is_null(one)
        ]
        if len(wrapped) != 1:
            return node
        node = wrapped[0]
    return node


def _parts(document: Document, node: Node, deep: int) -> Iterator[Node]:
    if not isinstance(node.value, dict) or deep > _DEEPEST:
        return
    yield node
    if isinstance(node.value.get("$ref"), str):
        yield from _parts(document, document.target(node.below("$ref")), deep + 1)
    for part in document.items(node.below("allOf")):
        yield from _parts(document, _meant(document, part), deep + 1)


def _is_null(node: Node) -> bool:
    value: Json = node.value
    return isinstance(value, dict) and value.get("type") == "null"
