"""``each: counterpart``: one object in two views, at rest in both, so that nothing explains that they disagree."""

from collections.abc import Iterable, Sequence

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfObjects
from batchproof.contract.kinds.variables import ROW, SELF
from batchproof.contract.model import Invariant
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown


class Counterpart(OfObjects):
    """Looks that are not in detail beside those in detail, both in the same terminal state."""

    name = "counterpart"
    on = "a resource"
    where = "between {on} in a list and the same one in detail"
    own_variables = (
        ROW._replace(meaning="The object in another view, such as a list.", is_subject=True),
        SELF._replace(meaning="The object in detail."),
    )
    timed = False
    repeats = True
    note = (
        "Both looks show the same terminal state. The last looks of both views are compared, and each earlier one with the look in "
        "detail next to it, unless the looks in detail before and after it differ."
    )

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """The object, in whatever view."""
        return {"self": shown.object(invariant.on), "row": shown.object(invariant.on)}

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each look that is not in detail and has a look in detail beside it."""
        terminal = offered.terminal(invariant.on)
        for looks in offered.looks(invariant.on):
            resting = [look for look in looks if look.status in terminal]
            details = [look for look in resting if look.view == "detail"]
            rows = [look for look in resting if look.view != "detail"]
            for row in rows:
                detail = details[-1] if row is rows[-1] and details else _beside(row, details)
                if detail is not None and detail.status == row.status:
                    yield offered.case({"row": row.value, "self": detail.value}, row, row, detail)


def _beside(row: LookT, details: Sequence[LookT]) -> LookT | None:
    """The look in detail after ``row``, else the one before it.

    None where these two differ: somebody changed the object at rest, and which of them it has to equal is not known.
    """
    before = next((look for look in reversed(details) if look.end <= row.start), None)
    after = next((look for look in details if look.start >= row.end), None)
    if before is not None and after is not None and before.value != after.value:
        return None
    return after or before
