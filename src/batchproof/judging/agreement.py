"""Agreement: what two views of one object at rest both show is the same."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from batchproof.contract import pointer
from batchproof.contract.expressions import NotEvaluable
from batchproof.contract.moments import moment_of, same
from batchproof.judging.wrong import Wrong

_DESCRIBED = 5
_Path = tuple[str, ...]


class _Patterns(NamedTuple):
    """Pointers as they are, and those with ``*`` by how many segments they have."""

    exact: frozenset[_Path]
    starred: Mapping[int, Sequence[_Path]]

    def name(self, path: _Path) -> bool:
        """Whether one of them names ``path``."""
        return path in self.exact or any(
            all(expected in ("*", segment) for segment, expected in zip(path, pattern, strict=True))
            for pattern in self.starred.get(len(path), ())
        )


@lru_cache(maxsize=256)
def _patterns(text: str) -> _Patterns:
    """The patterns in a text, where spaces separate them."""
    paths = [tuple(pointer.parse(item)) for item in text.split()]
    starred: dict[int, list[_Path]] = defaultdict(list)
    for path in paths:
        if "*" in path:
            starred[len(path)].append(path)
    return _Patterns(frozenset(path for path in paths if "*" not in path), dict(starred))


def agrees(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
    """Every property that ``row`` and ``self`` both have is equal, at any depth.

    Times are compared as moments and numbers by value; null and absent are the same: nothing to compare. ``except``
    are pointers, separated by spaces, of what may differ, with all that stands below; ``*`` is any one segment. With
    ``names`` only properties of these names are compared, since nothing is known of others, and all of them below ``free``.
    Raises ``NotEvaluable`` where nothing is left to compare.
    """
    excepted = _patterns(arguments.get("except", ""))
    compared = list(_compared(variables["row"], variables["self"], (), excepted))
    if "names" in arguments:
        names = frozenset(arguments["names"].split())
        free = [tuple(pointer.parse(item)) for item in arguments.get("free", "").split()]
        compared = [item for item in compared if _is_known(item[0], names, free)]
    return _same_on_both_sides(compared, "row", "self")


def keeps(variables: Mapping[str, Any], arguments: Mapping[str, str]) -> Literal[True] | Wrong:
    """What stands ``at`` the pointers, separated by spaces, is the same in ``oldSelf`` and ``self`` of a step.

    Properties of one look only, null, and what stands at ``except`` are not compared. Raises ``NotEvaluable`` where
    nothing is left to compare.
    """
    excepted = _patterns(arguments.get("except", ""))
    compared = [
        item
        for at in arguments["at"].split()
        for item in _compared(
            pointer.first(variables["oldSelf"], at),
            pointer.first(variables["self"], at),
            tuple(pointer.parse(at)),
            excepted,
        )
    ]
    return _same_on_both_sides(compared, "oldSelf", "self")


def _same_on_both_sides(
    compared: Sequence[tuple[_Path, Any, Any]], one: str, other: str
) -> Literal[True] | Wrong:
    """What differs, with the names of the sides. Raises ``NotEvaluable`` where nothing is ``compared``."""
    if not compared:
        raise NotEvaluable("the looks have nothing in common")
    differing = {
        pointer.join(path): {one: left, other: right}
        for path, left, right in compared
        if not _equal(left, right)
    }
    return Wrong(dict(list(differing.items())[:_DESCRIBED])) if differing else True


def _compared(one: Any, other: Any, path: _Path, excepted: _Patterns) -> Iterator[tuple[_Path, Any, Any]]:
    """The values without parts that stand at the same place on both sides; arrays of two lengths are such values."""
    if one is None or other is None or excepted.name(path):
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one:
            if name in other:
                yield from _compared(one[name], other[name], (*path, name), excepted)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _compared(left, right, (*path, str(index)), excepted)
    else:
        yield path, one, other


def _is_known(path: _Path, names: Collection[str], free: Sequence[_Path]) -> bool:
    """Whether every step of ``path`` down to a free place has a known name; steps into an array have none."""
    length = next((len(place) for place in free if path[: len(place)] == place), len(path))
    return all(step in names or step.isdigit() for step in path[:length])


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        # the last digits of a fraction depend on how it was written
        return one == other or math.isclose(one, other, rel_tol=1e-9)
    if one == other:
        return True
    try:
        return same(moment_of(one), moment_of(other))
    except ValueError:
        return False
