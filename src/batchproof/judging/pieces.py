"""Large bodies in pieces: what a schema tells of a body takes a hundred times the memory of the body."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from batchproof.contract import pointer

# values in one piece
MOST_VALUES = 10_000


class Piece(NamedTuple):
    """A body with a part of the rows of its longest arrays.

    ``place`` says where in the whole body a location of the piece is; None for what an earlier piece shows, too.
    """

    value: Any
    place: Callable[[str], str | None]


def pieces(body: Any, most: int = MOST_VALUES) -> Iterator[Piece]:
    """``body`` in pieces that have ``most`` values, or a few more where no array can be cut; the first has the first rows."""
    yield from _pieces(Piece(body, str), most)


def smaller(body: Any, suits: Callable[[Any], bool], most: int = MOST_VALUES) -> Any:
    """``body`` with as few rows as can be told by halving it, as long as it ``suits``."""
    while (cut := _cut(body, most)) is not None:
        half = next((half for half in (cut.first, cut.second) if suits(half)), None)
        if half is None:
            break
        body = half
    return body


class _Cut(NamedTuple):
    """A body cut in two, in the array ``at``, before the row ``number``."""

    at: str
    number: int
    first: Any
    second: Any

    def place(self, location: str) -> str | None:
        """Where a location of the second half is in the whole body; None for what does not stand below the array."""
        if not location.startswith(f"{self.at}/"):
            return None
        index, slash, rest = location[len(self.at) + 1 :].partition("/")
        return f"{self.at}/{int(index) + self.number}{slash}{rest}"


def _pieces(piece: Piece, most: int) -> Iterator[Piece]:
    cut = _cut(piece.value, most)
    if cut is None:
        yield piece
        return

    def place(location: str) -> str | None:
        inside = cut.place(location)
        return None if inside is None else piece.place(inside)

    yield from _pieces(Piece(cut.first, piece.place), most)
    yield from _pieces(Piece(cut.second, place), most)


def _cut(body: Any, most: int) -> _Cut | None:
    """``body`` cut in the middle of the array that makes it large; None where it is small, or no array does."""
    if _count(body) <= most:
        return None
    steps: list[str | int] = []
    value = body
    while isinstance(value, dict | list) and value:
        children: dict[Any, Any] = value if isinstance(value, dict) else dict(enumerate(value))
        sizes = {name: _count(child) for name, child in children.items()}
        largest = max(sizes, key=sizes.__getitem__)
        if isinstance(value, list) and 2 * sizes[largest] <= sum(sizes.values()):
            number = len(value) // 2
            first, second = (pointer.placed(body, steps, rows) for rows in (value[:number], value[number:]))
            return _Cut(pointer.join(steps), number, first, second)
        steps.append(largest)
        value = value[largest]
    return None


def _count(value: Any) -> int:
    """How many values ``value`` holds, itself included."""
    if isinstance(value, dict):
        return 1 + sum(map(_count, value.values()))
    return 1 + sum(map(_count, value)) if isinstance(value, list) else 1
