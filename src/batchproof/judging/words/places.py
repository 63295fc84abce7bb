"""What the expressions of invariants name, in words: ``status of row 3``, ``the parameter limit``."""

from typing import NamedTuple

from batchproof.contract.kinds import KINDS
from batchproof.contract.kinds.variables import Variable
from batchproof.judging.words.values import place


def variable(name: str) -> Variable | None:
    """The variable of this name; every kind that has it words it alike."""
    every = (item for kind in KINDS.values() for item in kind.variables)
    return next((item for item in every if item.name == name), None)


def alone(name: str) -> str:
    """A variable in words, all of it."""
    known = variable(name)
    return name if known is None or not known.alone else known.alone


class Place(NamedTuple):
    """What an expression names: a variable, and a way into its value."""

    root: str
    segments: tuple[str, ...]

    def __str__(self) -> str:
        root, segments = self
        known = variable(root)
        element = "" if known is None else known.element
        if element and segments and segments[0].isascii() and segments[0].isdigit():
            number, *rest = segments
            of = f"{element} {int(number) + 1}"
            return f"{place(rest)} of {of}" if rest else of
        if root == "first" and segments:
            segments = segments[1:]
        if root == "after" and segments[:1] == ("body",):
            segments = segments[1:]
        if not segments:
            return alone(root)
        return ("{}" if known is None else known.of).format(place(segments))
