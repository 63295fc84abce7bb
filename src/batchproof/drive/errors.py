"""Why a scenario stops before its end. Neither is a verdict."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from batchproof.history.events import UnmetReason


class Unmet(Exception):  # noqa: N818 - an expected outcome
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


class Stopped(Exception):  # noqa: N818 - an expected outcome
    """The server's answer does not let the scenario go on. The judge sees that answer too."""


@contextmanager
def needing(operations: Iterable[str] = (), probe: str | None = None) -> Iterator[None]:
    """Whatever is missing inside keeps ``operations``, or just ``probe``, unseen."""
    try:
        yield
    except Unmet as unmet:
        unmet.operations = tuple(sorted(set(operations)))
        unmet.probe = probe
        raise
