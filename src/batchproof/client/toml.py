"""Reads the files that a user writes; what is wrong with one is told in one line."""

from pathlib import Path
from typing import TypeVar

import msgspec

from batchproof.client.errors import ConfigError

_T = TypeVar("_T")
_PLAIN_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a string",
    "bool": "true or false",
    "object": "a table",
    "array": "a list",
    "str | array": "a string or a list of strings",
    "date": "a date without quotes, as in 2026-12-31",
    "datetime": "a date with a time",
}


def decoded(path: Path, kind: type[_T], option: str) -> _T:
    """What the TOML in ``path``, which ``option`` names, says. Raises ``ConfigError``."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise ConfigError(
            path, "", f"cannot be read ({error.strerror}); give an existing file to {option}"
        ) from error
    except msgspec.ValidationError as error:
        message, _, at = str(error).partition(" - at `")
        raise ConfigError(
            path, at.rstrip("`").removeprefix("$").lstrip(".") or "top level", _remedy(message)
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(path, "", f"is not TOML: {error}") from error


def _remedy(message: str) -> str:
    unknown = message.removeprefix("Object contains unknown field `")
    if unknown != message:
        return f"unknown key {unknown.rstrip('`')!r}; remove it or see the README for the keys"
    missing = message.removeprefix("Object missing required field `")
    if missing != message:
        return f"has no {missing.rstrip('`')}; give one"
    for typed, plain in _PLAIN_TYPES.items():
        message = message.replace(f"`{typed}`", plain).replace(f"`{typed} | null`", plain)
    return f"{message[0].lower()}{message[1:]}; correct the value"
