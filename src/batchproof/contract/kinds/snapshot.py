"""``each: snapshot``: one look at an object."""

from collections.abc import Iterable, Sequence

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfObjects
from batchproof.contract.kinds.variables import CREATED, CREATION, SELF
from batchproof.contract.model import Invariant
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown


class Snapshot(OfObjects):
    """Every look at an object, also those that events show."""

    name = "snapshot"
    where = "whenever an answer shows {on}"
    own_variables = (SELF, CREATION, CREATED)
    example = "object"
    note = (
        "Looks that show the same are judged once, by the times of the first. A payload of an event is a look, too; it has no times, "
        "since nobody knows when it was taken."
    )

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """The object in its view, and what creates it."""
        return {
            "self": shown.object(invariant.on, invariant.view),
            "request": shown.creation(invariant.on),
        }

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each look that shows something else than the one before."""
        return offered.snapshots(invariant.on, invariant.view)
