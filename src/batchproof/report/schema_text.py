"""A subschema in words that stand alone: references are followed, and what other rows state is named."""

from typing import Any
from urllib.parse import urljoin

from batchproof.contract.shapes import ANNOTATION, Shapes, ids_of

_SILENT = frozenset({"$schema", "$id", "$comment", "title", "description", ANNOTATION})


def expanded(shapes: Shapes, base: str, node: Any, identifier: str) -> Any:
    """``node`` without references and annotations; subschemas that only other requirements state become their names.

    ``base`` is the address of the file that ``node`` stands in.
    """
    return _inside(shapes, base, node, identifier, ())


def _inside(shapes: Shapes, base: str, node: Any, identifier: str, above: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_inside(shapes, base, item, identifier, above) for item in node]
    if not isinstance(node, dict):
        return node
    own: dict[str, Any] = {}
    for keyword, value in node.items():
        if keyword in ("properties", "patternProperties", "$defs", "dependentSchemas"):
            own[keyword] = {
                name: _child(shapes, base, child, identifier, above) for name, child in value.items()
            }
        elif keyword in {"enum", "const"}:
            own[keyword] = value
        elif keyword not in _SILENT and keyword != "$ref":
            own[keyword] = _child(shapes, base, value, identifier, above)
    if "$ref" not in node:
        return own
    target = _target(shapes, base, node["$ref"], identifier, above)
    if not isinstance(target, dict) or set(target) & set(own):
        return {**own, "allOf": [*own.get("allOf", []), target]} if own else target
    return {**target, **own}


def _child(shapes: Shapes, base: str, node: Any, identifier: str, above: tuple[str, ...]) -> Any:
    if isinstance(node, dict) and ANNOTATION in node and identifier not in ids_of(node[ANNOTATION]):
        return _named(node)
    return _inside(shapes, base, node, identifier, above)


def _target(shapes: Shapes, base: str, reference: str, identifier: str, above: tuple[str, ...]) -> Any:
    location = urljoin(base, reference)
    location = location if "#" in location else location + "#"
    if location in above:
        return f"{reference} again"
    node = shapes.at(location)
    if isinstance(node, dict) and ANNOTATION in node and identifier not in ids_of(node[ANNOTATION]):
        return _named(node)
    return _inside(shapes, location.partition("#")[0], node, identifier, (*above, location))


def _named(node: dict[str, Any]) -> str:
    return "what " + ", ".join(sorted(ids_of(node[ANNOTATION]))) + " says"
