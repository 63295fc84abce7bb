"""What every workspace holds when it is first met: processors of each type, runs of theirs, and batch processor runs.

Batch processor runs cannot be created through the API, so there are some of each source and in each status. Those
that have not ended move on from the first look at the workspace; their ids are the same in all workspaces.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import (
    FAILED,
    PENDING,
    PROCESSED,
    PROCESSING,
    Life,
    Schedule,
    Version,
)
from batchproof.emulator.extend_common.output import DEFAULT_CONFIG

from .behaviour import Behaviour
from .store import (
    CLASSIFY,
    EVAL_SET,
    EXTRACT,
    PLAYGROUND,
    SPLITTER,
    STUDIO,
    TYPES,
    BatchRun,
    Processor,
    Run,
    Workspace,
)

_HOUR = 60 * 60 * 1000
_DAY = 24 * _HOUR
_CLASSES = [
    {"id": "invoice", "type": "invoice", "description": "A bill for goods or services."},
    {"id": "other", "type": "other", "description": "Anything else."},
]
_CONFIGS: Mapping[str, JsonObject] = {
    EXTRACT: {"type": EXTRACT, **DEFAULT_CONFIG, "parser": {"target": "markdown"}},
    CLASSIFY: {
        "type": CLASSIFY,
        "baseProcessor": "classification_performance",
        "baseVersion": "3.2.0",
        "classifications": _CLASSES,
    },
    SPLITTER: {
        "type": SPLITTER,
        "baseProcessor": "splitting_performance",
        "baseVersion": "1.1.0",
        "splitClassifications": _CLASSES,
        "advancedOptions": {"splitMethod": "high_precision", "fixedPageLimit": 20},
    },
}
_FIELDS = [
    {"id": "invoice_number", "name": "invoice_number", "type": "string", "description": "The number"},
    {"id": "total", "name": "total", "type": "number", "description": "The amount due"},
]
_OPTIONS: JsonObject = {
    "documentKind": "invoice",
    "keyDefinitions": "The total is the amount due.",
    "advancedFigureParsingEnabled": True,
    "reviewAgent": {"enabled": True},
}
# Runs that have ended: the type of each, what its configuration has besides, and whether it was reviewed.
_RUNS: Mapping[str, tuple[str, JsonObject, bool]] = {
    "classified": (CLASSIFY, {}, False),
    "split": (SPLITTER, {}, False),
    "reviewed": (EXTRACT, {"advancedOptions": _OPTIONS}, True),
    "fields": (EXTRACT, {"fields": _FIELDS}, False),
}
_NAMES = {EXTRACT: "Invoice Extractor", CLASSIFY: "Document Classifier", SPLITTER: "Bundle Splitter"}

# The statuses in which batch processor runs are found, and those in which they end.
_LIVES = (
    (PROCESSED, PROCESSED),
    (PENDING, PROCESSED),
    (FAILED, FAILED),
    (PROCESSING, PROCESSED),
    (PENDING, FAILED),
    (PROCESSING, FAILED),
)
# The steps until a batch processor run starts, and until it ends.
_MOVING = {PENDING: (4, 8), PROCESSING: (0, 5)}


def seed_id(prefix: str, name: str) -> str:
    """The id of a seeded object, in the form of the examples."""
    digest = hashlib.sha256(name.encode()).digest()[:16]
    return f"{prefix}_{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _names() -> Iterator[tuple[str, str, str]]:
    """Source, status and outcome of each batch processor run; three in a row differ in source and status."""
    for turn in range(len(_LIVES)):
        for place, source in enumerate((EVAL_SET, PLAYGROUND, STUDIO)):
            yield source, *_LIVES[(turn + place) % len(_LIVES)]


RUN_IDS = tuple(seed_id("dpr", name) for name in _RUNS)
BATCH_RUN_IDS = tuple(seed_id("bpr", " ".join(name)) for name in _names())


def workspace(behaviour: Behaviour, now: int) -> Workspace:
    """A new workspace."""
    made = Workspace()
    for age, type_ in enumerate(TYPES, 1):
        created = now - 30 * age * _DAY
        versions = {
            version: Version(behaviour.new_id("dpv"), version, None, created) for version in ("1.0", "draft")
        }
        processor = Processor(
            behaviour.new_id("dp"),
            made.next_number(),
            _NAMES[type_],
            created,
            versions,
            _CONFIGS[type_],
            type_,
        )
        made.processors[processor.id] = processor
    extractor = next(iter(made.processors.values()))
    for id_, (source, status, outcome) in zip(BATCH_RUN_IDS, _names(), strict=True):
        made.batch_runs[id_] = BatchRun(
            id=id_,
            number=made.next_number(),
            life=Life(_schedule(behaviour, status, outcome, now)),
            processor=extractor,
            version=extractor.versions["1.0"],
            source=source,
            source_id={EVAL_SET: seed_id("ev", source), STUDIO: extractor.id}.get(source),
            run_count=4 + made.numbers,
        )
    for age, (id_, name) in enumerate(zip(RUN_IDS, _RUNS, strict=True), 1):
        made.runs[id_] = _run(made, id_, name, now - age * _DAY)
    return made


def _run(made: Workspace, id_: str, name: str, created: int) -> Run:
    type_, more, reviewed = _RUNS[name]
    processor = next(processor for processor in made.processors.values() if processor.type == type_)
    kept = {key: value for key, value in processor.config.items() if key != "schema" or "fields" not in more}
    return Run(
        id=id_,
        number=made.next_number(),
        life=Life(Schedule(created, created, created + _HOUR, PROCESSED)),
        processor=processor,
        version=processor.versions["1.0"],
        files=(File(seed_id("file", name), f"{name}.pdf", "PDF", 2, created),),
        config=kept | more,
        metadata=None,
        reviewed=reviewed,
    )


def _schedule(behaviour: Behaviour, status: str, outcome: str, now: int) -> Schedule:
    if status not in _MOVING:
        return Schedule(now - _DAY, now - _DAY + _HOUR, now - _DAY + 2 * _HOUR, outcome)
    started, ended = (now + steps * behaviour.step_ms for steps in _MOVING[status])
    return Schedule(now - _HOUR, started, ended, outcome)
