"""What the emulator remembers."""

from dataclasses import dataclass, field

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import Definition, Lived, Version
from batchproof.emulator.extend_common.outbox import Subscribed

EXTRACT = "EXTRACT"
CLASSIFY = "CLASSIFY"
SPLITTER = "SPLITTER"
TYPES = (EXTRACT, CLASSIFY, SPLITTER)

EVAL_SET = "EVAL_SET"
PLAYGROUND = "PLAYGROUND"
STUDIO = "STUDIO"


@dataclass(frozen=True, slots=True)
class Processor(Definition):
    """A seeded processor."""

    type: str


@dataclass(slots=True, eq=False)
class Run(Lived):
    """A processor run; in the review of one somebody corrected the output."""

    processor: Processor
    version: Version
    file: File
    config: JsonObject
    metadata: JsonObject | None
    reviewed: bool = False


@dataclass(slots=True, eq=False)
class BatchRun(Lived):
    """A batch processor run, which can only have been made in the dashboard."""

    processor: Processor
    version: Version
    source: str
    source_id: str | None
    run_count: int


@dataclass(slots=True)
class Workspace(Subscribed):
    """Everything that belongs to one API key."""

    processors: dict[str, Processor] = field(default_factory=dict)
    batch_runs: dict[str, BatchRun] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
