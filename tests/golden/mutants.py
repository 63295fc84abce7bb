"""Response shapes with one keyword less: the mutants that the corpus has to tell from the originals."""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

import jsonschema_rs

from batchproof.contract import pointer
from batchproof.contract.shapes import Shapes, subschemas

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
    """The schema in ``file`` without one keyword, and without one element of a list, each in turn."""
    original = shapes.document(file)
    for at, node in subschemas(original):
        for keyword, value in node.items():
            if keyword in _SILENT:
                continue
            yield _without(file, original, at, keyword)
            if keyword in _LISTS and isinstance(value, list) and len(value) > 1:
                for index in range(len(value)):
                    yield _without(file, original, at + pointer.join([keyword]), index)


def mutated(shapes: Shapes, mutant: Mutant) -> Shapes:
    """The same folder of schemas, with the mutant in place of its original."""
    other = copy.copy(shapes)
    other.documents = {**shapes.documents, shapes.uri(mutant.file): mutant.document}
    other._registry = jsonschema_rs.Registry(list(other.documents.items()))
    other._validators = {}
    return other


def equivalent(shapes: Shapes, mutant: Mutant) -> bool:
    """Whether the mutant accepts exactly what its original accepts, as the canonical forms show."""
    original = shapes.document(mutant.file)
    return _canonical(shapes, original) == _canonical(shapes, mutant.document)


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


def _canonical(shapes: Shapes, document: Any) -> Any:
    return jsonschema_rs.canonicalize(
        document,
        draft=jsonschema_rs.Draft202012,
        validate_formats=True,
        registry=shapes._registry,
        base_uri=document["$id"],
        offline=True,
    )


def _without(file: str, original: Any, at: str, key: str | int) -> Mutant:
    document = copy.deepcopy(original)
    del pointer.first(document, at)[key]
    return Mutant(file, at + pointer.join([key]), document)
