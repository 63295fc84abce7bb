"""Which bearer tokens are accepted."""

import re
from collections.abc import Collection

from starlette.datastructures import Headers

_REFUSED = re.compile(r"unknown|invalid|wrong|revoked|expired|malformed", re.IGNORECASE)
_LIMITED = "limited"
_SECOND = "second"
_UNPAID = "unpaid"
_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)


class TokenPolicy:
    """Accepts the given tokens; without any, every token but those whose text says that they are bad."""

    def __init__(self, tokens: Collection[str] | None = None) -> None:
        self._tokens = None if tokens is None else frozenset(tokens)

    def token(self, headers: Headers) -> str | None:
        """The accepted token of a request, or None if the request is not authenticated."""
        given = headers.getlist("authorization")
        match = _BEARER.fullmatch(given[0].strip()) if len(given) == 1 else None
        if match is None:
            return None
        token = match[1]
        accepted = not _REFUSED.search(token) if self._tokens is None else token in self._tokens
        return token if accepted else None

    def limited(self, token: str) -> bool:
        """Whether the quota of a token is used up; its text tells."""
        return _LIMITED in token

    def unpaid(self, token: str) -> bool:
        """Whether a token belongs to a customer without credits; its text tells."""
        return _UNPAID in token

    def foreign(self, token: str) -> bool:
        """Whether a token belongs to another organisation, which has nothing yet; its text tells."""
        return _SECOND in token
