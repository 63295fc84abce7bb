"""One request of somebody else's program, with what came of it."""

from collections.abc import Sequence
from typing import NamedTuple


class Message(NamedTuple):
    """A request and its answer, with nothing worked out yet. ``start`` and ``end`` are seconds since 1970.

    ``number`` is its place in the recording, from 1 on. ``end`` is None where nobody knows it. ``sent`` and ``content``
    are the bodies without any content coding, None where the recording does not hold them; ``lost`` says why there is no
    answer that could be read. What is not JSON may have been ``cut`` by who recorded it.
    """

    number: int
    method: str
    url: str
    start: float
    end: float | None
    headers: Sequence[tuple[str, str]] = ()
    sent: bytes | None = None
    status: int | None = None
    answered: Sequence[tuple[str, str]] = ()
    content: bytes | None = None
    lost: str | None = None
    cut: bool = True


def joined(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Headers by lower-case name, without the pseudo headers of HTTP/2; one that comes twice is joined by commas."""
    found: dict[str, str] = {}
    for given, value in headers:
        name = given.lower()
        if name and not name.startswith(":"):
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found
