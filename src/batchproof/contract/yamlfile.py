"""YAML files as data and as typed values.

PyYAML with libyaml: eight times as fast as the pure Python readers, and a contract is read at every start.
Its YAML 1.1 habits are taken away: ``on`` and ``no`` are strings, dates stay text, a key stands once, nothing is merged.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
import yaml

from batchproof.contract.errors import ContractError
from batchproof.contract.problems import Problem, Step
from batchproof.json_values import Json

T = TypeVar("T")
_MERGE = (
    "merge keys (<<) are not read; write the keys out, say it for several families with `for`, "
    "or give a whole value an anchor: `key: &name …` and `key: *name`"
)
_CIRCLE = "is an anchor that leads back to itself; write the value out"


class _Loader(yaml.CSafeLoader):
    """Reads scalars by the core schema of YAML 1.2 (section 10.3)."""


def _whole_number(loader: _Loader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


_TAG = "tag:yaml.org,2002:"
_OTHERWISE = (_TAG + "bool", _TAG + "timestamp", _TAG + "int", _TAG + "merge", _TAG + "value")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OTHERWISE]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_TAG + "bool", re.compile("(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_TAG + "int", re.compile("[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_constructor(_TAG + "int", _whole_number)


class Read(NamedTuple):
    """What a file holds, without what is wrong in it as YAML. ``data`` is None where nothing of it could be read."""

    file: Path
    data: Json
    problems: list[Problem]


def read(file: Path) -> Read:
    """The content of ``file`` as far as it can be read, with everything that is wrong with it as YAML."""
    problems: list[Problem] = []
    try:
        loader = _Loader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if node is None:
            return Read(file, None, [Problem(file, "", "is empty; write its content, or remove the file")])
        problems = list(_cleaned(file, node, (), frozenset()))
        return Read(file, loader.construct_document(node), problems)
    except OSError as error:
        remedy, mark = f"cannot be read: {error.strerror}", None
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        mark = (at.line + 1, at.column + 1) if at is not None else None
        remedy = "is not YAML: " + ", ".join(said for said in (error.context, error.problem) if said)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        remedy, mark = "is not YAML: " + " ".join(str(error).split()), None
    return Read(file, None, [*problems, Problem(file, "", remedy, mark=mark)])


def _cleaned(file: Path, node: yaml.Node, at: tuple[Step, ...], above: frozenset[int]) -> Iterator[Problem]:
    """The problems of keys and anchors below ``node``, which are taken out."""
    above |= {id(node)}
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            if id(child) in above:
                yield _problem(file, child, (*at, index), _CIRCLE)
            else:
                yield from _cleaned(file, child, (*at, index), above)
        node.value = [child for child in node.value if id(child) not in above]
    elif isinstance(node, yaml.MappingNode):
        entries: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            wrong = _wrong_key(key, entries)
            if wrong is not None:
                yield _problem(file, key, at, wrong)
            elif id(value) in above:
                yield _problem(file, key, (*at, key.value), _CIRCLE)
            else:
                entries[key.value] = key, value
                yield from _cleaned(file, value, (*at, key.value), above)
        node.value = list(entries.values())


def _problem(file: Path, node: yaml.Node, at: tuple[Step, ...], remedy: str) -> Problem:
    mark = (node.start_mark.line + 1, node.start_mark.column + 1)
    return Problem(file, ".".join(map(str, at)), remedy, at, mark)


def _wrong_key(key: yaml.Node, entries: dict[str, tuple[yaml.Node, yaml.Node]]) -> str | None:
    if not isinstance(key, yaml.ScalarNode) or key.tag != _TAG + "str":
        described = key.value if isinstance(key, yaml.ScalarNode) else "that is a list or has keys"
        return f"key {described} is no text; put it in quotes"
    if key.value == "<<" and not key.style:
        return _MERGE
    if key.value in entries:
        line = entries[key.value][0].start_mark.line + 1
        return f"duplicate key {key.value!r}, which stands in line {line} already; remove one of them"
    return None


def read_yaml(file: Path, kind: type[T]) -> T:
    """The content of ``file`` as a ``kind``. Raises ``ContractError`` naming file and key."""
    found = read(file)
    if found.problems:
        raise found.problems[0].error()
    try:
        return msgspec.convert(found.data, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        raise ContractError(
            file, path.rstrip("`").removeprefix("$").lstrip(".") or "top level", message
        ) from error
