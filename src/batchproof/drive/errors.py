"""Why a scenario stops before its end. Neither is a verdict."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from batchproof.client import Settings
from batchproof.contract.linked import Flow, Operation
from batchproof.errors import BatchproofError
from batchproof.history import Unmet as UnmetEvent
from batchproof.history.events import UnmetReason

NOTHING_CHANGED = "nothing may be changed on the server"


class Unmet(BatchproofError):  # noqa: N818 - an expected outcome
    """Something that the scenario needs is not there: why, what stays unseen for it, and the option that would help."""

    def __init__(
        self, detail: str, *, reason: UnmetReason = "precondition_unmet", option: str | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.reason = reason
        self.option = option
        self.operations: tuple[str, ...] = ()
        self.probe: str | None = None


class Stopped(BatchproofError):  # noqa: N818 - an expected outcome
    """The server's answer does not let the scenario go on. The judge sees that answer too."""

    probe: str | None = None


def event_of(error: Unmet | Stopped, scenario: str, operations: Iterable[str] = ()) -> UnmetEvent:
    """What the history says of a scenario that ended early; ``operations`` are those that it would have driven.

    Where the server is the cause, all of them stay unseen.
    """
    unmet = Unmet(str(error), reason="target_error") if isinstance(error, Stopped) else error
    unseen = operations if unmet.reason == "target_error" and error.probe is None else ()
    return UnmetEvent(
        scenario=scenario,
        reason=unmet.reason,
        detail=unmet.detail,
        operations=sorted({*unmet.operations, *unseen}),
        option=unmet.option,
        probe=error.probe,
    )


def driven(values: Mapping[str, Any], parts: Sequence[str]) -> list[str]:
    """The operations that a scenario drives: those ``parts`` of its flow, or what its other parameters name."""
    flow = values.get("flow")
    if isinstance(flow, Flow):
        found = (getattr(flow, part) for part in parts)
        return [part.name for part in found if isinstance(part, Operation)]
    named = [str(values[name]) for name in ("listing", "requested", "addressed") if name in values]
    return [*named, *getattr(values.get("workflow"), "operations", ())]


def check_may_change(settings: Settings) -> None:
    """Raises ``Unmet`` where nothing may be changed on the server."""
    if settings.max_runs == 0:
        raise Unmet(NOTHING_CHANGED, option="--max-runs 1 or more")


@contextmanager
def needing(operations: Iterable[str] = (), probe: str | None = None) -> Iterator[None]:
    """Whatever is missing inside keeps ``operations``, or just ``probe``, unseen."""
    try:
        yield
    except Unmet as unmet:
        unmet.operations = tuple(sorted(set(operations)))
        unmet.probe = probe
        raise
    except Stopped as stopped:
        stopped.probe = probe
        raise
