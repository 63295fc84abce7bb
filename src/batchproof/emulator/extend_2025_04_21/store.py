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
    gone: dict[str, Run] = field(default_factory=dict)

    def existing(self, id_: str, now: int) -> Run | None:
        """The run of that id, if it had not been deleted at that moment."""
        run = self.runs.get(id_) or self.gone.get(id_)
        return run if run is not None and run.existed(now) else None

    def listed(self, now: int) -> list[Run]:
        """All runs but those that had been deleted at that moment."""
        return [*self.runs.values(), *(run for run in self.gone.values() if run.existed(now))]

    def delete(self, run: Run, now: int) -> None:
        """Remove a run."""
        run.deleted = now
        self.gone[run.id] = self.runs.pop(run.id)
