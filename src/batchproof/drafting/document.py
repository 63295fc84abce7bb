"""An OpenAPI document: read, followed along its references, and refused in one line where it cannot be used."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import yaml

from batchproof.contract import ContractError, pointer
from batchproof.contract.schema_traversal import HELD
from batchproof.json_values import Json

_VERSION = re.compile(r"3\.[01](\.[0-9]+)?")
_MOST_REFERENCES = 50
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.CSafeLoader):
    """YAML as OpenAPI means it: dates are text, and so are ``on`` and ``no``."""


def _whole_number(loader: _Loader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] not in (_TAG + "bool", _TAG + "timestamp", _TAG + "int")]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_TAG + "bool", re.compile("(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_TAG + "int", re.compile("[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_constructor(_TAG + "int", _whole_number)


class Node(NamedTuple):
    """A value of the document, with the JSON Pointer to it."""

    value: Json
    at: str

    def below(self, *steps: str | int) -> "Node":
        """What ``steps`` lead to; None as its value where that is not there."""
        return Node(pointer.first(self.value, pointer.join(steps)), self.at + pointer.join(steps))


class Document:
    """One OpenAPI 3.0 or 3.1 document. Whatever is wrong with it raises ``ContractError``: file, pointer, remedy."""

    def __init__(self, file: Path) -> None:
        """Reads ``file``, JSON or YAML."""
        self.file = file
        self.root: Json = self._read()
        if not isinstance(self.root, dict):
            raise ContractError(file, "", "is no OpenAPI document; it has to be an object with `openapi`")
        if "swagger" in self.root:
            raise self.error(
                "/swagger", f"is version {self.root['swagger']!r}; convert the document to OpenAPI 3.0 or 3.1"
            )
        self.version = str(self.root.get("openapi", ""))
        if not _VERSION.fullmatch(self.version):
            raise self.error("/openapi", f"is {self.version!r}; OpenAPI 3.0 and 3.1 are read")
        self.is_30 = self.version.startswith("3.0")

    def error(self, at: str, remedy: str) -> ContractError:
        """The line that says what is wrong at a place, and what to do."""
        return ContractError(self.file, at, remedy)

    def at(self, *steps: str) -> Node:
        """What ``steps`` lead to from the top."""
        return Node(self.root, "").below(*steps)

    def mapping(self, node: Node) -> dict[str, Node]:
        """The entries of an object; none where there is nothing."""
        if node.value is None:
            return {}
        if not isinstance(node.value, Mapping):
            raise self.error(node.at, f"is {_kind(node.value)}; write an object with keys and values")
        return {name: Node(child, node.at + pointer.join([name])) for name, child in node.value.items()}

    def items(self, node: Node) -> list[Node]:
        """The elements of a list; none where there is nothing."""
        if node.value is None:
            return []
        if not isinstance(node.value, list):
            raise self.error(node.at, f"is {_kind(node.value)}; write a list")
        return [Node(child, node.at + pointer.join([index])) for index, child in enumerate(node.value)]

    def held(self, node: Node, keyword: str) -> list[tuple[str | int | None, Node]]:
        """The schemas that a schema holds by ``keyword``, each with its name or index where there may be several."""
        inside = node.below(keyword)
        match HELD[keyword]:
            case "map":
                return [(name, child) for name, child in self.mapping(inside).items()]
            case "list":
                return list(enumerate(self.items(inside)))
            case "one":
                return [(None, inside)] if keyword in node.value else []

    def resolved(self, node: Node) -> Node:
        """``node``, or what it refers to in the end."""
        for _ in range(_MOST_REFERENCES):
            if not isinstance(node.value, dict) or not isinstance(node.value.get("$ref"), str):
                return node
            node = self.target(Node(node.value["$ref"], node.at + "/$ref"))
        raise self.error(node.at, "is a reference that leads back to itself; write the value out")

    def target(self, reference: Node) -> Node:
        """What a ``$ref`` names."""
        base, _, fragment = str(reference.value).partition("#")
        if base:
            remedy = f"{reference.value!r} leads to another file; bundle the document into one file"
            raise self.error(reference.at, remedy)
        at = unquote(fragment)
        found = pointer.first(self.root, at, _NOWHERE) if at[:1] in ("", "/") else _NOWHERE
        if found is _NOWHERE:
            remedy = f"{reference.value!r} leads nowhere; correct it, or add what it names"
            raise self.error(reference.at, remedy)
        return Node(found, at)

    def _read(self) -> Json:
        try:
            text = self.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            described = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise ContractError(self.file, "", f"cannot be read: {described}") from error
        if text.lstrip().startswith("{"):
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                # YAML may begin with a brace, too
                pass
        try:
            # safe: a subclass of the safe loader
            return _with_text_keys(yaml.load(text, Loader=_Loader), ())  # noqa: S506
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            where = f"line {mark.line + 1}" if mark is not None else ""
            described = " ".join(str(error.problem or error.context).split())
            raise ContractError(
                self.file, where, f"is neither JSON nor YAML: {described}; correct it there"
            ) from error
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            described = " ".join(str(error).split())
            raise ContractError(
                self.file, "", f"is neither JSON nor YAML: {described}; export it again"
            ) from error


_NOWHERE = object()


def _with_text_keys(value: Json, above: tuple[int, ...]) -> Json:
    """``value`` with keys as JSON has them: a status such as 200 is a number to YAML."""
    if id(value) in above:
        raise ValueError("an anchor leads back to itself")
    if isinstance(value, dict):
        return {_text(key): _with_text_keys(child, (*above, id(value))) for key, child in value.items()}
    if isinstance(value, list):
        return [_with_text_keys(child, (*above, id(value))) for child in value]
    return value


def _text(key: object) -> str:
    return key if isinstance(key, str) else json.dumps(key)


def _kind(value: Json) -> str:
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else json.dumps(value)
