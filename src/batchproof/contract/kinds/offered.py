"""What a recorded history offers to kinds of invariants; the judge has it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar

from batchproof.contract.model import Invariant


class Look(Protocol):
    """One look at an object."""

    @property
    def id(self) -> str:
        """The id of the object."""

    @property
    def view(self) -> str:
        """The view, as `shows` names it."""

    @property
    def status(self) -> str | None:
        """The status that it showed."""

    @property
    def value(self) -> dict[str, Any]:
        """The object as it showed it."""

    @property
    def start(self) -> float:
        """The second at which it was asked for."""

    @property
    def end(self) -> float:
        """The second at which it was complete."""


LookT = TypeVar("LookT", bound=Look)
CaseT = TypeVar("CaseT")
CaseT_co = TypeVar("CaseT_co", covariant=True)


class Offered(Protocol[LookT, CaseT_co]):
    """Cases, and what kinds make cases of. Whatever it gives is in the order of the history."""

    def looks(self, resource: str, view: str | None = None) -> Iterator[Sequence[LookT]]:
        """For each object of ``resource``, the looks at it (in ``view``, if given)."""

    def follows(self, later: LookT, earlier: LookT) -> bool:
        """Whether the one look shows what came after the other: no replica that lags explains their order."""

    def terminal(self, resource: str) -> Collection[str]:
        """The terminal states of a resource; none where it has no life cycle."""

    def case(self, variables: Mapping[str, Any], about: LookT, *evidence: LookT) -> CaseT_co:
        """A case about one look, with all the looks that show it in the order in which they are evidence."""

    def snapshots(self, resource: str, view: str | None) -> Iterable[CaseT_co]:
        """Each different look at an object, those that events offer too."""

    def comparisons(self, resource: str, view: str | None) -> Iterable[CaseT_co]:
        """Looks that follow each other, however closely."""

    def answers(self, operation: str, answered: Literal["success", "error", "any"]) -> Iterable[CaseT_co]:
        """The answers of an operation, or of all of them (``*``)."""

    def calls(self, operation: str) -> Iterable[CaseT_co]:
        """The calls of an operation on one object, with the looks before and after them."""

    def rows(self, operation: str) -> Iterable[CaseT_co]:
        """The rows of every page of a list."""

    def traversals(self, operation: str) -> Iterable[CaseT_co]:
        """Lists that were read to their end."""

    def owned(self, operation: str) -> Iterable[CaseT_co]:
        """The lists of what belongs to one object, each beside those of all others."""

    def probes(self, name: str) -> Iterable[CaseT_co]:
        """Both requests of a probe."""

    def references(self, invariant: Invariant) -> Iterable[CaseT_co]:
        """Reads of objects of the resource ``to`` that a look at an object of the resource ``on`` had named."""

    def deliveries(self, resource: str) -> Iterable[CaseT_co]:
        """Deliveries of webhooks about a resource, or all of them (``*``)."""
