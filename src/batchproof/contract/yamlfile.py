"""YAML files as typed values.

PyYAML with libyaml: eight times as fast as the pure Python readers, and a contract is read at every start.
Its YAML 1.1 habits are taken away: ``on`` and ``no`` are strings, dates stay text, a key stands once.
"""

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from batchproof.contract.errors import ContractError

T = TypeVar("T")


class _Loader(yaml.CSafeLoader):
    """Reads scalars by the core schema of YAML 1.2 (section 10.3); refuses duplicate keys, and keys that are no text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key!r}", node.start_mark)
            if not isinstance(key, str):
                problem = f"key {key!r} is no text; put it in quotes"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return super().construct_mapping(node, deep=deep)


def _whole_number(loader: _Loader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


_TAG = "tag:yaml.org,2002:"
_OTHERWISE = (_TAG + "bool", _TAG + "timestamp", _TAG + "int")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OTHERWISE]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_TAG + "bool", re.compile("(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_TAG + "int", re.compile("[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_constructor(_TAG + "int", _whole_number)


def read_yaml(file: Path, kind: type[T]) -> T:
    """The content of ``file`` as a ``kind``. Raises ``ContractError`` naming file and key."""
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise ContractError(file, "", f"cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise ContractError(file, "", "is not YAML: " + " ".join(str(error).split())) from error
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        raise ContractError(
            file, path.rstrip("`").removeprefix("$").lstrip(".") or "top level", message
        ) from error
