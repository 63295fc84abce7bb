"""Templates: every placeholder is known, and what it names is declared."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from batchproof.contract.model import Manifest
from batchproof.contract.placeholders import PLACEHOLDERS, alone
from batchproof.contract.problems import Problem, Step, undeclared


def check_template(
    file: Path, key: str, value: Any, manifest: Manifest, at: tuple[Step, ...]
) -> Iterator[Problem]:
    """Everything that does not fit."""
    for within, node in _nodes(value):
        here = (*at, *within)
        found = alone(node)
        if found is not None and found[0] not in PLACEHOLDERS:
            remedy = f"{found[0]} is no place of a template; use one of: {', '.join(PLACEHOLDERS)}"
            yield Problem(file, key, remedy, (*here, found[0]))
        for name, placeholder in PLACEHOLDERS.items():
            if name not in node:
                continue
            argument, place = node[name], (*here, name)
            wrong = placeholder.wrong(argument)
            if wrong is not None:
                yield Problem(file, key, wrong, place)
            if placeholder.section is not None and not isinstance(argument, str):
                yield Problem(file, key, f"{name} takes the name of a {placeholder.what}", place)
            elif placeholder.section is not None:
                declared = placeholder.declared(manifest)
                yield from undeclared(file, key, argument, declared, placeholder.what, place)


def _nodes(value: Any, at: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], dict[str, Any]]]:
    if isinstance(value, dict):
        yield at, value
        for key, child in value.items():
            yield from _nodes(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _nodes(child, (*at, index))
