"""What the schemas of a document say of a value at a glance: its properties, its kind, its elements."""

from typing import Any

from batchproof.drafting.document import Document, Node

_DEEPEST = 12
_FIRST_OF = ("anyOf", "oneOf")


def properties(document: Document, node: Node, deep: int = 0) -> dict[str, Node]:
    """The properties that an object has, those of all parts that it combines among them."""
    found = document.resolved(node)
    if not isinstance(found.value, dict) or deep > _DEEPEST:
        return {}
    names = document.mapping(found.below("properties"))
    for part in document.items(found.below("allOf")):
        names = {**properties(document, part, deep + 1), **names}
    return names


def required(document: Document, node: Node, deep: int = 0) -> list[str]:
    """The properties that an object has to have."""
    found = document.resolved(node)
    if not isinstance(found.value, dict) or deep > _DEEPEST:
        return []
    names = [str(one.value) for one in document.items(found.below("required"))]
    for part in document.items(found.below("allOf")):
        names += required(document, part, deep + 1)
    return list(dict.fromkeys(names))


def plain(document: Document, node: Node) -> Node:
    """The schema that matters: without the reference, the single part or the null around it."""
    found = document.resolved(node)
    for _ in range(_DEEPEST):
        if not isinstance(found.value, dict):
            return found
        parts = document.items(found.below("allOf"))
        if len(parts) == 1 and "properties" not in found.value:
            found = document.resolved(parts[0])
            continue
        branches = [one for word in _FIRST_OF for one in document.items(found.below(word)) if not _is_null(one)]
        if len(branches) == 1:
            found = document.resolved(branches[0])
            continue
        break
    return found


def kind(document: Document, node: Node) -> str | None:
    """The type of a value, null aside; None where it may be of several, or of any."""
    found = plain(document, node)
    if not isinstance(found.value, dict):
        return None
    written = found.value.get("type")
    types = [one for one in (written if isinstance(written, list) else [written]) if one not in (None, "null")]
    if len(types) == 1:
        return str(types[0])
    if not types and properties(document, found):
        return "object"
    return None


def elements(document: Document, node: Node) -> Node | None:
    """The schema of the elements of an array; None where it is none, or says nothing of them."""
    found = plain(document, node)
    if kind(document, found) != "array" or not isinstance(found.value.get("items"), dict):
        return None
    return plain(document, found.below("items"))


def _is_null(node: Node) -> bool:
    value: Any = node.value
    return isinstance(value, dict) and value.get("type") == "null"
