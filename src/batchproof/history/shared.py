"""What is equal in the events of a history is kept once: servers show the same objects again and again.

Whoever judges recognises by identity what was judged before, and a long history takes little more memory than a short one.
"""

from hashlib import blake2b
from typing import Any

import msgspec

from batchproof.history.events import Event, Exchange, Request, Response, has_body

_BITS = 128


class Shared:
    """The JSON values that were seen so far, each by a hash of its text."""

    def __init__(self) -> None:
        self._seen: dict[bytes, Any] = {}

    def event(self, event: Event) -> Event:
        """``event``, which nobody else has seen yet, with the bodies and headers of others where they are equal."""
        if isinstance(event, Exchange):
            self._share(event.request)
            if event.response is not None:
                self._share(event.response)
        return event

    def _share(self, side: Request | Response) -> None:
        # the event is still this function's own, and a copy would cost more than all the rest
        msgspec.structs.force_setattr(side, "headers", self.value(side.headers))
        if has_body(side):
            msgspec.structs.force_setattr(side, "body", self.value(side.body))

    def value(self, value: Any) -> Any:
        """What is equal to ``value`` and was seen first; the parts of what is new are shared in place."""
        if not isinstance(value, dict | list):
            return value
        key = blake2b(msgspec.json.encode(value), digest_size=_BITS // 8).digest()
        known = self._seen.get(key)
        if known is not None:
            return known
        self._seen[key] = value
        for at, child in list(value.items() if isinstance(value, dict) else enumerate(value)):
            if isinstance(child, dict | list):
                value[at] = self.value(child)
        return value
