"""The workspaces that one API key has under the two versions.

Processors and runs have a record in each. The two records of a run have one life, so whatever happens to it under one
version is seen under the other. Ids have the prefix of their version and are the same otherwise: that is this emulator's
choice, no document says how they correspond.
"""

from collections.abc import Mapping
from dataclasses import replace

from batchproof.emulator.extend_2025_04_21 import Emulator as Older
from batchproof.emulator.extend_2025_04_21 import store as older_store
from batchproof.emulator.extend_2025_04_21 import webhooks as older_webhooks
from batchproof.emulator.extend_2026_02_09 import Emulator as Newer
from batchproof.emulator.extend_2026_02_09 import store as newer_store
from batchproof.emulator.extend_2026_02_09 import webhooks as newer_webhooks
from batchproof.emulator.extend_2026_02_09.families import CLASSIFY, EXTRACT, SPLIT, Family, ProcessorKind
from batchproof.emulator.extend_common.life import Version

from . import configs

_FAMILIES: Mapping[str, Family] = {
    older_store.EXTRACT: EXTRACT,
    older_store.CLASSIFY: CLASSIFY,
    older_store.SPLITTER: SPLIT,
}
_RUN, _PROCESSOR, _VERSION = "dpr", "dp", "dpv"
_PARSE_RUN = "pr"
_LONGEST_ID = 255


class Pair:
    """Both workspaces of a key. Each shows the processors and the runs of the other one that it has a form for."""

    def __init__(
        self, older: Older, before: older_store.Workspace, newer: Newer, after: newer_store.Workspace
    ) -> None:
        self._older, self._before = older, before
        self._newer, self._after = newer, after
        self._older_processors: dict[str, older_store.Processor] = {}
        self._newer_processors: dict[str, newer_store.Processor] = {}
        self._join_processors()
        past = [run for runs in after.runs.values() for run in runs.values()]
        for run in [*before.runs.values()]:
            self._show_newer(run)
        for made in past:
            self._show_older(made)
        before.shown, after.shown = self._made_older, self._made_newer

    def _join_processors(self) -> None:
        own = [*self._before.processors.values()]
        for type_, family in _FAMILIES.items():
            kind = family.processor
            assert kind is not None
            theirs = self._after.processors[family.name]
            pairs = [(self._older_processor(it, type_, kind), it) for it in theirs.values()]
            pairs += [(it, self._newer_processor(it, kind)) for it in own if it.type == type_]
            for old, new in pairs:
                self._before.processors[old.id] = self._older_processors[new.id] = old
                theirs[new.id] = self._newer_processors[old.id] = new

    def _older_processor(
        self, processor: newer_store.Processor, type_: str, kind: ProcessorKind
    ) -> older_store.Processor:
        return older_store.Processor(
            id=_translated(processor.id, kind.prefix, _PROCESSOR),
            number=self._before.next_number(),
            name=processor.name,
            created=processor.created,
            versions=_versions(processor.versions, kind.version_prefix, _VERSION),
            config=configs.to_older(processor.config, type_),
            type=type_,
        )

    def _newer_processor(
        self, processor: older_store.Processor, kind: ProcessorKind
    ) -> newer_store.Processor:
        return newer_store.Processor(
            id=_translated(processor.id, _PROCESSOR, kind.prefix),
            number=self._after.next_number(),
            name=processor.name,
            created=processor.created,
            versions=_versions(processor.versions, _VERSION, kind.version_prefix),
            config=configs.to_newer(processor.config),
        )

    def _made_older(self, run: older_store.Run) -> None:
        shown = self._show_newer(run)
        if shown is not None:
            newer_webhooks.watch(self._newer, self._after, shown.family, shown, made_elsewhere=True)

    def _made_newer(self, run: newer_store.Run) -> None:
        shown = self._show_older(run)
        if shown is not None:
            older_webhooks.watch(self._older, self._before, shown, made_elsewhere=True)

    def _show_newer(self, run: older_store.Run) -> newer_store.Run | None:
        """Show a processor run as the run of a family, unless somebody reviewed it: each version makes up reviews of its own."""
        if run.reviewed:
            return None
        family = _FAMILIES[run.processor.type]
        processor = self._newer_processors[run.processor.id]
        shown = newer_store.Run(
            id=_translated(run.id, _RUN, family.prefix),
            number=self._after.next_number(),
            life=run.life,
            family=family,
            files=run.files,
            multifile=False,
            processor=processor,
            version=processor.versions[run.version.version],
            config=configs.to_newer(run.config),
            metadata=run.metadata,
            parse_run_id=_translated(run.id, _RUN, _PARSE_RUN),
        )
        self._after.runs[family.name][shown.id] = shown
        return shown

    def _show_older(self, run: newer_store.Run) -> older_store.Run | None:
        """Show a run as a processor run.

        That one always has a processor, and neither the reviews nor the older kinds of billing of the newer version.
        """
        if run.processor is None or run.version is None or run.review is not None or run.billing != "charges":
            return None
        processor = self._older_processors[run.processor.id]
        shown = older_store.Run(
            id=_translated(run.id, run.family.prefix, _RUN),
            number=self._before.next_number(),
            life=run.life,
            processor=processor,
            version=processor.versions[run.version.version],
            files=run.files,
            config=configs.to_older(run.config, processor.type),
            metadata=run.metadata,
            source=older_store.API if run.batch is None else run.family.batch_source,
            source_id=None if run.batch is None else run.batch.id,
        )
        self._before.runs[shown.id] = shown
        return shown


def _translated(id_: str, was: str, now: str) -> str:
    return f"{now}_{id_.removeprefix(f'{was}_')}"[:_LONGEST_ID]


def _versions(versions: Mapping[str, Version], was: str, now: str) -> dict[str, Version]:
    return {
        name: replace(version, id=_translated(version.id, was, now)) for name, version in versions.items()
    }
