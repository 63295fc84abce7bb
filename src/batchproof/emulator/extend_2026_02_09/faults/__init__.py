"""Planted defects. Each breaks the one documented statement that it names, and as few others as can be.

Most are planted into each of the four families of runs, from one function: see `table`.
"""

from . import (
    answers,
    batches,
    configs,
    creation,
    errors,
    fields,
    lists,
    outputs,
    parts,
    presence,
    runs,
    subtle,
)

__all__ = [
    "answers",
    "batches",
    "configs",
    "creation",
    "errors",
    "fields",
    "lists",
    "outputs",
    "parts",
    "presence",
    "runs",
    "subtle",
]
