"""The life of runs and batches. Nothing happens in the background: a status is worked out when it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

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
        """The status at that moment (Get Batch Run, status; Get Extract Run, status), or at its creation if that was later."""
        now = max(now, self.created)
        return self.outcome if now >= self.ended else PROCESSING if now >= self.started else PENDING

    def updated(self, now: int) -> int:
        """When the status changed last, as seen at that moment."""
        now = max(now, self.created)
        return self.ended if now >= self.ended else self.started if now >= self.started else self.created


@dataclass(slots=True, eq=False)
class Life:
    """What becomes of an object: its schedule, and when it was cancelled and deleted, if ever."""

    schedule: Schedule
    cancelled: int | None = None
    deleted: int | None = None


@dataclass(slots=True, eq=False)
class Lived:
    """Something that is listed and has a life; `number` counts creations.

    Two versions that show one object have a record each, and these have one life.
    """

    id: str
    number: int
    life: Life

    @property
    def schedule(self) -> Schedule:
        """When its status changes."""
        return self.life.schedule

    @schedule.setter
    def schedule(self, schedule: Schedule) -> None:
        self.life.schedule = schedule

    @property
    def cancelled(self) -> int | None:
        """When it was cancelled, if ever."""
        return self.life.cancelled

    @cancelled.setter
    def cancelled(self, moment: int | None) -> None:
        self.life.cancelled = moment

    @property
    def deleted(self) -> int | None:
        """When it was deleted, if ever."""
        return self.life.deleted

    @deleted.setter
    def deleted(self, moment: int) -> None:
        self.life.deleted = moment

    @property
    def created(self) -> int:
        """When it was created."""
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

    def existed(self, now: int) -> bool:
        """Whether it was there at that moment, if it was created before."""
        return self.deleted is None or now < self.deleted


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an extractor or another processor."""

    id: str
    version: str
    description: str | None
    created: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A seeded extractor or other processor with its versions, the published ones in order and the draft last."""

    id: str
    number: int
    name: str
    created: int
    versions: Mapping[str, Version]
    config: JsonObject

    def updated(self, _now: int, /) -> int:
        """What is seeded never changes."""
        return self.created

    def find(self, version: str) -> Version | None:
        """The version of that name; `latest` is the published one."""
        return self.versions.get("1.0" if version == "latest" else version)
