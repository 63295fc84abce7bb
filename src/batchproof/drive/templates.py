"""Fills the templates of a contract (``schemas/README.md``): fixtures, input documents, labels, ids."""

import itertools
import random
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from batchproof.contract.model import Manifest
from batchproof.drive.errors import Unmet

_ALPHABET = string.ascii_letters + string.digits


class Missing(Unmet):
    """A fixture is neither given nor discoverable."""

    def __init__(self, fixture: str) -> None:
        super().__init__(f"the fixture {fixture} is not given", option=f"give {fixture} in [fixtures]")


class Templates:
    """Values for the places that a template leaves open. The same seed gives the same values."""

    def __init__(
        self,
        manifest: Manifest,
        fixture: Callable[[str], str | None],
        known: Callable[[str], str],
        seed: int,
    ) -> None:
        """``fixture`` and ``known`` look up a fixture's value and the id of an existing object."""
        self._manifest = manifest
        self._fixture = fixture
        self._known = known
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._labels = itertools.count(1)

    def fill(self, value: Any, kinds: Sequence[str] = ()) -> Any:
        """``value`` with every place filled; ``kinds`` are those of the input documents. Raises ``Unmet``."""
        if isinstance(value, list):
            return [self.fill(item, kinds) for item in value]
        if not isinstance(value, dict):
            return value
        match value:
            case {"$fixture": str(name)}:
                return self._need(name)
            case {"$inputs": _}:
                alternatives = {kind: self._alternative(kind) for kind in dict.fromkeys(kinds)}
                return [self.fill(alternatives[kind]) for kind in kinds]
            case {"$label": str(prefix)}:
                return f"{prefix}-{next(self._labels)}"
            case {"$known": str(resource)}:
                return self._known(resource)
            case {"$unknown": str(prefix)}:
                return prefix + "".join(self._random.choices(_ALPHABET, k=20))
        return {key: self.fill(item, kinds) for key, item in value.items()}

    def _alternative(self, kind: str) -> Any:
        """The first way to make an input of ``kind`` whose fixtures are given. Raises ``Unmet``."""
        lacking: list[str] = []
        for alternative in self._manifest.inputs[kind]:
            missing = [name for name in alternative.needs if self._fixture(name) is None]
            if not missing:
                return alternative.value
            lacking += missing
        raise Missing(lacking[0])

    def _need(self, name: str) -> str:
        value = self._fixture(name)
        if value is None:
            raise Missing(name)
        return value


def merge_patch(document: Any, patch: Any) -> Any:
    """``document`` changed by a JSON Merge Patch (RFC 7396, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(document) if isinstance(document, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
