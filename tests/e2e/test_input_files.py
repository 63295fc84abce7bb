"""Every file and folder that a command reads: one that cannot be used is one line, which names it, the option and a remedy."""

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest

from batchproof.cli import COMMANDS
from batchproof.commands.inputs import Input
from batchproof.places import schemas_dir
from tests.conftest import in_this_process

# what a command writes, or makes; a contract is an id or a folder, and is told by its loader
WRITTEN = {"--output", "--markdown", "--json", "--schemas"}


class Asked(NamedTuple):
    """A parameter that takes a path: how it is typed, and what it may be."""

    command: tuple[str, ...]
    option: str | None
    called: str
    kind: str


def commands(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, (*path, name))
    else:
        yield path, command


def all_parameters() -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    for name in COMMANDS:
        module = importlib.import_module(f"batchproof.commands.{name}")
        for path, command in commands(getattr(module, f"{name}_command"), (name,)):
            yield from ((path, parameter) for parameter in command.params)


def asked() -> list[Asked]:
    found = []
    for command, parameter in all_parameters():
        if isinstance(parameter.type, Input):
            option = max(parameter.opts, key=len) if isinstance(parameter, click.Option) else None
            called = option or (parameter.metavar or parameter.name or "").upper()
            found.append(Asked(command, option, called, parameter.type.kind))
    return found


def test_every_parameter_that_takes_a_path_is_checked() -> None:
    unchecked = {
        (" ".join(command), parameter.opts[0])
        for command, parameter in all_parameters()
        if not isinstance(parameter.type, Input)
        and (isinstance(parameter.type, click.Path) or parameter.metavar in ("FILE", "DIR", "DIR..."))
        and not WRITTEN & set(parameter.opts)
    }
    assert unchecked == set()
    assert len(asked()) >= 39


def empty(path: Path, kind: str) -> None:
    path.mkdir() if kind == "folder" else path.write_bytes(b"")


def folder(path: Path, kind: str) -> None:
    """Something of the wrong kind."""
    path.write_text("x") if kind == "folder" else path.mkdir()


def unreadable(path: Path, kind: str) -> None:
    path.mkdir() if kind == "folder" else path.write_text("x")


WRONG: dict[str, tuple[Callable[[Path, str], Any], str]] = {
    "missing": (lambda path, kind: None, "does not exist"),
    "empty": (empty, "is empty"),
    "other": (folder, "is "),
    "unreadable": (unreadable, "cannot be read (Permission denied)"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("one", asked(), ids=lambda one: " ".join((*one.command, one.called)))
def test_an_input_that_cannot_be_used_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: Asked, wrong: str
) -> None:
    make, described = WRONG[wrong]
    path = tmp_path / "given.x"
    make(path, one.kind)
    if wrong == "unreadable":
        # whoever runs the tests may be allowed to read everything
        monkeypatch.setattr(os, "access", lambda file, _: file != path)
    line = f"{one.called}: {described}"
    # the first of two runs can be read
    before = (one.option,) if one.option else ("schemas",) if one.called == "RUN_B" else ()
    (tmp_path / "schemas").symlink_to(schemas_dir())
    done = in_this_process([*one.command, *before, str(path)], tmp_path, dict(os.environ))
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert done.err.startswith(f"batchproof: {path}: {line}")
    assert "; give " in done.err
    assert sorted(file.name for file in tmp_path.iterdir()) == (
        ["schemas"] if wrong == "missing" else ["given.x", "schemas"]
    )
