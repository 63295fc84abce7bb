"""A case: one set of variables that an invariant speaks about."""

from typing import Any, NamedTuple

from batchproof.history import Exchange, Recorded


class Case(NamedTuple):
    """One set of variables that an invariant speaks about, with its evidence.

    ``asked`` are the exchanges whose times count as those of the case. What is not ``certain`` can only show that an invariant
    holds: where it does not, something that nobody saw may be the cause.
    """

    variables: dict[str, Any]
    exchanges: tuple[Recorded, ...]
    pointer: str = ""
    times: int = 1
    asked: tuple[Exchange, ...] = ()
    certain: bool = True
