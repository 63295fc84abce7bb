"""Loads ``migration.yaml`` of the newer contract and refuses one that leaves open what became of anything in the older."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from batchproof.contract import Contract, ContractError
from batchproof.contract.model import Document
from batchproof.contract.yamlfile import read_yaml
from batchproof.upgrade.examples import misfit
from batchproof.upgrade.fields import fields
from batchproof.upgrade.mapping import ALL, FieldFate, Map, Pair, filled, shape_roots, states
from batchproof.upgrade.model import (
    ERRORS,
    Fate,
    Fields,
    Life,
    Migration,
    Shape,
    Stated,
    StatedExample,
    touch,
)

FILE = "migration.yaml"
_BELOW = "/**"
_ONE = "says exactly one of to, outside and gone"


def load_map(older: Contract, newer: Contract) -> Map:
    """How ``older`` became ``newer``, by the ``migration.yaml`` of the latter. Raises ``ContractError``."""
    file = newer.folder / FILE
    if not file.is_file():
        raise ContractError(file, "", f"does not exist; write down in it what became of {older.id}")
    migration = read_yaml(file, Migration)
    if migration.older != older.id:
        raise ContractError(file, "from", f"leads from {migration.older}, not from {older.id}")
    check = _Check(file, migration, older, newer)
    check.words()
    check.operations()
    check.lifecycles()
    check.events()
    check.stated()
    check.allowed()
    return Map(file, migration, older, newer, tuple(check.pairs()))


def documents(older: Contract, newer: Contract) -> dict[str, Document]:
    """The pages that changes may cite, by name. Raises ``ContractError``."""
    migration = read_yaml(newer.folder / FILE, Migration)
    return {**older.manifest.documents, **newer.manifest.documents, **migration.documents}


class _Check(NamedTuple):
    file: Path
    migration: Migration
    older: Contract
    newer: Contract

    @property
    def variants(self) -> list[str]:
        return list(self.migration.variants) or [ALL]

    def _error(self, key: str, remedy: str) -> ContractError:
        return ContractError(self.file, key, remedy)

    def words(self) -> None:
        known = [set(variant.words) for variant in self.migration.variants.values()]
        if any(words != known[0] for words in known):
            raise self._error("variants", "all have the same words; one of them lacks one")

    def fill(self, key: str, text: str, variant: str) -> str:
        text = filled(self.migration, text, variant)
        if "$" in text:
            raise self._error(key, f"{text!r} has a word that no variant has")
        return text

    def _all_named(self, section: str, named: Iterable[str], there: Iterable[str], kind: str) -> None:
        for name in there:
            if name not in named:
                raise self._error(
                    f"{section}.{name}",
                    f"is missing; say whether this {kind} is kept, moved, outside or gone",
                )
        for name in named:
            if name not in there:
                raise self._error(f"{section}.{name}", f"is no {kind} of {self.older.id}; take it out")

    def _leads(self, key: str, fate: Fate | Life | Shape, there: Iterable[str], kind: str) -> None:
        if sum(item is not None for item in (fate.to, fate.outside, fate.gone)) != 1:
            raise self._error(key, _ONE)
        for text in (fate.outside, fate.gone):
            for variant in self.variants:
                self.fill(key, text or "", variant)
        if fate.to is not None:
            only = fate.only if isinstance(fate, Shape) and fate.only else self.variants
            for variant in only:
                target = self.fill(f"{key}.to", fate.to, variant)
                if target not in there:
                    raise self._error(f"{key}.to", f"{target!r} is no {kind} of {self.newer.id}")

    def operations(self) -> None:
        there, to = self.older.manifest.operations, self.newer.manifest.operations
        self._all_named("operations", self.migration.operations, there, "operation")
        for name, fate in self.migration.operations.items():
            self._leads(f"operations.{name}", fate, to, "operation")

    def events(self) -> None:
        older, newer = self.older.manifest.webhooks, self.newer.manifest.webhooks
        self._all_named("events", self.migration.events, older.events if older else (), "event")
        for name, fate in self.migration.events.items():
            self._leads(f"events.{name}", fate, newer.events if newer else (), "event")

    def lifecycles(self) -> None:
        older, newer = self.older.manifest.lifecycles, self.newer.manifest.lifecycles
        self._all_named("lifecycles", self.migration.lifecycles, older, "life cycle")
        for name, life in self.migration.lifecycles.items():
            key = f"lifecycles.{name}"
            self._leads(key, life, newer, "life cycle")
            if life.to is None:
                continue
            named = [*life.kept, *life.renamed, *life.lost]
            self._all_named(key, named, states(older[name].edges, older[name].terminal), "status")
            for variant in self.variants:
                target = newer[filled(self.migration, life.to, variant)]
                known = states(target.edges, target.terminal)
                for status in (*life.kept, *life.renamed.values()):
                    if status not in known:
                        raise self._error(f"{key}.{status}", f"is no status of {self.newer.id}; is it gone?")

    def allowed(self) -> None:
        for kind, row in msgspec.structs.asdict(self.migration.allowed).items():
            if row is not None and row not in self.newer.requirements:
                raise self._error(f"allowed.{kind}", f"{row!r} is no requirement of {self.newer.id}")

    def stated(self) -> None:
        seen: set[str] = set()
        known = documents(self.older, self.newer)
        for change in self.migration.changes:
            key = f"changes.{change.name}"
            if change.name in seen:
                raise self._error(key, "stands there twice; names are unique")
            seen.add(change.name)
            for contract, rows in ((self.older, change.older), (self.newer, change.newer)):
                for row in rows:
                    if row not in contract.requirements:
                        raise self._error(key, f"{row!r} is no requirement of {contract.id}")
            for name in change.became:
                if name not in self._newer_names():
                    raise self._error(key, f"{name!r} is no operation or event of {self.newer.id}")
            if change.source.document not in known:
                raise self._error(f"{key}.source.document", f"{change.source.document!r} is no document")
            for text in change.touches:
                self._touches(f"{key}.touches", text)
            if change.example is not None:
                self._example(f"{key}.example", change, change.example)
            for before, after in change.prefixes.items():
                self._prefix(f"{key}.prefixes.{before}", change, before, after)
        for name, route in self.migration.routes.items():
            for operation in route.keeps:
                if operation not in self.older.manifest.operations:
                    raise self._error(
                        f"routes.{name}.keeps", f"{operation!r} is no operation of {self.older.id}"
                    )
            for change_name in route.holds:
                if change_name not in seen:
                    raise self._error(f"routes.{name}.holds", f"{change_name!r} is the name of no change")
            if route.source.document not in known:
                raise self._error(
                    f"routes.{name}.source.document", f"{route.source.document!r} is no document"
                )

    def _example(self, key: str, change: Stated, example: StatedExample) -> None:
        """An example of what has a shape keeps it, on both sides."""
        names = [one.name for one in map(touch, change.touches) if one is not None]
        if any(name == ERRORS or name in self.older.manifest.operations for name in names):
            for side in ("before", "after"):
                if side not in example.shapes:
                    raise self._error(f"{key}.shapes", f"lacks {side}; name the schema file of that body")
        bodies: dict[Literal["before", "after"], tuple[Contract, Any]] = {
            "before": (self.older, example.before),
            "after": (self.newer, example.after),
        }
        for side, (contract, body) in bodies.items():
            named = example.shapes.get(side)
            if named is None:
                continue
            for variant in self.variants:
                file = self.fill(f"{key}.shapes.{side}", named, variant)
                if file not in contract.shapes.files:
                    raise self._error(f"{key}.shapes.{side}", f"{file!r} is no schema file of {contract.id}")
                found = misfit(contract.shapes, file, body, whole=self._is_sent(contract, file))
                if side == "after" and example.refused:
                    if found is None:
                        raise self._error(
                            f"{key}.refused",
                            f"is true, but {file} of {contract.id} allows after; leave it out",
                        )
                elif found is not None:
                    remedy = "correct it" if side == "before" else "correct it, or say refused: true"
                    raise self._error(
                        f"{key}.{side}", f"does not fit {file} of {contract.id}: {found}; {remedy}"
                    )

    def _is_sent(self, contract: Contract, file: str) -> bool:
        return any(about in ("request", "query") for _, about in shape_roots(contract).get(file, ()))

    def _prefix(self, key: str, change: Stated, before: str, after: str) -> None:
        """A prefix stands in a row of each contract that the change names: nobody makes up the form of an id."""
        for contract, rows, prefixes in (
            (self.older, change.older, [before]),
            (self.newer, change.newer, [self.fill(key, after, variant) for variant in self.variants]),
        ):
            named = [contract.requirements[row] for row in rows]
            said = [item.says for row in named for item in row.interpretations.values()]
            stated = " ".join([*(row.statement for row in named), *said])
            for prefix in prefixes:
                if not re.search(rf"(?<!\w){re.escape(prefix)}", stated):
                    raise self._error(
                        key,
                        f"{prefix!r} stands in no row of {contract.id} that this change names; name the row",
                    )

    def _touches(self, key: str, text: str) -> None:
        found = touch(text)
        if found is None:
            raise self._error(key, f"{text!r} is neither 'name@variant /pointer' nor 'METHOD /path'")
        if found.variant and found.variant not in self.migration.variants:
            raise self._error(key, f"{found.variant!r} is no variant; they stand in variants")
        operation = self.older.operations.get(found.name)
        if found.at and operation is None and "." not in found.name:
            raise self._error(key, f"{found.name!r} is no operation of {self.older.id}")
        # an event may be one that no folder describes
        if operation is None and found.name != ERRORS and not set(found.name) & {" ", "."}:
            raise self._error(key, f"{found.name!r} is no operation or event")

    def _newer_names(self) -> set[str]:
        webhooks = self.newer.manifest.webhooks
        return {*self.newer.manifest.operations, *(webhooks.events if webhooks else ())}

    def pairs(self) -> Iterator[Pair]:
        for root in shape_roots(self.older):
            if root not in self.migration.shapes:
                raise self._error(f"shapes.{root}", "is missing; say field by field what became of it")
        for file, shape in self.migration.shapes.items():
            key = f"shapes.{file}"
            if file not in self.older.shapes.files:
                raise self._error(key, f"is no schema file of {self.older.id}; take it out")
            self._leads(key, shape, self.newer.shapes.files, "schema file")
            for variant in (*shape.only, *shape.by):
                if variant not in self.migration.variants:
                    raise self._error(key, f"{variant!r} is no variant; they stand in variants")
            made = [self._pair(file, shape, variant) for variant in shape.only or self.variants if shape.to]
            self._nothing_idle(key, shape, made)
            yield from made

    def _pair(self, file: str, shape: Shape, variant: str) -> Pair:
        key = f"shapes.{file}"
        given = {at: self.fill(key, value, variant) for at, value in shape.given.items()}
        apart = frozenset(self.migration.shapes) - {file}
        older = fields(self.older.shapes, file, given=given, apart=apart)
        newer_file = self.fill(key, shape.to or "", variant)
        newer = fields(self.newer.shapes, newer_file)
        fates = {ALL: FieldFate("to", ALL)}
        for at in older:
            if at == ALL:
                continue
            fate = self._fate(shape, variant, at)
            if fate is None:
                described = f" in {variant}" if variant else ""
                raise self._error(
                    f"{key}: {at}", f"is missing{described}; say whether it is kept, moved, outside or gone"
                )
            if fate.kind == "to" and fate.text not in newer:
                raise self._error(f"{key}: {at}", f"{fate.text!r} is no field of {newer_file}")
            if fate.kind == "unspelled" and at in newer:
                raise self._error(f"{key}: {at}", f"is spelled out in {newer_file}; it is kept")
            fates[at] = fate
        return Pair(variant, file, newer_file, older, newer, fates, shape)

    def _fate(self, shape: Shape, variant: str, at: str) -> FieldFate | None:
        """What holds for the variant, for the field itself, and else what its nearest ancestor says of all below it."""
        layers = [layer for layer in (shape.by.get(variant), shape.fields) if layer is not None]
        for layer in layers:
            found = _own(layer, at)
            if found is not None:
                return found._replace(text=self.fill(f"shapes: {at}", found.text, variant))
        above = at
        while above:
            above = above.rpartition("/")[0]
            for layer in layers:
                found = _from_above(layer, above)
                if found is not None:
                    text = self.fill(f"shapes: {above}", found.text, variant)
                    return found._replace(text=text + at[len(above) :] if found.kind == "to" else text)
        return None

    def _nothing_idle(self, key: str, shape: Shape, made: list[Pair]) -> None:
        """Every field that is named is there, in one variant at least."""
        there = {at for pair in made for at in pair.older}
        for layer in (shape.fields, *shape.by.values()):
            named = (*layer.kept, *layer.moved, *layer.outside, *layer.gone, *layer.unspelled)
            for at in (*named, *shape.values, *shape.notes, *shape.partial, *shape.grades, *shape.given):
                if at.removesuffix(_BELOW) not in there:
                    raise self._error(f"{key}: {at}", f"is no field in {self.older.id}; take it out")
            for at in named:
                if named.count(at) > 1:
                    raise self._error(f"{key}: {at}", "stands there twice; a field has one fate")


def _own(layer: Fields, at: str) -> FieldFate | None:
    for name in (at, at + _BELOW):
        if name in layer.kept:
            return FieldFate("to", at)
        if name in layer.moved:
            return FieldFate("to", layer.moved[name])
    if at in layer.outside:
        return FieldFate("outside", layer.outside[at])
    if at in layer.gone:
        return FieldFate("gone", layer.gone[at])
    return FieldFate("unspelled", "") if at in layer.unspelled else None


def _from_above(layer: Fields, above: str) -> FieldFate | None:
    """What an ancestor says of all below it: what holds for something gone holds for its parts."""
    found = _own(layer, above)
    if found is None or found.kind != "to":
        return found
    return found if above + _BELOW in (*layer.kept, *layer.moved) else None
