"""YAML files as typed values.

ruamel.yaml reads YAML 1.2, where ``on`` and ``no`` are strings, and refuses duplicate keys.
"""

from pathlib import Path
from typing import TypeVar

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from batchproof.contract.errors import ContractError

T = TypeVar("T")


def read_yaml(file: Path, kind: type[T]) -> T:
    """The content of ``file`` as a ``kind``. Raises ``ContractError`` naming file and key."""
    try:
        data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContractError(file, "", f"cannot be read: {error.strerror}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise ContractError(file, "", "is not YAML: " + " ".join(str(error).split())) from error
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        raise ContractError(
            file, path.rstrip("`").removeprefix("$").lstrip(".") or "top level", message
        ) from error
