"""Lists of what belongs to one object beside those of what belongs to others: the runs of one batch beside those of the rest."""

from collections.abc import Iterator, Sequence

from batchproof.judge.case import Case
from batchproof.judge.walks import Walk


def of_owned(walks: Sequence[Walk], operation: str) -> Iterator[Case]:
    """The last complete walk over the rows of each owner that this history created, with those of all other owners."""
    last = {
        walk.owner.id: walk
        for walk in walks
        if walk.operation == operation and walk.owner is not None and walk.request is not None
    }
    for identifier, walk in last.items():
        assert walk.owner is not None
        others = [other for name, other in last.items() if name != identifier]
        variables = {
            "query": walk.query,
            "request": walk.request,
            "owner": walk.owner.value,
            "rows": walk.rows,
            "others": [{"request": other.request, "rows": other.rows} for other in others],
        }
        pages = [page for other in others for page in other.pages]
        yield Case(variables, (*walk.pages, walk.owner.exchange, *pages), asked=walk.pages)
