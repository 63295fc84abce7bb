"""Reads that are served from a replica which is a moment behind what the writes have done.

What is younger than that is readable as it was created, and not listed yet.
"""

from collections.abc import Collection
from typing import Any

from .behaviour import ANY, Behaviour
from .exchange import Call

BEHIND_MS = 300
_LISTS = "list_"
_DETAILS = "get_"


def behind(behaviour: Behaviour) -> None:
    """No documentation promises that a read sees every write before it; here all reads are 300 ms behind."""
    _lag(behaviour, (_LISTS, _DETAILS))


def lists_behind(behaviour: Behaviour) -> None:
    """No documentation promises that a list and a detail see the same; here lists are 300 ms behind, details are not."""
    _lag(behaviour, (_LISTS,))


def _lag(behaviour: Behaviour, reads: Collection[str]) -> None:
    prefixes = tuple(reads)
    behaviour.behind_ms = lambda operation: BEHIND_MS if operation.startswith(prefixes) else 0

    def known(records: list[Any], call: Call) -> list[Any]:
        return [record for record in records if record.created <= call.now]

    behaviour.on_records(ANY, known)
