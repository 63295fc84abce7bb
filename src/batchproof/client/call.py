"""A request that a driver wants to send."""

from typing import Any, Literal

from msgspec import UNSET, Struct

from batchproof.history import Case

AuthMode = Literal[
    "token", "none", "unknown", "malformed", "basic", "second", "limited", "unpaid", "lower-case"
]
Spelling = Literal["lower", "upper", "title"]


class File(Struct, frozen=True, kw_only=True):
    """A file of a form."""

    name: str
    content: bytes


class Call(Struct, frozen=True, kw_only=True):
    """A request that a driver wants to send. ``documents`` is how many documents it may cause to be processed.

    ``more_query`` and ``more_headers`` are sent after the others, and may repeat them; ``spelling`` is that of the
    names of headers.
    """

    operation: str
    path: dict[str, str] = {}
    query: dict[str, str] = {}
    headers: dict[str, str | None] = {}
    body: Any = UNSET
    form: dict[str, Any] | None = None
    raw: bytes | None = None
    content_type: str = "application/json"
    auth: AuthMode = "token"
    documents: int = 0
    probe: str | None = None
    control_of: list[str] = []
    more_query: list[tuple[str, str]] = []
    more_headers: list[tuple[str, str]] = []
    spelling: Spelling = "lower"
    case: Case | None = None
