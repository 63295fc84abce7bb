"""Remembers what was found of a value: servers show the same objects again and again.

The histories of one emulator share most of their answers, too, and a failure is reduced by judging its exchanges anew.
"""

from collections.abc import Callable, Hashable
from hashlib import blake2b
from typing import Any, Generic, TypeVar

import msgspec

_MOST = 20_000
_BITS = 128

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """What a pure function found of JSON values. Keeps a hash of each value, and forgets all when it is full."""

    def __init__(self, most: int = _MOST) -> None:
        """``most`` is how many findings are kept."""
        self._most = most
        self._found: dict[tuple[Hashable, bytes], Found] = {}

    def of(self, value: Any, find: Callable[[], Found], *, by: Hashable = None) -> Found:
        """What ``find`` yields for ``value``; it is asked once for each value, and each rule that ``by`` names."""
        try:
            text = msgspec.json.encode(value)
        except UnicodeEncodeError:
            return find()  # a lone surrogate is in no history; a caller's own value may hold one
        key = (by, blake2b(text, digest_size=_BITS // 8).digest())
        if key not in self._found:
            if len(self._found) >= self._most:
                self._found.clear()
            self._found[key] = find()
        return self._found[key]
