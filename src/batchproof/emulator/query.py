"""Reading the query of a call; unknown parameters are ignored."""

import re
from collections.abc import Callable

from .exchange import ApiError, Call

_NUMBER = re.compile(r"[0-9]{1,9}")


class Query:
    """The query of one call; a value that makes no sense is refused with `refusal(message)`."""

    def __init__(self, call: Call, refusal: Callable[[str], ApiError]) -> None:
        self._values = call.query
        self._refusal = refusal

    def single(self, name: str) -> str | None:
        """The value of a parameter that may be given once."""
        values = self._values.getlist(name)
        if len(values) > 1:
            raise self._refusal(f"{name} must not be given more than once.")
        return values[0] if values else None

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """The value of a parameter that must be one of `choices`."""
        value = self.single(name)
        if value is not None and value not in choices:
            raise self._refusal(f"{name} must be one of {', '.join(choices)}.")
        return value

    def integer(self, name: str, *, default: int, most: int) -> int:
        """The value of a parameter that must be an integer from 1 to `most`."""
        text = self.single(name)
        if text is None:
            return default
        if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
            raise self._refusal(f"{name} must be an integer from 1 to {most}.")
        return int(text)
