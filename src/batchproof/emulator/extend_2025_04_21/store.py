"""What the emulator remembers."""

from collections.abc import Callable
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
API = "API"


@dataclass(frozen=True, slots=True)
class Processor(Definition):
    """A seeded processor."""

    type: str


@dataclass(slots=True, eq=False)
class Run(Lived):
    """A processor run; in the review of one somebody corrected the output."""

    processor: Processor
    version: Version
    files: tuple[File, ...]
    config: JsonObject
    metadata: JsonObject | None
    reviewed: bool = False
    source: str = API
    source_id: str | None = None

    @property
    def page_count(self) -> int:
        """How many pages were read."""
        return sum(file.page_count or 1 for file in self.files)


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
    # Told of every run that a request makes, where another version shows it, too.
    shown: Callable[[Run], object] | None = field(default=None, repr=False)

    def add(self, run: Run) -> None:
        """Take in a run that a request has made."""
        self.runs[run.id] = run
        if self.shown is not None:
            self.shown(run)

    def existing(self, id_: str, now: int) -> Run | None:
        """The run of that id, if it had not been deleted at that moment."""
        run = self.runs.get(id_)
        return run if run is not None and run.existed(now) else None

    def listed(self, now: int) -> list[Run]:
        """All runs but those that had been deleted at that moment."""
        return [run for run in self.runs.values() if run.existed(now)]
