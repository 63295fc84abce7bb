"""What the emulator remembers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common.files import File
from batchproof.emulator.extend_common.life import CANCELLED, FAILED, Definition, Lived, Schedule, Version
from batchproof.emulator.extend_common.outbox import Subscribed

from .families import FAMILIES, Family

# For a parse run that was cancelled no reason is documented (Get Parse Run, failureReason); this is the least specific.
_STOPPED = ("INTERNAL_ERROR", "The run was cancelled.")


# Which parts a usage has, by the age of the run (Get Extract Run, usage): the youngest has them all.
Billing = Literal["none", "credits", "charges"]


@dataclass(frozen=True, slots=True)
class Review:
    """What a human made of a run: looked at it only, or edited its output, too."""

    edited: bool


@dataclass(frozen=True, slots=True)
class Processor(Definition):
    """A seeded extractor, classifier or splitter."""


@dataclass(slots=True, eq=False)
class Run(Lived):
    """A run of any family, of a batch or on its own."""

    family: Family
    files: tuple[File, ...]
    multifile: bool
    processor: Processor | None
    version: Version | None
    config: JsonObject
    metadata: JsonObject | None
    parse_run_id: str | None
    batch: "Batch | None" = None
    review: Review | None = None
    billing: Billing = "charges"
    reason: tuple[str, str] | None = None

    def status(self, now: int) -> str:
        """The status at that moment; a family that knows no CANCELLED has another word for it."""
        status = Lived.status(self, now)
        return self.family.cancelled if status == CANCELLED else status

    def failure(self, status: str) -> tuple[str, str] | tuple[None, None]:
        """The reason and the message of a run that stands in that status."""
        if status != FAILED:
            return None, None
        return (self.reason or self.family.failure) if self.cancelled is None else _STOPPED

    @property
    def page_count(self) -> int:
        """How many pages were read."""
        return sum(file.page_count or 1 for file in self.files)


@dataclass(slots=True)
class Batch:
    """A batch run with the runs that were made for it."""

    id: str
    schedule: Schedule
    run_count: int
    made: list[Run] = field(default_factory=list, repr=False)

    @property
    def runs(self) -> list[Run]:
        """Those of its runs that have not been deleted."""
        return [run for run in self.made if run.deleted is None]

    @property
    def created(self) -> int:
        """When the batch was submitted."""
        return self.schedule.created


@dataclass(slots=True)
class Workspace(Subscribed):
    """Everything that belongs to one API key: processors and runs by the name of their family."""

    processors: dict[str, dict[str, Processor]] = field(
        default_factory=lambda: {family.name: {} for family in FAMILIES}
    )
    batches: dict[str, Batch] = field(default_factory=dict)
    runs: dict[str, dict[str, Run]] = field(default_factory=lambda: {family.name: {} for family in FAMILIES})
    # Told of every run that a request makes, where another version shows it, too.
    shown: Callable[[Run], object] | None = field(default=None, repr=False)

    def add(self, run: Run) -> None:
        """Take in a run that a request has made."""
        self.runs[run.family.name][run.id] = run
        if run.batch is not None:
            run.batch.made.append(run)
        if self.shown is not None:
            self.shown(run)

    def existing(self, family: Family, id_: str, now: int) -> Run | None:
        """The run of that id, if it had not been deleted at that moment."""
        run = self.runs[family.name].get(id_)
        return run if run is not None and run.existed(now) else None
