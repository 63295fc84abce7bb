"""Fills the templates of a contract (``schemas/README.md``): fixtures, input documents, labels, ids."""

import itertools
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from batchproof.client import File
from batchproof.contract.model import Manifest
from batchproof.contract.placeholders import PLACEHOLDERS, alone
from batchproof.drive.errors import Unmet
from batchproof.drive.images import picture

DOCUMENT = "document"


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
    """Values for the placeholders of templates. The same seed gives the same values, ``$fresh`` ones apart."""

    def __init__(
        self,
        manifest: Manifest,
        source: Source,
        seed: int | str,
        mark: Callable[[], str] = lambda: uuid.uuid4().hex,
        tag: str = "",
    ) -> None:
        """``mark`` makes text that no request had before; ``tag`` stands in every label."""
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.mark = mark
        self.source = source
        self._tag = tag
        self._manifest = manifest
        self._labels = itertools.count(1)

    def fill(self, value: Any, kinds: Sequence[str] = ()) -> Any:
        """``value`` with every placeholder filled; ``kinds`` are those of the input documents. Raises ``Unmet``."""
        return _Filling(self, kinds).fill(value)

    def number(self) -> str:
        """The next number of a label."""
        return f"{self._tag}-{next(self._labels)}"

    def input(self, kind: str) -> Any:
        """The first way to make an input of ``kind`` whose fixtures are given, as a template. Raises ``Unmet``."""
        lacking: list[str] = []
        for alternative in self._manifest.inputs[kind]:
            missing = [name for name in alternative.needs if self.source.fixture(name) is None]
            if not missing:
                return alternative.value
            lacking += missing
        raise Missing(lacking[0])


class _Filling:
    """The values for one template, which asks for input documents of ``kinds``."""

    def __init__(self, templates: Templates, kinds: Sequence[str]) -> None:
        self.random, self.mark, self.number = templates.random, templates.mark, templates.number
        self._templates = templates
        self._source = templates.source
        self._kinds = kinds

    def fill(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if not isinstance(value, dict):
            return value
        merged = [PLACEHOLDERS[name] for name in value if name in PLACEHOLDERS and PLACEHOLDERS[name].beside]
        found = alone(value)
        if found is not None and not merged:
            name, argument = found
            if name not in PLACEHOLDERS:
                raise ValueError(f"{name} is no place of a template")
            return PLACEHOLDERS[name].fill(self, argument)
        beside = {placeholder.name for placeholder in merged}
        filled = {key: self.fill(item) for key, item in value.items() if key not in beside}
        for placeholder in merged:
            filled |= placeholder.fill(self, value[placeholder.name])
        return filled

    def fixture(self, name: str) -> str:
        value = self._source.fixture(name)
        if value is None:
            raise Missing(name)
        return value

    def known(self, resource: str) -> str:
        return self._source.known(resource)

    def working(self, flow: str) -> str:
        return self._source.working(flow)

    def ended(self, flow: str) -> str:
        return self._source.ended(flow)

    def take(self, fixture: str) -> str:
        return self._source.take(fixture)

    def file(self, fixture: str) -> File:
        return self._source.file(fixture)

    def picture(self, name: str) -> File:
        return picture(name, self.mark())

    def input(self, kind: str) -> Any:
        wanted = next(iter(self._kinds), DOCUMENT)
        return self._templates.fill(self._templates.input(_kind(wanted, kind)))

    def inputs(self, kind: str) -> list[Any]:
        ways = {wanted: self._templates.input(_kind(wanted, kind)) for wanted in dict.fromkeys(self._kinds)}
        return [self._templates.fill(ways[wanted]) for wanted in self._kinds]


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
