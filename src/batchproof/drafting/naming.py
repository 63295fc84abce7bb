"""Names as contract folders write them."""

import re
from collections.abc import Container

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+[0-9]*|[A-Z]+[0-9]*|[0-9]+")


def snake(name: str) -> str:
    """``name`` in lower case, its words joined by underscores: ``getBatchRun`` is ``get_batch_run``."""
    return "_".join(_WORDS.findall(name)).lower() or "unnamed"


def plain(name: str) -> str:
    """``name`` without case and punctuation, to compare names with."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def unlike(name: str, taken: Container[str]) -> str:
    """``name``, with a number behind it where it is taken."""
    fresh, number = name, 2
    while fresh in taken:
        fresh, number = f"{name}_{number}", number + 1
    return fresh


def singular(name: str) -> str:
    """The name of one of what ``name`` names."""
    for plural, single in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x")):
        if name.endswith(plural):
            return name.removesuffix(plural) + single
    return name.removesuffix("s") if not name.endswith(("ss", "us")) else name
