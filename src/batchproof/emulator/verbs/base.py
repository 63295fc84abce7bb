"""What all verbs have: when they do something, and how they are planted."""

import re
from collections.abc import Sized
from typing import Any

from msgspec import Struct

from batchproof.emulator.behaviour import Behaviour

from .shown import Shown

OneOrMore = str | list[str]


class Verb(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a fault does, where every condition on what stands at a path holds.

    `where`: it is this value, or one of these; `unless`: it is none of these; `has`: it is there, and not null; `lacks`: it
    is not there, or null; `matches`: it is a text that this regular expression describes; `counts`: it has so many members;
    `above`: it is a larger number, or has more members; `same`: it is what stands at another path.
    """

    where: dict[str, Any] = {}
    unless: dict[str, Any] = {}
    has: OneOrMore = []
    lacks: OneOrMore = []
    matches: dict[str, str] = {}
    counts: dict[str, int] = {}
    above: dict[str, float] = {}
    same: dict[str, str] = {}

    def fits(self, shown: Shown) -> bool:
        """Whether all conditions hold."""
        at = shown.at
        return (
            all(at(path) in several(value) for path, value in self.where.items())
            and not any(at(path) in several(value) for path, value in self.unless.items())
            and all(at(path) is not None for path in several(self.has))
            and all(at(path) is None for path in several(self.lacks))
            and all(_matches(pattern, at(path)) for path, pattern in self.matches.items())
            and all(_size(at(path)) == size for path, size in self.counts.items())
            and all(_size(at(path)) > least for path, least in self.above.items())
            and all(at(path) == at(other) for path, other in self.same.items())
        )

    def plant(self, behaviour: Behaviour) -> None:
        """Change a behaviour for good."""
        raise NotImplementedError


def several(given: Any) -> list[Any]:
    """What is given, as a list of one if it is no list."""
    return given if isinstance(given, list) else [given]


def _matches(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL) is not None


def _size(value: Any) -> float:
    """A number as it is, the number of members of anything else; what is not there has none that could be counted."""
    if isinstance(value, Sized):
        return len(value)
    return value if isinstance(value, int | float) else -1
