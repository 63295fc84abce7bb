"""The variables of invariants: what each is, and how a finding names it."""

from typing import NamedTuple


class Variable(NamedTuple):
    """A variable that expressions may name.

    A finding says ``alone`` where it means all of it, and ``of`` with the property where it means a part; without these, the bare
    name or property. ``element`` is what it calls one element of a list. ``is_subject`` marks a look at the object that ``on`` names.
    """

    name: str
    type: str
    meaning: str
    alone: str = ""
    of: str = "{}"
    element: str = ""
    is_subject: bool = False


SELF = Variable("self", "object", "The object.", "the object", is_subject=True)
OLD_SELF = Variable(
    "oldSelf", "object", "The earlier look.", "the object before", "{} before", is_subject=True
)
REQUEST = Variable("request", "any or null", "The body of the request.", "the request", "{} of the request")
CREATION = REQUEST._replace(meaning="The body of the request that created the object, or null.")
CREATED = Variable(
    "created", "boolean", "Whether this history shows the creation of the object.", "the creation"
)
QUERY = Variable("query", "object", "The query of the request, as texts.", "the query", "the parameter {}")
PATH = Variable("path", "object", "What stands in the path, such as `path.id`.", of="the {} in the path")
STATUS = Variable("status", "number", "The status of the answer.", "the status")
ROW = Variable("row", "object", "The row.", "the row", "{} in the list")
ROWS = Variable("rows", "list", "The rows of all pages.", "the list", element="row")
OWNER = Variable(
    "owner",
    "object or null",
    "The last look at the owning object that was complete before the traversal began, or null.",
    "the object that the list belongs to",
    "{} of the object that the list belongs to",
)
HEADERS = Variable(
    "headers", "object", "The response headers, in lower case.", "the headers", "the header {}"
)
EXCHANGE = (
    REQUEST._replace(meaning="The body of the request, or null."),
    QUERY,
    PATH,
    Variable("response", "any or null", "The body of the response, or null.", "the answer"),
    STATUS,
    HEADERS,
    Variable(
        "oddities",
        "list or null",
        "What RFC 8259 has against the bytes of the response, by the names of the history; null where the response is no JSON "
        "object or array.",
        "the JSON of the answer",
    ),
    Variable(
        "media_type",
        "text or null",
        "The media type of the response, without parameters, in lower case, or null.",
        "the media type",
    ),
)
WALL_TIME = (
    Variable("started_at", "timestamp", "When the run began.", "the beginning of the run"),
    Variable("asked_at", "timestamp", "When the exchange began.", "the request"),
    Variable("answered_at", "timestamp", "When the exchange ended.", "the answer"),
)
