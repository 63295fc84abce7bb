"""``each: row``: one row of one page of a list."""

from collections.abc import Iterable

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfLists
from batchproof.contract.kinds.variables import PATH, QUERY, ROW, Variable
from batchproof.contract.model import Invariant


class Row(OfLists):
    """Every row of every accepted page."""

    name = "row"
    where = "in every row of {on}"
    own_variables = (
        ROW,
        QUERY,
        PATH,
        Variable(
            "reachable",
            "object",
            "For each state of what the list shows, those that can be seen after it, itself included.",
        ),
    )
    note = (
        "Use `reachable` for filters by status, so that a row that moved on while the page was made breaks none: "
        "`row.status in reachable[query.status]`."
    )

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each row."""
        return offered.rows(invariant.on)
