"""A checked ``migration.yaml``: what each thing of the older contract has become in the newer one."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Literal, NamedTuple

from batchproof.contract import Contract
from batchproof.contract.linked import Operation
from batchproof.upgrade.fields import Field
from batchproof.upgrade.model import Fate, Life, Migration, Shape

ALL = ""


class FieldFate(NamedTuple):
    """What became of one field: ``text`` is the pointer that it has now, or what the file says of it."""

    kind: Literal["to", "outside", "gone", "unspelled"]
    text: str


class Pair(NamedTuple):
    """A schema file of the older contract beside the one that took its place, for one variant."""

    variant: str
    older_file: str
    newer_file: str
    older: dict[str, Field]
    newer: dict[str, Field]
    fates: dict[str, FieldFate]
    shape: Shape

    def target(self, at: str) -> str | None:
        """The pointer that the field ``at`` has in the newer file, or None where it is nowhere in it."""
        fate = self.fates.get(at)
        return fate.text if fate is not None and fate.kind == "to" else None


class Map(NamedTuple):
    """A checked ``migration.yaml`` with the two contracts that it joins."""

    file: Path
    migration: Migration
    older: Contract
    newer: Contract
    pairs: tuple[Pair, ...]

    @property
    def variants(self) -> list[str]:
        """The names of the variants; one without a name where nothing depends on one."""
        return list(self.migration.variants) or [ALL]

    def operations(self, name: str) -> dict[str, str]:
        """For each variant the operation that took the place of ``name``; empty when none did."""
        return self._targets(self.migration.operations[name])

    def newer_operations(self, name: str) -> dict[str, Operation]:
        """The same as objects of the newer contract."""
        return {variant: self.newer.operation(target) for variant, target in self.operations(name).items()}

    def events(self, name: str) -> dict[str, str]:
        """For each variant the event that took the place of ``name``; empty when none did."""
        return self._targets(self.migration.events[name])

    def lifecycles(self, name: str) -> dict[str, str]:
        """For each variant the life cycle that took the place of ``name``; empty when none did."""
        return self._targets(self.migration.lifecycles[name])

    @property
    def became(self) -> set[str]:
        """The operations and events of the newer contract that take the place of something that no folder describes."""
        return {name for change in self.migration.changes for name in change.became}

    def _targets(self, fate: Fate | Life) -> dict[str, str]:
        if fate.to is None:
            return {}
        return {variant: filled(self.migration, fate.to, variant) for variant in self.variants}


def filled(migration: Migration, text: str, variant: str) -> str:
    """``text`` with the words of ``variant`` in place of ``$word``."""
    chosen = migration.variants.get(variant)
    return Template(text).safe_substitute(chosen.words if chosen is not None else {})


def shared(mapped: Map, at: str, variant: str) -> str:
    """The pointer ``at`` with the names of words in place of what ``variant`` puts there, so that it is one in all of them."""
    chosen = mapped.migration.variants.get(variant)
    words = sorted((chosen.words if chosen else {}).items(), key=lambda item: -len(item[1]))
    for word, value in words:
        at = re.sub(rf"(?<=/){re.escape(value)}(?=/|[A-Z]|\Z)", f"<{word}>", at)
    return at


def shape_roots(contract: Contract) -> dict[str, list[tuple[str, str]]]:
    """The schema files that a user meets, each with where: the name of an operation or event, and what it is there."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, operation in contract.operations.items():
        found.setdefault(operation.success.schema, []).append((name, "response"))
        if operation.request is not None:
            found.setdefault(operation.request.schema, []).append((name, "request"))
        if operation.query is not None:
            found.setdefault(operation.query, []).append((name, "query"))
    found.setdefault(contract.manifest.error, []).append(("every operation", "error"))
    webhooks = contract.manifest.webhooks
    if webhooks is not None:
        found.setdefault(webhooks.envelope.schema, []).append(("every event", "event"))
        for name, event in webhooks.events.items():
            found.setdefault(event.schema, []).append((name, "event"))
    return found


def states(edges: Mapping[str, Iterable[str]], terminal: Iterable[str]) -> list[str]:
    """The statuses of a life cycle."""
    return list(dict.fromkeys([*edges, *(after for steps in edges.values() for after in steps), *terminal]))
