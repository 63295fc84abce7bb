"""One request and its answer, as every emulated vendor sees them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, QueryParams

JsonObject = dict[str, Any]

UNROUTED = "unrouted"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read completely; `now` is in milliseconds since 1970 and stays put for the whole call.

    A read from a replica has the moment up to which that one knows everything.

    `target` is the path as it was sent; `path` holds its parameters.
    """

    operation: str
    now: int
    request_id: str
    target: str
    headers: Headers
    query: QueryParams
    path: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A response before it is turned into bytes; the body is a JSON object, until a fault makes it something else.

    `encode` makes bytes of the text of the body.
    """

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    encode: Callable[[str], bytes] = str.encode


@dataclass(frozen=True, slots=True)
class Operation:
    """One method and path of a contract, with the function that answers it."""

    name: str
    method: str
    path: str
    handle: Callable[[Call], JsonObject]


class ApiError(Exception):
    """The request is refused: it is answered with this error."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
