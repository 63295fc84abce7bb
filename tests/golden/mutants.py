"""Response shapes with one keyword less: the mutants that the corpus has to tell from the originals."""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

import jsonschema_rs

from batchproof.contract import pointer
from batchproof.contract.schema_traversal import subschemas
from batchproof.contract.shapes import Shapes

# they say nothing about an instance; `$defs` is reached through the references to it
_SILENT = frozenset({"$schema", "$id", "$comment", "$defs", "title", "description", "x-requirement"})
# lists of which every element says something
_LISTS = frozenset({"required", "enum", "type", "allOf", "anyOf", "oneOf"})


class Mutant(NamedTuple):
    """``document`` is the schema in ``file`` without what stood at ``at``."""

    file: str
    at: str
    document: Any


def mutants(shapes: Shapes, file: str) -> Iterator[Mutant]:
    """The schema in ``file`` without one keyword, and without one element of a list or one forbidden property, each in turn."""
    original = shapes.document(file)
    for at, node in subschemas(original):
        for keyword, value in node.items():
            if keyword in _SILENT:
                continue
            yield _without(file, original, at, keyword)
            if keyword in _LISTS and isinstance(value, list) and len(value) > 1:
                for index in range(len(value)):
                    yield _without(file, original, at + pointer.join([keyword]), index)
            if keyword == "properties":
                for name in [name for name, child in value.items() if isinstance(child, bool)]:
                    yield _without(file, original, at + pointer.join([keyword]), name)


def mutated(shapes: Shapes, mutant: Mutant) -> Shapes:
    """The same folder of schemas, with the mutant in place of its original."""
    other = copy.copy(shapes)
    other.documents = {**shapes.documents, shapes.uri(mutant.file): mutant.document}
    other._registry = jsonschema_rs.Registry(list(other.documents.items()))
    other._validators = {}
    return other


def equivalent(shapes: Shapes, mutant: Mutant, levels: int | None = None) -> bool:
    """Whether the mutant accepts exactly what its original accepts, as canonical forms show.

    The innermost subschemas around the change, ``levels`` of them, are compared first: canonical forms of small
    schemas are exact, and cheap.
    """
    original = shapes.document(mutant.file)
    around = [at for at, _ in subschemas(original) if mutant.at.startswith(f"{at}/")]
    return any(
        _canonical(shapes, mutant.file, pointer.first(original, at))
        == _canonical(shapes, mutant.file, pointer.first(mutant.document, at))
        for at in around[::-1][:levels]
    )


def reaches(shapes: Shapes) -> dict[str, set[str]]:
    """For every schema file, the files that a validation against it can reach, itself included."""
    named = {shapes.uri(file): file for file in shapes.files}
    direct = {
        file: {
            named[urljoin(shapes.uri(file), node["$ref"]).partition("#")[0]]
            for _, node in subschemas(shapes.document(file))
            if "$ref" in node
        }
        for file in shapes.files
    }
    reached = {file: {file} for file in direct}
    for _ in direct:
        for seen in reached.values():
            seen |= {further for file in seen for further in direct[file]}
    return reached


def _canonical(shapes: Shapes, file: str, subschema: Any) -> Any:
    return jsonschema_rs.canonicalize(
        subschema,
        draft=jsonschema_rs.Draft202012,
        validate_formats=True,
        registry=shapes._registry,
        base_uri=shapes.uri(file),
        offline=True,
    )


def _without(file: str, original: Any, at: str, key: str | int) -> Mutant:
    document = copy.deepcopy(original)
    del pointer.first(document, at)[key]
    return Mutant(file, at + pointer.join([key]), document)
