"""Extractors, classifiers and splitters: what is seeded, how they are referred to, and their lists."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from batchproof.emulator.clock import to_milliseconds
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import not_found
from batchproof.emulator.extend_common.life import Version
from batchproof.emulator.extend_common.requests import optional_text, structure, text

from . import parts, requests
from .families import FAMILIES, Family, ProcessorKind
from .interface import Store
from .store import Processor, Workspace

# They are older than every run of the showcase.
_CREATED = (
    to_milliseconds(datetime(2024, 12, 2, 9, tzinfo=UTC)),
    to_milliseconds(datetime(2025, 1, 15, 9, tzinfo=UTC)),
)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a run works with: a processor in a version, or an inline configuration."""

    processor: Processor | None
    version: Version | None
    config: JsonObject


@dataclass(frozen=True, slots=True)
class Reference:
    """Which processor in which version, with a partial configuration on top."""

    kind: ProcessorKind
    id: str
    version: str
    override: JsonObject

    def resolve(self, family: Family, workspace: Workspace) -> Setup:
        """Find the processor and its version; the override's keys replace those of the configuration."""
        processor = workspace.processors[family.name].get(self.id)
        if processor is None:
            raise not_found(self.kind.name)
        version = processor.find(self.version)
        if version is None:
            raise not_found(f"{self.kind.name} version")
        return Setup(processor, version, processor.config | self.override)


def reference(value: Any, family: Family, kind: ProcessorKind) -> Reference:
    """Read `extractor` and its likes: `id`, optional `version` (default `latest`), optional `overrideConfig`."""
    given = structure(value, kind.name)
    override = given.get("overrideConfig")
    return Reference(
        kind=kind,
        id=text(given.get("id"), f"{kind.name}.id"),
        version=optional_text(given.get("version"), f"{kind.name}.version") or "latest",
        override={}
        if override is None
        else requests.config(override, f"{kind.name}.overrideConfig", family.config),
    )


def seed(store: Store, workspace: Workspace) -> None:
    """Each kind of processor is there twice, with a published version and a draft."""
    new_id = store.behaviour.new_id
    for family in FAMILIES:
        kind = family.processor
        if kind is None:
            continue
        for name, created in zip(kind.seeded, _CREATED, strict=True):
            versions = {
                version: Version(new_id(kind.version_prefix), version, description, created)
                for version, description in (("1.0", "First release"), ("draft", None))
            }
            id_ = new_id(kind.prefix)
            workspace.processors[family.name][id_] = Processor(
                id_, workspace.next_number(), name, created, versions, family.config.default
            )


def list_processors(store: Store, family: Family, call: Call) -> JsonObject:
    """List Extractors, Classifiers or Splitters."""
    processors = list(store.workspace(call).processors[family.name].values())

    def summary(processor: Processor) -> JsonObject:
        return parts.processor_summary(store.behaviour, family, processor, call)

    return store.listing(processors, call, summary)
