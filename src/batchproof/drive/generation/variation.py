"""One change to a valid request."""

from typing import Any, NamedTuple

from batchproof.history.events import CaseMode


class Variation(NamedTuple):
    """What is changed (fields of a call, by name), and what the request is then; see ``Case``."""

    mode: CaseMode
    about: str
    place: str | None
    changes: dict[str, Any]
