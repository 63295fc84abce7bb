"""Leaves out of a law's variables what its expressions never name.

Handing a large object to the CEL implementation costs far more than the expression itself. What is left out cannot be
reached: an object keeps the properties whose names occur in the expressions, at every depth, unless an expression uses
it as a whole. What is not understood counts as a use of the whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# a property that is not a function: `.name`, not `.name(`
_PROPERTY = r"\s*\.\s*[A-Za-z_]\w*\b(?!\s*\()"
# what goes through all elements with one variable; `filter` yields elements, which may be used whole without a name
_MACRO = r"\.\s*(?:all|exists|exists_one|map)\(\s*"
_THROUGH = re.compile(rf"\s*{_MACRO}(?P<variable>[A-Za-z_]\w*)\s*,(?!\s*\w+\s*,)")


class _Use(Enum):
    """How expressions use what a name stands for."""

    PROPERTIES = "the properties that they name"
    ELEMENTS = "all elements of it, and of these the properties that they name"
    WHOLE = "as a whole"


# how a name is used, from what stands before it and after it
_USES = tuple(
    (re.compile(f"{before}$"), re.compile(after), use)
    for before, after, use in (
        ("", _PROPERTY, _Use.PROPERTIES),
        ("", r"\s*[!=]=\s*null\b", _Use.PROPERTIES),
        (r"\bhas\(\s*[\w.]*", r"\s*\)", _Use.PROPERTIES),
        (_MACRO, r"\s*,", _Use.PROPERTIES),
        ("", rf"\s*\[[^\[\]]*\]{_PROPERTY}", _Use.ELEMENTS),
        ("", r"\s*\.\s*size\(\s*\)", _Use.ELEMENTS),
        (r"\bsize\(\s*[\w.]*", r"\s*\)", _Use.ELEMENTS),
    )
)


class Pruning:
    """What a group of expressions can reach; ``names`` are all words in them."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._text = "\n".join(sources)
        self.names = frozenset(_WORD.findall(self._text))
        self._uses: dict[str, _Use] = {}

    def __call__(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """``variables`` with only what the expressions can reach."""
        return {name: self._named(name, value) for name, value in variables.items() if name in self.names}

    def _named(self, name: str, value: Any) -> Any:
        if not isinstance(value, dict | list):
            return value
        if name not in self._uses:
            self._uses[name] = self._use(name, frozenset())
        use = self._uses[name]
        # who goes through an object, or counts its properties, sees them all
        if use is _Use.WHOLE or (use is _Use.ELEMENTS and isinstance(value, dict)):
            return value
        return self._pruned(value)

    def _pruned(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self(value)
        if isinstance(value, list):
            return [self._pruned(item) for item in value]
        return value

    def _use(self, name: str, outer: frozenset[str]) -> _Use:
        """The widest use of a name, wherever it occurs; ``outer`` are variables whose elements it stands for."""
        uses = set(self._occurrences(name, outer | {name}))
        return next((use for use in (_Use.WHOLE, _Use.ELEMENTS) if use in uses), _Use.PROPERTIES)

    def _occurrences(self, name: str, outer: frozenset[str]) -> Iterator[_Use]:
        for found in re.finditer(rf"\b{name}\b", self._text):
            before, after = self._text[: found.start()], self._text[found.end() :]
            through = _THROUGH.match(after)
            if through is None:
                known = (use for start, end, use in _USES if end.match(after) and start.search(before))
                yield next(known, _Use.WHOLE)
            elif through["variable"] in outer or self._use(through["variable"], outer) is not _Use.PROPERTIES:
                yield _Use.WHOLE
            else:
                yield _Use.ELEMENTS
