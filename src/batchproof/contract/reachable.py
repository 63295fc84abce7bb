"""What a value that fits a schema can have below it: the subschemas that may apply there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from batchproof.contract import pointer, schema_traversal
from batchproof.contract.schema_traversal import IN_PLACE, traverse
from batchproof.contract.shapes import Shapes
from batchproof.json_values import Json, JsonObject

# a subschema that may apply to a value
Place: TypeAlias = schema_traversal.Place


class Reachable:
    """Follows the steps of a path through schemas. None means that the schemas leave open what there is."""

    def __init__(self, shapes: Shapes) -> None:
        """``shapes`` are those of one folder."""
        self._shapes = shapes

    def root(self, *files: str) -> list[Place]:
        """What a value that fits one of the ``files`` has to fit."""
        return [Place(self._shapes.uri(file), self._shapes.document(file)) for file in dict.fromkeys(files)]

    def property(self, places: Sequence[Place], name: str) -> list[Place] | None:
        """What may stand at the property ``name``: an empty list where no shape has it."""
        every = list(self._applying(places))
        listing = [node for _, node in every if "properties" in node]
        found: list[Place] = []
        for uri, node in every:
            if node.get("additionalProperties") is True or "propertyNames" in node:
                return None
            if name in node.get("properties", {}):
                found.append(Place(uri, _object(node["properties"][name])))
            elif any(re.search(pattern, name) for pattern in node.get("patternProperties", {})):
                return None
            elif isinstance(node.get("additionalProperties"), dict):
                found.append(Place(uri, node["additionalProperties"]))
        return found if found or listing else None

    def elements(self, places: Sequence[Place]) -> list[Place] | None:
        """What the elements of a list may be; None where that is left open, or there is no list."""
        found = [
            Place(uri, _object(node["items"])) for uri, node in self._applying(places) if "items" in node
        ]
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
        visits = traverse(places, True, lambda *_: True, at=self._shapes.at, keywords=IN_PLACE, once=True)
        return (Place(visit.base, visit.schema) for visit in visits)


def _object(schema: Json) -> JsonObject:
    """A subschema as keywords; ``true`` has none."""
    return schema if isinstance(schema, dict) else {}
