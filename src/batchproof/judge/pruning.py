"""Leaves out of a law's variables what its expressions never name.

Handing a large object to the CEL implementation costs far more than the expression itself. What is left out cannot be
reached: an object keeps the properties whose names occur in the expressions, unless an expression uses it as a whole.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from batchproof.contract.expressions import bound_variables

# what goes through all elements of a list, or all properties of an object
_THROUGH = r"\s*\.\s*(?:(?:all|exists|exists_one|filter|map)\(|size\(\s*\))"
# an element that is named by its place, and more is asked of it than a property
_ELEMENT = re.compile(rf"\w\[[^\[\]]*\](?:(?!\s*\.)|{_THROUGH})")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Pruning:
    """What a group of expressions can reach."""

    def __init__(self, sources: Iterable[str]) -> None:
        text = "\n".join(sources)
        self._names = frozenset(_WORD.findall(text))
        self._text = text
        self._elements_whole = _ELEMENT.search(text) is not None or any(
            re.search(rf"\b{name}\b(?!\s*[.,])|(?<![.\w]){name}{_THROUGH}", text)
            for name in bound_variables(text)
        )
        self._whole: dict[str, bool] = {}
        self._by_key: dict[str, bool] = {}

    def __call__(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """``variables`` with only what the expressions can reach."""
        return {
            name: value
            if self._used_whole(name) or (isinstance(value, dict) and self._all_used(name))
            else self._pruned(value)
            for name, value in variables.items()
            if name in self._names
        }

    def _used_whole(self, name: str) -> bool:
        if name not in self._whole:
            # `size(rows)` and `x != null` look at no property
            harmless = rf"size\({name}\)|\b{name}\s*[!=]=\s*null"
            rest = re.sub(harmless, "", self._text)
            self._whole[name] = re.search(rf"\b{name}\b(?!\s*\.)", rest) is not None
        return self._whole[name]

    def _all_used(self, name: str) -> bool:
        """Whether an expression goes through the properties of an object, or counts them, whatever their names."""
        if name not in self._by_key:
            through = rf"(?<![.\w]){name}{_THROUGH}|\bsize\(\s*{name}\s*\)"
            self._by_key[name] = re.search(through, self._text) is not None
        return self._by_key[name]

    def _pruned(self, value: Any) -> Any:
        if isinstance(value, dict):
            kept = {key: child for key, child in value.items() if key in self._names}
            if self._elements_whole:
                return kept
            return {key: self._elements(child) for key, child in kept.items()}
        return value if self._elements_whole else self._elements(value)

    def _elements(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [
            {key: child for key, child in item.items() if key in self._names}
            if isinstance(item, dict)
            else item
            for item in value
        ]
