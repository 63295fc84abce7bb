"""Objects that move on between any two requests, however long or short a state is said to last.

Which look is followed by one move, and which by two at once, follows from the object's id, the number of the look and the emulator's seed.
"""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any
from zlib import crc32

from .behaviour import ANY, Behaviour
from .exchange import Call, JsonObject

Move = Callable[[Any, int], object]
# Of so many looks, one is followed by one move, and one by two.
_LOOKS = 6


def moving_on(
    behaviour: Behaviour, kinds: Collection[str], move: Move, *, operations: Collection[str] = (ANY,)
) -> None:
    """About each third look at an object of these kinds is followed by `move(record, moment)`, before anybody can act."""
    moves = _moves(behaviour)

    def after_look(_body: JsonObject, record: Any, call: Call) -> None:
        for _ in range(moves(record.id)):
            # a moment later than what was shown
            move(record, call.now + 1)

    for kind in kinds:
        behaviour.on_object(kind, after_look, operations)


def moving_in_lists(behaviour: Behaviour, move: Move) -> None:
    """About each third row of a list moves on between its choice and its showing."""
    moves = _moves(behaviour)

    def chosen(records: list[Any], call: Call) -> list[Any]:
        for record in records:
            for _ in range(moves(record.id)):
                move(record, call.now)
        return records

    behaviour.on_records(ANY, chosen)


def _moves(behaviour: Behaviour) -> Callable[[str], int]:
    salt = behaviour.random_bytes(8).hex()
    looks: Counter[str] = Counter()

    def moves(id_: str) -> int:
        looks[id_] += 1
        drawn = crc32(f"{salt} {id_} {looks[id_]}".encode()) % _LOOKS
        return drawn if drawn <= 2 else 0

    return moves
