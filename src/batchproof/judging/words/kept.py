"""Why a rule holds, in words: the part of the expression that another case breaks, with the values of this one."""

from collections.abc import Mapping
from typing import Any

from batchproof.contract import cel
from batchproof.contract.cel import syntax
from batchproof.contract.cel.syntax import Tree
from batchproof.judging.words.rules import Explainer
from batchproof.judging.words.trees import is_guard, sides_of


class _Broken(Explainer):
    """The case that breaks a rule: what its parts amount to there."""

    def breaks(self, tree: Tree) -> bool:
        """Whether ``tree`` does not hold."""
        return self._value(tree) is not True

    def broken_element(self, tree: syntax.Macro) -> int | None:
        """The number of the first element that does not have what all are to have, and the element as the variable."""
        for number, (_, item, at) in enumerate(self._elements(tree)):
            self._values[tree.variable], self._places[tree.variable] = item, at
            if self._value(tree.body) is not True:
                return number
        return None


class _Kept(Explainer):
    """The case that keeps a rule, beside the one that breaks it."""

    def __init__(self, variables: Mapping[str, Any], broken: _Broken) -> None:
        super().__init__(variables)
        self._broken = broken

    def why(self, tree: Tree) -> str:
        """Why ``tree`` is true, as far as it is not in the broken case."""
        match tree:
            case syntax.Binary("&&"):
                sides = [side for side in sides_of(tree, "&&") if self._broken.breaks(side)]
                return self.why(sides[0]) if sides else self._why(tree, holds=True)
            case syntax.Binary("||"):
                sides = [side for side in sides_of(tree, "||") if self._value(side) is True]
                telling = [side for side in sides if not is_guard(side)] or sides
                return min(map(self.why, telling), key=len) if telling else self._why(tree, holds=True)
            case syntax.Conditional(condition, yes, no):
                return self.why(yes if self._value(condition) is True else no)
            case syntax.Macro(macro="all"):
                return self._of_element(tree) or self._why(tree, holds=True)
        return self._why(tree, holds=True)

    def _of_element(self, tree: syntax.Macro) -> str:
        """Why the body of a macro holds for the element that breaks it in the other case; empty where there is none."""
        number = self._broken.broken_element(tree)
        elements = list(self._elements(tree))
        if number is None or not elements:
            return ""
        _, item, at = elements[min(number, len(elements) - 1)]
        self._values[tree.variable], self._places[tree.variable] = item, at
        return self.why(tree.body)


def why_kept(rule: str, variables: Mapping[str, Any], broken: Mapping[str, Any]) -> str:
    """Why ``rule`` holds for ``variables``, as far as it does not for the ``broken`` ones."""
    return _Kept(variables, _Broken(broken)).why(cel.parse(rule))
