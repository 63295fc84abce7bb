"""The verb for what a vendor's behaviour has a setting for."""

from functools import reduce
from typing import Any

from batchproof.emulator.behaviour import Behaviour

from .base import Verb


class Set(Verb, frozen=True, kw_only=True):
    """Settings of the behaviour, by their paths, have these values; an array stands for a set."""

    values: dict[str, Any]

    def plant(self, behaviour: Behaviour) -> None:
        """Change the settings, which must be there."""
        for path, value in self.values.items():
            *above, last = path.split(".")
            holder: Any = reduce(getattr, above, behaviour)
            if isinstance(holder, dict):
                holder[last] = value
            else:
                getattr(holder, last)
                setattr(holder, last, set(value) if isinstance(value, list) else value)


VERBS = (Set,)
