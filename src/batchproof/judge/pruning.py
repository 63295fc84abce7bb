"""Leaves out of a law's variables what its expressions never name.

Handing a large object to the CEL implementation costs far more than the expression itself. What is left out cannot be
reached: an object keeps the properties whose names occur in the expressions, unless an expression uses it as a whole.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from batchproof.contract.expressions import bound_variables

_MACROS = "all|exists|exists_one|filter|map"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Pruning:
    """What a group of expressions can reach."""

    def __init__(self, sources: Iterable[str]) -> None:
        text = "\n".join(sources)
        self._names = frozenset(_WORD.findall(text))
        self._text = text
        self._elements_whole = any(
            re.search(rf"\b{name}\b(?!\s*[.,])", text) for name in bound_variables(text)
        ) or bool(re.search(r"\]\s*(?:==|!=)|(?:==|!=)\s*[a-zA-Z.]+\[", text))
        self._whole: dict[str, bool] = {}
        self._by_key: dict[str, bool] = {}

    def __call__(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """``variables`` with only what the expressions can reach."""
        return {
            name: value
            if self._used_whole(name) or (isinstance(value, dict) and self._keys_used(name))
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

    def _keys_used(self, name: str) -> bool:
        """Whether an expression goes through the properties of a variable, whatever their names."""
        if name not in self._by_key:
            through = rf"(?<![.\w]){name}\s*\.\s*(?:{_MACROS})\("
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
