"""What every workspace holds when it is first met: processors of each type, and batch processor runs.

Batch processor runs cannot be created through the API, so there are some of each source and in each status. Those
that have not ended move on from the first look at the workspace; their ids are the same in all workspaces.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.life import FAILED, PENDING, PROCESSED, PROCESSING, Schedule, Version
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
    Workspace,
)

_HOUR = 60 * 60 * 1000
_DAY = 24 * _HOUR
_CLASSES = [
    {"id": "invoice", "type": "invoice", "description": "A bill for goods or services."},
    {"id": "other", "type": "other", "description": "Anything else."},
]
_CONFIGS: Mapping[str, JsonObject] = {
    EXTRACT: {"type": EXTRACT, **DEFAULT_CONFIG},
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
    },
}
_NAMES = {EXTRACT: "Invoice Extractor", CLASSIFY: "Document Classifier", SPLITTER: "Bundle Splitter"}

# The steps until a batch processor run starts, and until it ends.
_MOVING = {PENDING: (4, 8), PROCESSING: (0, 5)}


def seed_id(prefix: str, name: str) -> str:
    """The id of a seeded object, in the form of the examples."""
    digest = hashlib.sha256(name.encode()).digest()[:16]
    return f"{prefix}_{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _names() -> Iterator[tuple[str, str, str]]:
    for source in (EVAL_SET, PLAYGROUND, STUDIO):
        for outcome in (PROCESSED, FAILED):
            for status in (PENDING, PROCESSING, outcome):
                yield source, status, outcome


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
            schedule=_schedule(behaviour, status, outcome, now),
            processor=extractor,
            version=extractor.versions["1.0"],
            source=source,
            source_id={EVAL_SET: seed_id("ev", source), STUDIO: extractor.id}.get(source),
            run_count=4 + made.numbers,
        )
    return made


def _schedule(behaviour: Behaviour, status: str, outcome: str, now: int) -> Schedule:
    if status not in _MOVING:
        return Schedule(now - _DAY, now - _DAY + _HOUR, now - _DAY + 2 * _HOUR, outcome)
    started, ended = (now + steps * behaviour.step_ms for steps in _MOVING[status])
    return Schedule(now - _HOUR, started, ended, outcome)
