"""The query parameters of all lists (Pagination), and the values of those that filter runs."""

from batchproof.emulator.exchange import Call
from batchproof.emulator.paging import Window
from batchproof.emulator.query import Query

from .behaviour import Limits
from .errors import invalid

SOURCES = (
    "ADMIN",
    "BATCH_PROCESSOR_RUN",
    "PLAYGROUND",
    "WORKFLOW_CONFIGURATION",
    "WORKFLOW_RUN",
    "STUDIO",
    "API",
)


def query_of(call: Call) -> Query:
    """The query of a call."""
    return Query(call, invalid)


def window(call: Call, limits: Limits, *, sortable: bool = True) -> Window:
    """Read `sortBy`, `sortDir`, `maxPageSize` and `nextPageToken`; what cannot be sorted comes newest first."""
    query = query_of(call)
    size = query.integer("maxPageSize", default=limits.default_page_size, most=limits.page_size)
    token = query.single("nextPageToken")
    if not sortable:
        return Window(size, token, by_update=False)
    return Window(
        size=size,
        token=token,
        by_update=query.choice("sortBy", ("updatedAt", "createdAt")) != "createdAt",
        descending=query.choice("sortDir", ("asc", "desc")) != "asc",
    )
