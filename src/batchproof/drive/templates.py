"""Fills the templates of a contract (``schemas/README.md``): fixtures, input documents, labels, ids."""

import itertools
import random
import string
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from batchproof.client import File
from batchproof.contract.model import Manifest
from batchproof.drive.errors import Unmet
from batchproof.drive.images import picture

DOCUMENT = "document"

_ALPHABET = string.ascii_letters + string.digits


class Missing(Unmet):
    """A fixture is neither given nor discoverable."""

    def __init__(self, fixture: str) -> None:
        super().__init__(f"the fixture {fixture} is not given", option=f"give {fixture} in [fixtures]")


class Source(Protocol):
    """Where values come from. Each method may raise ``Unmet``."""

    def fixture(self, name: str) -> str | None:
        """The first value of a fixture, or None."""

    def known(self, resource: str) -> str:
        """The id of an existing object."""

    def working(self, name: str) -> str:
        """The id of an object of that flow that was just created."""

    def ended(self, name: str) -> str:
        """The id of an object of that flow that has ended."""

    def take(self, name: str) -> str:
        """The next value of a list fixture."""

    def file(self, name: str) -> File:
        """The local file that a fixture names."""


class Templates:
    """Values for the places that a template leaves open. The same seed gives the same values, ``$fresh`` ones apart."""

    def __init__(
        self,
        manifest: Manifest,
        source: Source,
        seed: int | str,
        mark: Callable[[], str] = lambda: uuid.uuid4().hex,
        tag: str = "",
    ) -> None:
        """``mark`` makes text that no request had before; ``tag`` stands in every label."""
        self._tag = tag
        self._mark = mark
        self._manifest = manifest
        self._source = source
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._labels = itertools.count(1)

    def fill(self, value: Any, kinds: Sequence[str] = ()) -> Any:
        """``value`` with every place filled; ``kinds`` are those of the input documents. Raises ``Unmet``."""
        if isinstance(value, list):
            return [self.fill(item, kinds) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((place, argument),) = value.items()
            if place.startswith("$") and place != "$input":
                return self._place(place, argument, kinds)
        filled = {key: self.fill(item, kinds) for key, item in value.items() if key != "$input"}
        if "$input" in value:
            filled |= self.fill(self._alternative(_kind(next(iter(kinds), DOCUMENT), value["$input"])))
        return filled

    def _place(self, place: str, argument: Any, kinds: Sequence[str]) -> Any:
        match place:
            case "$fixture":
                return self._need(argument)
            case "$inputs":
                alternatives = {
                    kind: self._alternative(_kind(kind, argument)) for kind in dict.fromkeys(kinds)
                }
                return [self.fill(alternatives[kind]) for kind in kinds]
            case "$label":
                return f"{argument}{self._tag}-{next(self._labels)}"
            case "$unknown" if isinstance(argument, dict):
                return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
            case "$unknown":
                return argument + "".join(self._random.choices(_ALPHABET, k=20))
            case "$fresh":
                return argument + self._mark()
            case "$text":
                return "x" * argument
            case "$known":
                return self._source.known(argument)
            case "$working":
                return self._source.working(argument)
            case "$ended":
                return self._source.ended(argument)
            case "$take":
                return self._source.take(argument)
            case "$file":
                return self._source.file(argument)
            case "$picture":
                return picture(argument, self._mark())
        raise ValueError(f"{place} is no place of a template")

    def _alternative(self, kind: str) -> Any:
        """The first way to make an input of ``kind`` whose fixtures are given. Raises ``Unmet``."""
        lacking: list[str] = []
        for alternative in self._manifest.inputs[kind]:
            missing = [name for name in alternative.needs if self._source.fixture(name) is None]
            if not missing:
                return alternative.value
            lacking += missing
        raise Missing(lacking[0])

    def _need(self, name: str) -> str:
        value = self._source.fixture(name)
        if value is None:
            raise Missing(name)
        return value


def _kind(wanted: str, named: str) -> str:
    """A scenario that wants any document gets the kind that the template names; every other kind is taken literally."""
    return named if wanted == DOCUMENT else wanted


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
