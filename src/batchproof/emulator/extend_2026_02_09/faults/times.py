"""Times and statuses of runs that go back."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09.families import PARSE, Family
from batchproof.emulator.extend_2026_02_09.store import Run
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.extend_common.life import PENDING, PROCESSED, PROCESSING

from .table import each_family

_HOUR_MS = 60 * 60 * 1000


def _timed(family: Family) -> str:
    """The kind of object that shows the times of a run: of a parse run only its row in a list does."""
    return f"{family.kind}_summary" if family is PARSE else family.kind


@each_family("{run}-created-after-its-update", breaks="{run}.updated_at.order")
def created_after_its_update(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, updatedAt: the last update; here createdAt is one hour later than the creation, and so than updates."""

    def shift(body: JsonObject, run: Run, _call: Call) -> None:
        if "createdAt" in body:
            body["createdAt"] = behaviour.timestamp(run.created + _HOUR_MS)

    for kind in (family.kind, f"{family.kind}_summary"):
        behaviour.on_object(kind, shift)


@each_family("{run}-updated-at-falls", breaks="{run}.updated_at.monotone")
def updated_at_falls(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, updatedAt: the last update; here the third look after the end shows the creation instead."""

    def fall(body: JsonObject, run: Run, _call: Call) -> None:
        body["updatedAt"] = behaviour.timestamp(run.created)

    tricks.from_look(behaviour, _timed(family), (PROCESSED,), 3, fall)


@each_family("{run}-waits-again", breaks="{run}.status.order")
def waits_again(behaviour: Behaviour, family: Family) -> None:
    """Get {Run}, status: PENDING comes first; here the second look at a run of a batch at work shows it PENDING."""

    def step_back(body: JsonObject, run: Run, _call: Call) -> None:
        if run.batch is not None:
            body["status"] = PENDING

    tricks.from_look(behaviour, family.kind, (PROCESSING,), 2, step_back)
