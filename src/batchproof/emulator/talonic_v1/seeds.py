"""What every workspace holds when it is first met. The ids are the same in all of them.

Batches cannot be created through the API, so there are some in each status. Those that are under way keep the
documented pace (15 minutes, an hourly poll, a delivery within 24 hours), apart from the two of `moving`.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .behaviour import Behaviour
from .store import COMPLETED, EXPIRED, FAILED, Batch, Document, Item, Source, Workspace

_SECOND = 1_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_NAMES = uuid.UUID("5b0e6c0e-4f0e-5d5c-9a53-2f1f0a3c7d10")
_SOURCES = ("Invoice Pipeline", "Contract Archive")
_SPOILED = {COMPLETED: 0, EXPIRED: 1, FAILED: 2}
_ERROR = "The provider could not process the batch."


@dataclass(frozen=True, slots=True)
class Seed:
    """A batch to begin with: its age, its other moments counted from its beginning, and its number of items."""

    name: str
    age: int
    submitted: int
    ready: int
    polled: int
    items: int
    error: str | None = None
    cancelled: int | None = None


@cache
def seed_id(name: str) -> str:
    """The id of a seeded object."""
    return str(uuid.uuid5(_NAMES, name))


CANCELLABLE = tuple(f"{status} {n}" for n in range(6) for status in ("accumulating", "submitted"))


# Of two batches in a row one had troubles, which are those of its second and third item.
DOCUMENTS = tuple(f"completed {n} {index}" for index in range(3) for n in (1, 2))


def workspace(behaviour: Behaviour, now: int) -> Workspace:
    """A new workspace: two sources, and batches in each status."""
    made = Workspace()
    for name in _SOURCES:
        source = Source(seed_id(name), name, now - 90 * _DAY)
        made.sources[source.id] = source
    for seed in sorted(_seeds(behaviour), key=lambda seed: -seed.age):
        _plant(made, seed, now)
    return made


def _seeds(behaviour: Behaviour) -> Iterator[Seed]:
    day, quarter = 24 * _HOUR, 15 * _MINUTE
    for n in range(6):
        yield Seed(f"accumulating {n}", (n + 1) * 10 * _SECOND, quarter, day, day + _HOUR, 3 + n)
        yield Seed(f"submitted {n}", _HOUR + n * _MINUTE, quarter, day, day + _HOUR, 4 + n)
    for n in range(4):
        yield Seed(f"ready {n}", 20 * _HOUR + n * _MINUTE, quarter, 20 * _HOUR - _MINUTE, 21 * _HOUR, 6 + n)
    for n in range(9):
        size = 142 if n == 0 else 5 + n
        yield Seed(f"completed {n}", (n + 2) * _DAY, quarter, 8 * _HOUR, 9 * _HOUR, size)
    for n in range(3):
        yield Seed(f"failed {n}", (n + 2) * _DAY + _HOUR, quarter, 2 * _HOUR, 3 * _HOUR, 4 + n, error=_ERROR)
        yield Seed(
            f"cancelled {n}",
            (n + 2) * _DAY + 2 * _HOUR,
            quarter,
            2 * _HOUR,
            3 * _HOUR,
            5 + n,
            # Before the submission, after it, and when the provider had finished some items.
            cancelled=(_MINUTE, _HOUR, 2 * _HOUR + _MINUTE)[n],
        )
    step, pace = behaviour.step_ms, behaviour.pace
    submitted = _SECOND + pace.accumulation * step
    ready = submitted + pace.provider * step
    for n, error in enumerate((None, _ERROR)):
        yield Seed(f"moving {n}", _SECOND, submitted, ready, ready + pace.poll * step, 6, error=error)


def _plant(made: Workspace, seed: Seed, now: int) -> None:
    created = now - seed.age
    number = made.next_number()
    batch = Batch(
        id=seed_id(seed.name),
        number=number,
        created=created,
        provider=("anthropic", "bedrock")[number % 2],
        submitted=created + seed.submitted,
        ready=created + seed.ready,
        polled=created + seed.polled,
        error=seed.error,
        cancelled=None if seed.cancelled is None else created + seed.cancelled,
    )
    made.batches[batch.id] = batch
    fates = {index: fate for fate, index in _SPOILED.items()} if number % 2 else {}
    for index in range(seed.items):
        _plant_item(made, batch, f"{seed.name} {index}", index, fates.get(index, COMPLETED))


def _plant_item(made: Workspace, batch: Batch, name: str, index: int, fate: str) -> None:
    document = Document(
        id=seed_id(f"document {name}"),
        filename=f"{name.replace(' ', '_')}.pdf",
        type="application/pdf",
        size=48_000 + 1_000 * index,
        source=next(iter(made.sources.values())),
        created=batch.created,
        duration=0,
    )
    made.add_document(document)
    document.item = Item(seed_id(f"item {name}"), index, document, batch, batch.created, fate)
    batch.items.append(document.item)
