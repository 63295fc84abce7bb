"""Verbs that change what a list holds."""

from typing import Any

from batchproof.emulator.behaviour import Behaviour
from batchproof.emulator.exchange import Call

from .base import OneOrMore, Verb, several
from .shown import Shown


class ListVerb(Verb, frozen=True, kw_only=True):
    """Changes some list operations."""

    of: OneOrMore


class PageSize(ListVerb, frozen=True, kw_only=True):
    """A page holds so many more than were asked for."""

    more: int

    def plant(self, behaviour: Behaviour) -> None:
        """Change the size of each page."""

        def hook(wanted: int, call: Call) -> int:
            return wanted + (self.more if self.fits(Shown({}, None, call)) else 0)

        for operation in several(self.of):
            behaviour.on_page_size(operation, hook)


class Hide(ListVerb, frozen=True, kw_only=True):
    """Records that fit are not listed."""

    def plant(self, behaviour: Behaviour) -> None:
        """Leave them out."""

        def hook(records: list[Any], call: Call) -> list[Any]:
            return [record for record in records if not self.fits(Shown({}, record, call))]

        for operation in several(self.of):
            behaviour.on_records(operation, hook)


class Lose(ListVerb, frozen=True, kw_only=True):
    """The record at an index is not listed; all that were to be listed are `records`."""

    index: int

    def plant(self, behaviour: Behaviour) -> None:
        """Leave it out."""

        def hook(records: list[Any], call: Call) -> list[Any]:
            if not self.fits(Shown({"records": records}, None, call)):
                return records
            lost = self.index % len(records) if -len(records) <= self.index < len(records) else None
            return [record for index, record in enumerate(records) if index != lost]

        for operation in several(self.of):
            behaviour.on_records(operation, hook)


VERBS = (PageSize, Hide, Lose)
