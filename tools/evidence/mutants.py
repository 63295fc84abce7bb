"""A mutant: a healthy history with one documented thing changed."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from batchproof.history import Exchange

Scope = Literal["once", "object", "view", "all"]
# killed by a MUST; only warned of by something weaker; nothing fails; nothing fails, and the shape says that it may be so
Fate = Literal["killed", "warned", "survived", "allowed"]
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
    """``owner`` is the row that documents the property. ``make`` makes the changed exchanges; none where nothing changes."""

    key: Key
    make: Callable[[], Changes]
    owner: str | None = None

    @property
    def takes_away(self) -> bool:
        """Whether a property is made missing or null, which a shape says where it may be so."""
        return self.key.operator in ("missing", "null") and not self.key.property.endswith("*")


class Judged(NamedTuple):
    """What became of a mutant; ``must``: a MUST row documents the property."""

    key: Key
    fate: Fate
    must: bool
    owner: str | None
