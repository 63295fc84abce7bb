"""``each: owned``: the list of what belongs to one object, beside the lists of what belongs to others."""

from collections.abc import Iterable, Iterator, Mapping

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfLists
from batchproof.contract.kinds.variables import CREATION, OWNER, QUERY, ROWS, Variable
from batchproof.contract.model import Invariant, Operation


class Owned(OfLists):
    """The last complete traversal over what belongs to each object that the history created."""

    name = "owned"
    on = "a list operation with `pages` and an `owner`"
    where = "between what {on} shows of one owner and of others"
    takes = "owned"
    own_variables = (
        QUERY,
        CREATION._replace(meaning="The body of the request that created the owner."),
        OWNER._replace(type="object", meaning="The object that the list belongs to."),
        ROWS,
        Variable(
            "others",
            "list",
            "The same of every other owner, each with `request` and `rows`.",
            "the other lists",
            element="list",
        ),
    )
    note = "It is judged on the last complete traversal over what belongs to an object that this history created."

    def unfit(self, operations: Mapping[str, Operation], on: str) -> Iterator[str]:
        """The operation is no list, or nobody owns its rows."""
        yield from super().unfit(operations, on)
        if operations[on].owner is None:
            yield f"is about what others own, and {on} declares no owner"

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each owner."""
        return offered.owned(invariant.on)
