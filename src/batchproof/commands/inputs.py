"""Files and folders that a command reads: one that cannot be read is told in one line before anything is done."""

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from batchproof.saying import fail

if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    # it takes no parameter in older versions of click
    _Type = click.ParamType


class Input(_Type):
    """A path that has to lead to something that can be read, and that is not empty.

    ``holds`` says what is expected there; ``kind`` is what it may be: a run is a folder or a file. Where ``names`` is given, a
    path without a suffix may be the name of a JSON file in that folder.
    """

    name = "path"

    def __init__(
        self,
        holds: str,
        *,
        kind: Literal["file", "folder", "run"] = "file",
        as_text: bool = False,
        names: Path | None = None,
    ) -> None:
        self._holds = holds
        self.kind = kind
        self._as_text = as_text
        self._names = names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """The path, if it can be used; ends the process otherwise."""
        file = Path(value)
        named = self._names is not None and not file.suffix and (self._names / f"{file.name}.json").is_file()
        if not named:
            wrong = self._wrong(file)
            if wrong is not None:
                fail(f"{file}: {_called(param)}: {wrong}; give {self._holds}")
        return value if self._as_text else file

    def _wrong(self, file: Path) -> str | None:
        try:
            found = file.stat()
        except FileNotFoundError:
            return "does not exist"
        except (OSError, ValueError) as error:
            return f"cannot be read ({getattr(error, 'strerror', None) or error})"
        is_folder = stat.S_ISDIR(found.st_mode)
        if is_folder and self.kind == "file":
            return "is a folder"
        if not is_folder and self.kind == "folder":
            return "is no folder"
        if not os.access(file, os.R_OK | (os.X_OK if is_folder else 0)):
            return "cannot be read (Permission denied)"
        # a pipe has no size
        if stat.S_ISREG(found.st_mode) and found.st_size == 0:
            return "is empty"
        return "is empty" if is_folder and not any(file.iterdir()) else None


def _called(param: click.Parameter | None) -> str:
    """What a person calls a parameter: the option that was typed, or the name of the argument."""
    if param is None:
        return "path"
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return (param.metavar or param.name or "").upper()
