"""A subschema in words that stand alone: references are followed, and what other rows state is named."""

from typing import NamedTuple
from urllib.parse import urljoin

from batchproof.contract.schema_traversal import HELD, REFERENCE, Child, rebuilt
from batchproof.contract.shapes import ANNOTATION, Shapes, ids_of
from batchproof.json_values import Json

_SILENT = frozenset({"$schema", "$id", "$comment", "title", "description", ANNOTATION})


def expanded(shapes: Shapes, base: str, node: Json, identifier: str) -> Json:
    """``node`` without references and annotations; subschemas that only other requirements state become their names.

    ``base`` is the address of the file that ``node`` stands in.
    """
    return _Text(shapes, identifier).inside(base, node, ())


class _Text(NamedTuple):
    shapes: Shapes
    identifier: str

    def inside(self, base: str, node: Json, above: tuple[str, ...]) -> Json:
        if not isinstance(node, dict):
            return node

        def child_in_words(child: Child) -> Json:
            # the parts of a choice or combination are told even where other rows own them
            part = HELD[child.keyword] == "list"
            return (self.inside if part else self._named_or_inside)(base, child.schema, above)

        own = {
            keyword: value
            for keyword, value in rebuilt(node, child_in_words).items()
            if keyword not in _SILENT and keyword != REFERENCE
        }
        if REFERENCE not in node:
            return own
        target = self._target(base, node[REFERENCE], above)
        if not isinstance(target, dict) or set(target) & set(own):
            return {**own, "allOf": [*own.get("allOf", []), target]} if own else target
        return {**target, **own}

    def _target(self, base: str, reference: str, above: tuple[str, ...]) -> Json:
        location = urljoin(base, reference)
        location = location if "#" in location else location + "#"
        if location in above:
            return f"{reference} again"
        node = self.shapes.at(location)
        return self._named_or_inside(location.partition("#")[0], node, (*above, location))

    def _named_or_inside(self, base: str, node: Json, above: tuple[str, ...]) -> Json:
        if isinstance(node, dict) and ANNOTATION in node:
            owners = ids_of(node[ANNOTATION])
            if self.identifier not in owners:
                return f"what {', '.join(sorted(owners))} says"
        return self.inside(base, node, above)
