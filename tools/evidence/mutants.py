"""A mutant: a healthy history with one documented thing changed."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from batchproof.history import Exchange

Scope = Literal["once", "object", "view", "all"]
# exchanges by their number in the history, as they would have been
Changes = Mapping[int, Exchange]
ANY = "*"


class Key(NamedTuple):
    """What was changed where. ``operation``, ``view`` and ``state`` are ``*`` where the change is made in all of them."""

    contract: str
    operation: str
    view: str
    state: str
    property: str
    operator: str
    scope: Scope


class Mutant(NamedTuple):
    """``owner`` is the row that documents the property; ``about`` the ids of the objects that it is about.

    ``make`` makes the changed exchanges; none where the operator changes nothing.
    """

    key: Key
    make: Callable[[], Changes]
    owner: str | None = None
    about: frozenset[str] = frozenset()
