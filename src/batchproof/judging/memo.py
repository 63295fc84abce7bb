"""Remembers what was found of a value: servers show the same objects again and again.

The histories of one emulator share most of their answers, too, and a failure is reduced by judging its exchanges anew.
"""

from collections.abc import Callable, Hashable, Iterable
from hashlib import blake2b
from typing import Any, Generic, TypeVar

import msgspec

_MOST = 20_000
_BITS = 128

Found = TypeVar("Found")


class Memo(Generic[Found]):
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


def _identity(value: Any) -> Hashable:
    """What stands for a value: of scalars by name and of lists, which are put together anew each time, what they hold."""
    if isinstance(value, list):
        return (
            "list",
            *(id(item) if isinstance(item, dict | list) else (type(item), item) for item in value),
        )
    if isinstance(value, dict):
        if any(isinstance(item, dict | list) for item in value.values()):
            return id(value)
        return ("dict", *((name, type(item), item) for name, item in value.items()))
    return type(value), value


def _very(value: Any) -> Hashable:
    """What stands for a value where an object that is put together anew is another one."""
    kind = type(value)
    if kind is dict:
        return id(value)
    return (kind, value) if kind is not list else _identity(value)


class ObjectMemo(Generic[Found]):
    """What a pure function found of the very objects that it was given before: nothing is read to recognise them.

    Histories that differ in few exchanges share all other objects. They are kept, so that no other can take their place.
    """

    def __init__(self, most: int = _MOST, *, anew: bool = True) -> None:
        """``most`` is how many findings are kept; without ``anew``, objects of scalars are not put together anew."""
        self._most = most
        self._identity = _identity if anew else _very
        self._found: dict[tuple[Hashable, ...], tuple[list[Any], Found]] = {}

    def of(self, values: Iterable[Any], find: Callable[[], Found]) -> Found:
        """What ``find`` yields for ``values``, which nobody changes; scalars are compared by value."""
        kept = list(values)
        key = tuple(map(self._identity, kept))
        known = self._found.get(key)
        if known is None:
            if len(self._found) >= self._most:
                self._found.clear()
            known = self._found[key] = (kept, find())
        return known[1]
