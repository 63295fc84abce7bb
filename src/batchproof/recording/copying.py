"""A body as it goes by, as far as it is kept, and what it says without its content coding."""

from collections.abc import Sequence

from batchproof.history.codings import UnreadableError, plain
from batchproof.history.traffic.message import joined

# bytes of one body; what is longer goes by all the same
MOST = 16 * 1024 * 1024


class Copy:
    """The bytes of one body, of which the first ``MOST`` are kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        # whether its end has gone by
        self.ended = False

    def add(self, piece: bytes) -> None:
        """Keeps ``piece``, unless it is too much."""
        self._size += len(piece)
        if self._size <= MOST:
            self._pieces.append(piece)

    @property
    def whole(self) -> bytes | None:
        """All bytes; None where there were too many, or where the end is missing."""
        return b"".join(self._pieces) if self.ended and self._size <= MOST else None

    @property
    def lost(self) -> str:
        """Why there is no whole."""
        return (
            "the answer was not read to its end"
            if not self.ended
            else f"the body is longer than {MOST} bytes"
        )


def uncoded(headers: Sequence[tuple[str, str]], raw: bytes) -> tuple[bytes | None, str | None]:
    """The body ``raw`` without its content coding, or else why it cannot be read."""
    try:
        return b"".join(plain(joined(headers).get("content-encoding", ""), [raw], MOST)), None
    except UnreadableError as error:
        return None, error.failure.message


def decoded(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Raw headers as text."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
