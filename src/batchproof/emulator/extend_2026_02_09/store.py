"""What the emulator remembers. Nothing happens in the background: a status is worked out when it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from batchproof.emulator.exchange import JsonObject

PENDING = "PENDING"
PROCESSING = "PROCESSING"
PROCESSED = "PROCESSED"
FAILED = "FAILED"
CANCELLED = "CANCELLED"

STATUSES = (PENDING, PROCESSING, PROCESSED, FAILED, CANCELLED)
TERMINAL = frozenset({PROCESSED, FAILED, CANCELLED})


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an object changes its status, in milliseconds since 1970, and how it ends."""

    created: int
    started: int
    ended: int
    outcome: str

    def status(self, now: int) -> str:
        """The status at that moment (Get Batch Run, status; Get Extract Run, status)."""
        return self.outcome if now >= self.ended else PROCESSING if now >= self.started else PENDING

    def updated(self, now: int) -> int:
        """When the status changed last, as seen at that moment."""
        return self.ended if now >= self.ended else self.started if now >= self.started else self.created


@dataclass(frozen=True, slots=True)
class File:
    """A submitted file; `type` and `page_count` are None where they are not known."""

    id: str
    name: str
    type: str | None
    page_count: int | None
    created: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an extractor."""

    id: str
    version: str
    description: str | None
    created: int


@dataclass(frozen=True, slots=True)
class Extractor:
    """A seeded extractor with its versions, the published ones in order and the draft last."""

    id: str
    number: int
    name: str
    created: int
    versions: Mapping[str, Version]
    config: JsonObject

    def updated(self, _now: int, /) -> int:
        """Seeded extractors never change."""
        return self.created


@dataclass(slots=True, eq=False)
class Run:
    """An extract run, of a batch or on its own."""

    id: str
    number: int
    schedule: Schedule
    files: tuple[File, ...]
    multifile: bool
    extractor: Extractor | None
    version: Version | None
    config: JsonObject
    metadata: JsonObject | None
    parse_run_id: str
    batch: "Batch | None" = None
    cancelled: int | None = None

    @property
    def created(self) -> int:
        """When the run was created."""
        return self.schedule.created

    def status(self, now: int) -> str:
        """The status at that moment."""
        if self.cancelled is not None and now >= self.cancelled:
            return CANCELLED
        return self.schedule.status(now)

    def updated(self, now: int) -> int:
        """When the status changed last, as seen at that moment."""
        if self.cancelled is not None and now >= self.cancelled:
            return self.cancelled
        return self.schedule.updated(now)


@dataclass(slots=True)
class Batch:
    """A batch run with those of its runs that have not been deleted."""

    id: str
    schedule: Schedule
    run_count: int
    runs: list[Run] = field(default_factory=list, repr=False)


@dataclass(slots=True)
class Workspace:
    """Everything that belongs to one API key."""

    extractors: dict[str, Extractor] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    numbers: int = 0

    def next_number(self) -> int:
        """Count one more creation."""
        self.numbers += 1
        return self.numbers

    def delete(self, run: Run) -> None:
        """Forget a run; its batch keeps its run count."""
        del self.runs[run.id]
        if run.batch is not None:
            run.batch.runs.remove(run)
