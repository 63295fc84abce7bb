"""``each: traversal``: a list that was read to its end."""

from collections.abc import Iterable

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfLists
from batchproof.contract.kinds.variables import CREATION, OWNER, QUERY, ROWS, Variable
from batchproof.contract.model import Invariant


class Traversal(OfLists):
    """All pages of a list, from one without a token to one without a next one."""

    name = "traversal"
    where = "over all pages of {on}"
    takes = "traversal"
    own_variables = (
        ROWS,
        QUERY._replace(meaning="The query, without the token."),
        Variable("pages", "list", "How many rows each page has."),
        Variable("about", "list", "What the body of each page says beside its rows.", element="page"),
        OWNER,
        CREATION._replace(meaning="The body of the request that created the owner, or null."),
        Variable("deleted", "boolean", "Whether rows may be missing because objects were deleted."),
        Variable(
            "known",
            "list",
            "Objects of the kind of the rows that this history had seen at rest (in an end, or at all where they have no life "
            "cycle) a second or more before the traversal began, and that no call may have changed since; with an owner, those "
            "that are known to belong to it.",
            "the known objects",
            element="known object",
        ),
        Variable(
            "still",
            "list",
            "Those of `known` that were seen again a second or more after the traversal, so that nobody else can have deleted "
            "them, and at rest a second before the same list was asked for the last time before, which a cache may repeat.",
        ),
        Variable(
            "details",
            "list",
            "The last looks in detail at the objects of the rows, whenever they were taken.",
            "the objects of the list",
            element="object",
        ),
        Variable(
            "later",
            "object or null",
            "The first look in detail at the owning object that began a second after the traversal had ended, or null.",
            "a later look",
            "{} later",
        ),
    )
    note = "The times are those of the first page and of the last one."

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each time that the list was read to its end."""
        return offered.traversals(invariant.on)
