"""What happened in a workspace before anybody looks: runs and batches that no request to this version can make.

A human reviewed and edited some, others are older than this version or than today's billing. Their ids are the same in
all workspaces.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from batchproof.emulator.clock import to_milliseconds
from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import CANCELLED, FAILED, PROCESSED, Life, Schedule

from . import legacy
from .families import CLASSIFY, EXTRACT, PARSE, SPLIT, Family
from .store import Batch, Billing, Review, Run, Workspace

_SECOND = 1000
_DAY = 24 * 60 * 60 * _SECOND
_LOOKED_AT = Review(edited=False)
_EDITED = Review(edited=True)
_ASSISTED: JsonObject = {
    "advancedOptions": {"modelReasoningInsightsEnabled": True, "reviewAgent": {"enabled": True}}
}
_LIGHT: JsonObject = {"baseProcessor": "extraction_light", "baseVersion": "3.2.0"}
_NEWER: JsonObject = {
    "baseVersion": "4.6.0",
    "advancedOptions": {
        "citationsEnabled": True,
        "citationMode": "word",
        "arrayCitationStrategy": "property",
        "arrayStrategy": {"type": "large_array_heuristics"},
        "chunkingOptions": {
            "chunkingStrategy": "semantic",
            "pageChunkSize": 5,
            "chunkSelectionStrategy": "confidence",
        },
        "excelSheetSelectionStrategy": "all",
    },
}
_REMEMBERING: JsonObject = {"advancedOptions": {"context": "max", "memoryEnabled": True}}
_OVERLAPPING: JsonObject = {"advancedOptions": {"splitMethod": "high_precision", "pageOverlapEnabled": True}}
_WITH_OCR: JsonObject = {"advancedOptions": {"returnOcr": {"words": True, "lines": True}}}
_NO_SCHEMA = ("SCHEMA_GENERATION_FAILED", "No schema could be made for the document.")
_NO_CHUNKS = ("CHUNKING_ERROR", "The document could not be cut into chunks.")


@dataclass(frozen=True, slots=True)
class _Shown:
    """One run: its age in days, or the day of one that is older than something documented, and what is special about it."""

    name: str
    family: Family
    age: int | tuple[int, int, int]
    outcome: str = PROCESSED
    config: JsonObject = field(default_factory=dict)
    review: Review | None = None
    billing: Billing = "charges"
    reason: tuple[str, str] | None = None
    files: int = 1
    multifile: bool = False
    inline: bool = False
    sheet: bool = False
    batch: str | None = None

    @property
    def id(self) -> str:
        return f"{self.family.prefix}_shown_{self.name}"

    def created(self, now: int) -> int:
        """When it was created, in milliseconds since 1970, if the workspace is met at `now`."""
        if isinstance(self.age, int):
            return now - self.age * _DAY
        return to_milliseconds(datetime(*self.age, 8, 30, tzinfo=UTC))


_RUNS = (
    _Shown("reviewed_and_edited", EXTRACT, 19, config=_ASSISTED, review=_EDITED),
    _Shown("reviewed_as_it_was", EXTRACT, 18, review=_LOOKED_AT),
    # Usage came on 7 October 2025, its breakdown later.
    _Shown("legacy", EXTRACT, (2025, 3, 14), config=legacy.CONFIG, billing="none"),
    _Shown("before_breakdowns", EXTRACT, (2025, 11, 3), billing="credits"),
    _Shown("of_two_files", EXTRACT, 17, files=2, multifile=True),
    _Shown("of_a_sheet", EXTRACT, 17, config=_LIGHT, sheet=True),
    _Shown("with_new_model", EXTRACT, 17, config=_NEWER),
    _Shown("with_inline_config", EXTRACT, 16, inline=True),
    _Shown("without_schema", EXTRACT, 15, FAILED, reason=_NO_SCHEMA, inline=True),
    _Shown("without_file", EXTRACT, 14, FAILED, files=0),
    _Shown("cancelled", EXTRACT, 13, CANCELLED),
    _Shown("first_of_batch", EXTRACT, 12, batch="bpr_shown_processed"),
    _Shown("second_of_batch", EXTRACT, 12, batch="bpr_shown_processed"),
    _Shown("of_failed_batch", EXTRACT, 11, FAILED, batch="bpr_shown_failed"),
    _Shown("of_cancelled_batch", EXTRACT, 10, CANCELLED, batch="bpr_shown_cancelled"),
    _Shown("reviewed_and_edited", CLASSIFY, 19, review=_EDITED),
    _Shown("reviewed_as_it_was", CLASSIFY, 18, config=_REMEMBERING, review=_LOOKED_AT),
    _Shown("before_usage", CLASSIFY, (2025, 3, 14), billing="none"),
    _Shown("reviewed_and_edited", SPLIT, 19, review=_EDITED),
    _Shown("reviewed_as_it_was", SPLIT, 18, config=_OVERLAPPING, review=_LOOKED_AT),
    _Shown("before_usage", SPLIT, (2025, 3, 14), billing="none"),
    _Shown("with_ocr", PARSE, 19, config=_WITH_OCR),
    _Shown("before_breakdowns", PARSE, (2025, 11, 3), billing="credits"),
    _Shown("without_file", PARSE, 14, FAILED, files=0, batch="bpar_shown_processed"),
    _Shown("without_chunks", PARSE, 14, FAILED, reason=_NO_CHUNKS, batch="bpar_shown_processed"),
)

_OUTCOMES = {
    "bpr_shown_processed": PROCESSED,
    "bpr_shown_failed": FAILED,
    "bpr_shown_cancelled": CANCELLED,
    "bpar_shown_processed": PROCESSED,
}

FIXTURES: Mapping[str, list[str]] = {
    "batch_run_ids": list(_OUTCOMES),
    **{
        f"{family.kind}_ids": [shown.id for shown in _RUNS if shown.family is family]
        for family in (EXTRACT, CLASSIFY, SPLIT, PARSE)
    },
}


def seed(workspace: Workspace, now: int) -> None:
    """Put the runs and batches into a workspace that has its processors already."""
    for shown in _RUNS:
        run = _run(workspace, shown, now)
        workspace.runs[shown.family.name][run.id] = run
    for id_, outcome in _OUTCOMES.items():
        runs = [workspace.runs[shown.family.name][shown.id] for shown in _RUNS if shown.batch == id_]
        batch = Batch(id_, _schedule(runs[0].created, outcome), len(runs), runs)
        workspace.batches[id_] = batch
        for run in runs:
            run.batch = batch


def _run(workspace: Workspace, shown: _Shown, now: int) -> Run:
    family = shown.family
    created = shown.created(now)
    seeded = workspace.processors[family.name].values()
    processor = None if shown.inline else next(iter(seeded), None)
    return Run(
        id=shown.id,
        number=workspace.next_number(),
        life=Life(_schedule(created, shown.outcome)),
        family=family,
        files=tuple(_file(shown, number, created) for number in range(1, shown.files + 1)),
        multifile=shown.multifile,
        processor=processor,
        version=None if processor is None else processor.find("latest"),
        config=shown.config if "fields" in shown.config else family.config.default | shown.config,
        metadata={"customerId": "cust_abc123"},
        parse_run_id=None if family is PARSE else f"pr_of_{shown.id}",
        review=shown.review,
        billing=shown.billing,
        reason=shown.reason,
    )


def _file(shown: _Shown, number: int, created: int) -> File:
    id_, name = f"file_{shown.id}_{number}", f"{shown.name}_{number}"
    if shown.sheet:
        return File(id_, f"{name}.xlsx", "EXCEL", None, created)
    return File(id_, f"{name}.pdf", "PDF", 2, created)


def _schedule(created: int, outcome: str) -> Schedule:
    return Schedule(created, created + _SECOND, created + 61 * _SECOND, outcome)
