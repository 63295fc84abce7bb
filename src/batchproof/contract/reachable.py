"""What a value that fits a schema can have below it: the subschemas that may apply there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urljoin

from batchproof.contract import pointer
from batchproof.contract.shapes import Shapes

# an address and a subschema that may apply to a value
Place = tuple[str, dict[str, Any]]
_ALTERNATIVES = ("allOf", "anyOf", "oneOf")
_SINGLE = ("if", "then", "else")


class Reachable:
    """Follows the steps of a path through schemas. None means that the schemas leave open what there is."""

    def __init__(self, shapes: Shapes) -> None:
        """``shapes`` are those of one folder."""
        self._shapes = shapes

    def root(self, *files: str) -> list[Place]:
        """What a value that fits one of the ``files`` has to fit."""
        return [(self._shapes.uri(file), self._shapes.document(file)) for file in dict.fromkeys(files)]

    def property(self, places: Sequence[Place], name: str) -> list[Place] | None:
        """What may stand at the property ``name``: an empty list where no shape has it."""
        every = list(self._applying(places))
        listing = [node for _, node in every if "properties" in node]
        found: list[Place] = []
        for uri, node in every:
            if node.get("additionalProperties") is True or "propertyNames" in node:
                return None
            if name in node.get("properties", {}):
                found.append((uri, _object(node["properties"][name])))
            elif any(re.search(pattern, name) for pattern in node.get("patternProperties", {})):
                return None
            elif isinstance(node.get("additionalProperties"), dict):
                found.append((uri, node["additionalProperties"]))
        return found if found or listing else None

    def elements(self, places: Sequence[Place]) -> list[Place] | None:
        """What the elements of a list may be; None where that is left open, or there is no list."""
        found = [(uri, _object(node["items"])) for uri, node in self._applying(places) if "items" in node]
        return found or None

    def at(self, places: Sequence[Place], path: str) -> list[Place] | None:
        """What may stand at a pointer."""
        found: list[Place] | None = list(places)
        for step in pointer.parse(path):
            if not found:
                return found
            elements = self.elements(found) if step == "*" or step.isdigit() else None
            if step == "*" and elements is None:
                return None
            found = elements if elements is not None else self.property(found, step)
        return found

    def names(self, places: Sequence[Place]) -> list[str]:
        """The properties that the schemas name."""
        return list(
            dict.fromkeys(name for _, node in self._applying(places) for name in node.get("properties", {}))
        )

    def _applying(self, places: Iterable[Place]) -> Iterator[Place]:
        pending, seen = list(places), set[int]()
        while pending:
            uri, node = pending.pop(0)
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield uri, node
            if "$ref" in node:
                address = urljoin(uri, node["$ref"])
                pending.append((address.partition("#")[0], _object(self._shapes.at(address))))
            for keyword in _ALTERNATIVES:
                pending += [(uri, _object(child)) for child in node.get(keyword, ())]
            pending += [(uri, _object(node[keyword])) for keyword in _SINGLE if keyword in node]


def _object(schema: Any) -> dict[str, Any]:
    """A subschema as keywords; ``true`` has none."""
    return schema if isinstance(schema, dict) else {}
