"""Objects that move on between any two requests, however long or short a state is said to last.

Which look is followed by a move follows from the object's id, the number of the look and the emulator's seed.
"""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any
from zlib import crc32

from .behaviour import ANY, Behaviour
from .exchange import Call, JsonObject

Move = Callable[[Any, int], object]
_EACH = 3


def moving_on(
    behaviour: Behaviour, kinds: Collection[str], move: Move, *, operations: Collection[str] = (ANY,)
) -> None:
    """About each third look at an object of these kinds is followed by `move(record, moment)`, before anybody can act."""
    falls = _dice(behaviour)

    def after_look(_body: JsonObject, record: Any, call: Call) -> None:
        if falls(record.id):
            # a moment later than what was shown
            move(record, call.now + 1)

    for kind in kinds:
        behaviour.on_object(kind, after_look, operations)


def moving_in_lists(behaviour: Behaviour, move: Move) -> None:
    """About each third row of a list moves on between its choice and its showing."""
    falls = _dice(behaviour)

    def chosen(records: list[Any], call: Call) -> list[Any]:
        for record in records:
            if falls(record.id):
                move(record, call.now)
        return records

    behaviour.on_records(ANY, chosen)


def _dice(behaviour: Behaviour) -> Callable[[str], bool]:
    salt = behaviour.random_bytes(8).hex()
    looks: Counter[str] = Counter()

    def falls(id_: str) -> bool:
        looks[id_] += 1
        return crc32(f"{salt} {id_} {looks[id_]}".encode()) % _EACH == 0

    return falls
