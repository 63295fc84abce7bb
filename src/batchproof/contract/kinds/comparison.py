"""``each: comparison``: two looks at one object that follow each other, for what never changes."""

from collections.abc import Iterable

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfTwoLooks
from batchproof.contract.kinds.variables import OLD_SELF, SELF
from batchproof.contract.model import Invariant


class Comparison(OfTwoLooks):
    """Two looks at an object that follow each other."""

    name = "comparison"
    where = "between any two looks at the same {on}"
    own_variables = (OLD_SELF, SELF._replace(meaning="The later look, or what an event shows."))
    note = (
        "The two looks follow each other, however closely, or are the last look and what an event shows. Use it for what never "
        "changes: a view that is behind shows that as all others do."
    )

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each look that is not the first, and for each event."""
        return offered.comparisons(invariant.on, invariant.view)
