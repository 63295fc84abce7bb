"""The places of a request whose value may vary: where its schema carries ``x-generate``."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple
from urllib.parse import urljoin

from batchproof.contract import pointer
from batchproof.contract.keywords import GENERATE
from batchproof.contract.shapes import Shapes

Way = Literal["free", "open"]
_MISSING = object()


class Place(NamedTuple):
    """A subschema, by its evaluation path, and the place ``at`` which a request has, or may have, its value."""

    path: str
    at: str
    schema: dict[str, Any]
    way: Way


def places(shapes: Shapes, file: str, template: Any) -> list[Place]:
    """The places of ``file`` that ``template``, a valid request, has or could have; of an array the first element."""
    return list(_traverse(shapes, shapes.uri(file), shapes.document(file), "", "", template))


def _traverse(shapes: Shapes, uri: str, node: Any, path: str, at: str, value: Any) -> Iterator[Place]:
    if not isinstance(node, dict):
        return
    if GENERATE in node:
        yield Place(path, at, node, node[GENERATE])
    if "$ref" in node:
        address = urljoin(uri, node["$ref"])
        target = address.partition("#")[0]
        yield from _traverse(shapes, target, shapes.at(address), path + "/$ref", at, value)
    if isinstance(value, dict):
        for name, child in node.get("properties", {}).items():
            step = pointer.join([name])
            inner = value.get(name, _MISSING)
            yield from _traverse(shapes, uri, child, f"{path}/properties{step}", at + step, inner)
        for keyword in ("anyOf", "oneOf"):
            for index, branch in enumerate(node.get(keyword, [])):
                if _chosen(shapes, uri, branch, value):
                    yield from _traverse(shapes, uri, branch, f"{path}/{keyword}/{index}", at, value)
    if isinstance(value, list) and value and "items" in node:
        yield from _traverse(shapes, uri, node["items"], f"{path}/items", f"{at}/0", value[0])


def _chosen(shapes: Shapes, uri: str, branch: Any, value: dict[str, Any]) -> bool:
    """Whether ``value`` has what the branch requires, and it requires something."""
    target = shapes.at(urljoin(uri, branch["$ref"])) if "$ref" in branch else branch
    required = target.get("required", [])
    return bool(required) and all(name in value for name in required)
