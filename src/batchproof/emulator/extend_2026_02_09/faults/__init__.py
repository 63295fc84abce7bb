"""Planted defects. Each breaks the one documented statement that it names, and as few others as can be.

Most are planted into each of the four families of runs, from one function: see `table`.
"""

from . import (
    answers,
    batches,
    codes,
    configs,
    creation,
    embedded,
    errors,
    facts,
    fields,
    ids,
    inputs,
    lasting,
    lists,
    outputs,
    paging,
    parts,
    presence,
    queries,
    runs,
    subtle,
    times,
)

__all__ = [
    "answers",
    "batches",
    "codes",
    "configs",
    "creation",
    "embedded",
    "errors",
    "facts",
    "fields",
    "ids",
    "inputs",
    "lasting",
    "lists",
    "outputs",
    "paging",
    "parts",
    "presence",
    "queries",
    "runs",
    "subtle",
    "times",
]
