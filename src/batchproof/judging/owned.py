"""Lists of what belongs to one object beside those of what belongs to others: the runs of one batch beside those of the rest."""

from collections.abc import Iterator, Sequence

from batchproof.judging.case import Case
from batchproof.judging.traversals import Traversal


def of_owned(traversals: Sequence[Traversal], operation: str) -> Iterator[Case]:
    """The last complete traversal over the rows of each owner that this history created, with those of all other owners."""
    last = {
        traversal.owner.id: traversal
        for traversal in traversals
        if traversal.operation == operation and traversal.owner is not None and traversal.request is not None
    }
    for identifier, traversal in last.items():
        assert traversal.owner is not None
        others = [other for name, other in last.items() if name != identifier]
        variables = {
            "query": traversal.query,
            "request": traversal.request,
            "owner": traversal.owner.value,
            "rows": traversal.rows,
            "others": [{"request": other.request, "rows": other.rows} for other in others],
        }
        pages = [page for other in others for page in other.pages]
        yield Case(variables, (*traversal.pages, traversal.owner.exchange, *pages), asked=traversal.pages)
