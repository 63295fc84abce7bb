"""Takes the secrets out of exchanges of somebody else's traffic."""

import re
from collections.abc import Sequence
from typing import Any

from msgspec import structs

from batchproof.contract import pointer
from batchproof.history.events import Exchange, Request, Response, has_body
from batchproof.history.presigned import is_signed
from batchproof.history.redaction import Redactor
from batchproof.history.traffic.callers import is_credential
from batchproof.history.writer import redacted

_REDACTED = "[redacted]"
_USER = re.compile(r"\A(https?://)[^/@]*@", re.IGNORECASE)
_PARAMETER = re.compile(r"(?<=[?&])([^=&#]+)=([^&#]*)")


class Cleaner:
    """Replaces what ``redactor`` knows, what always is a secret, and what ``pointers`` name in bodies."""

    def __init__(self, redactor: Redactor, pointers: Sequence[str] = ()) -> None:
        """Raises ``ValueError`` where one of ``pointers`` is no JSON Pointer."""
        for at in pointers:
            pointer.parse(at)
        self._redactor = redactor
        self._pointers = pointers

    def learn(self, exchange: Exchange) -> None:
        """Replaces what the pointers name in ``exchange`` wherever else it occurs, too."""
        values = {
            value
            for side in (exchange.request, exchange.response)
            if side is not None and has_body(side)
            for at in self._pointers
            for _, value in pointer.find(side.body, at)
        }
        found = [value for value in values if isinstance(value, str)]
        if found:
            self._redactor.learn({f"REDACTED_{number}": value for number, value in enumerate(found, start=1)})

    def clean(self, exchange: Exchange) -> Exchange:
        """``exchange`` without secrets: the only form of it that may be written."""
        found = redacted(self.bare(exchange), self._redactor)
        assert isinstance(found, Exchange)
        return found

    def bare(self, exchange: Exchange) -> Exchange:
        """``exchange`` for a writer that has the same redactor: without what that one would not know for a secret."""
        response = exchange.response
        return structs.replace(
            exchange,
            request=self._request(exchange.request),
            response=None if response is None else self._response(response),
        )

    def _request(self, request: Request) -> Request:
        return structs.replace(
            request,
            url=_PARAMETER.sub(_parameter, _USER.sub(r"\1", request.url)),
            query=[(name, _REDACTED if _is_secret(name) else value) for name, value in request.query],
            headers=self._headers(request.headers),
            body=self._body(request),
        )

    def _response(self, response: Response) -> Response:
        return structs.replace(response, headers=self._headers(response.headers), body=self._body(response))

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        """Headers that carry credentials say the name of what is known, and of the rest nothing."""
        return {
            name: _REDACTED if is_credential(name) and not self._redactor.may_hold_a_secret(value) else value
            for name, value in headers.items()
        }

    def _body(self, side: Request | Response) -> Any:
        return emptied(side.body, self._pointers) if has_body(side) else side.body


def emptied(body: Any, pointers: Sequence[str]) -> Any:
    """``body`` with nothing left at what ``pointers`` name."""
    places = {place for at in pointers for place, _ in pointer.find(body, at)}
    return _without(body, places, "") if places else body


def _parameter(match: re.Match[str]) -> str:
    return f"{match.group(1)}={_REDACTED}" if _is_secret(match.group(1)) else match.group()


def _is_secret(name: str) -> bool:
    return is_signed(name) or is_credential(name)


def _without(value: Any, places: set[str], at: str) -> Any:
    if at in places:
        return _REDACTED
    if isinstance(value, dict):
        return {name: _without(child, places, at + pointer.join([name])) for name, child in value.items()}
    if isinstance(value, list):
        return [_without(child, places, f"{at}/{number}") for number, child in enumerate(value)]
    return value
