"""Findings that a team knows of: they name rows of a contract, and say why and until when they are expected."""

import difflib
from datetime import date

from msgspec import Struct

from batchproof.contract.loader import Contract


class Expected(Struct, frozen=True, kw_only=True):
    """Findings that fail no run: all on one requirement, or the one with a fingerprint.

    ``entry`` names the place that says so, ``until`` is the last day on which it holds.
    """

    entry: str
    requirement: str | None = None
    fingerprint: str | None = None
    reason: str
    link: str | None = None
    until: date | None = None

    @property
    def about(self) -> str:
        """The requirement or the fingerprint."""
        return self.requirement or self.fingerprint or ""

    def over(self, day: date | None) -> bool:
        """Whether it no longer holds on ``day``; on no day in particular it always holds."""
        return self.until is not None and day is not None and day > self.until


def no_such_requirement(contract: Contract, identifier: str) -> str:
    """One line that says that ``contract`` has no requirement ``identifier``, with what may be meant."""
    near = difflib.get_close_matches(identifier, contract.requirements, n=3, cutoff=0.5)
    hint = f"near: {', '.join(near)}" if near else "batchproof requirements lists them"
    return f"{contract.id} has no requirement {identifier!r}; {hint}"
