"""What the emulator remembers."""

from dataclasses import dataclass, field

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import Definition, Lived, Schedule, Version
from batchproof.emulator.vendor import Counted


@dataclass(frozen=True, slots=True)
class Extractor(Definition):
    """A seeded extractor."""


@dataclass(slots=True, eq=False)
class Run(Lived):
    """An extract run, of a batch or on its own."""

    files: tuple[File, ...]
    multifile: bool
    extractor: Extractor | None
    version: Version | None
    config: JsonObject
    metadata: JsonObject | None
    parse_run_id: str
    batch: "Batch | None" = None


@dataclass(slots=True)
class Batch:
    """A batch run with those of its runs that have not been deleted."""

    id: str
    schedule: Schedule
    run_count: int
    runs: list[Run] = field(default_factory=list, repr=False)

    @property
    def created(self) -> int:
        """When the batch was submitted."""
        return self.schedule.created


@dataclass(slots=True)
class Workspace(Counted):
    """Everything that belongs to one API key."""

    extractors: dict[str, Extractor] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)

    def delete(self, run: Run) -> None:
        """Forget a run; its batch keeps its run count."""
        del self.runs[run.id]
        if run.batch is not None:
            run.batch.runs.remove(run)
