"""What events and supply need of the API, which holds both of them. Its docstrings say what is raised."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from batchproof.client import Settings
from batchproof.contract import Contract
from batchproof.contract.model import Flow
from batchproof.drive.errors import Stopped, Unmet
from batchproof.drive.objects import Objects
from batchproof.drive.refs import Ref
from batchproof.drive.shared import Shared
from batchproof.history import Exchange


class Reading(Protocol):
    """Reads single objects."""

    @property
    def settings(self) -> Settings: ...

    @property
    def objects(self) -> Objects: ...

    @property
    def halted(self) -> bool:
        """Whether the run has stopped asking."""

    def read(self, operation: str, ref: Ref) -> dict[str, Any]:
        """Reads an object."""


class Making(Reading, Protocol):
    """Makes objects, and finds them in lists."""

    @property
    def contract(self) -> Contract: ...

    @property
    def scenario(self) -> str: ...

    @property
    def shared(self) -> Shared: ...

    def of(self, scenario: str) -> "Making":
        """The same server for another scenario."""

    def submit(self, flow: Flow, kinds: Sequence[str]) -> Ref:
        """Submits a batch, one input document for each of ``kinds``."""

    def create(self, flow: Flow) -> Ref:
        """Creates one object that is not a batch."""

    def call(self, operation: str, ref: Ref) -> Exchange:
        """Sends an operation on one object."""

    def poll_until_terminal(self, operation: str, ref: Ref) -> dict[str, Any]:
        """Reads an object until its status is no longer one on the way."""

    def reader(self, resource: str) -> str | None:
        """The operation that reads an object of ``resource``, or None."""

    def status(self, ref: Ref, value: dict[str, Any]) -> Any:
        """The status that ``value`` shows, or None."""

    def page(self, operation: str, **query: str) -> list[Any]:
        """The rows of one page of a list."""

    def traverse(self, operation: str, owner: Ref) -> list[Any]:
        """The rows of a list that belong to ``owner``."""

    def refs(self, operation: str, rows: Iterable[Any]) -> list[Ref]:
        """The objects that the rows of a list show."""

    def ref(self, operation: str, row: Any) -> Ref | None:
        """The object that one row of a list shows."""

    def give_up(self, error: Unmet | Stopped, operations: Iterable[str]) -> None:
        """Puts on record that a part of a scenario ended early."""

    def end(self, made: Iterable[Ref]) -> None:
        """Puts on record that this scenario has ended, and what it ``made`` for all others."""
