"""The body of an answer: inflated in small steps, and never larger than was agreed."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from batchproof.history.codings import UnreadableError, plain

# what every server can send; whoever sends another coding that is known is read all the same
ACCEPTED = "gzip, deflate"
# bytes of all bodies of a run together that are not small
MOST_IN_ALL = 64 * 1024 * 1024
_SMALL = 256 * 1024
_LARGE = 1024 * 1024
_WIDE = re.compile(rb"[\xf0-\xf7]")


class Allowance:
    """How much of large bodies is kept in one run: all of them stay in memory until it is judged. Threads may share it."""

    def __init__(self, most: int = MOST_IN_ALL) -> None:
        self._most = self._left = most
        self._lock = threading.Lock()

    def take(self, content: bytes) -> None:
        """Takes what a body needs in memory. Raises ``UnreadableError`` when that is more than is left."""
        if len(content) <= _SMALL:
            return
        # one character beyond the basic plane makes all others of a text as wide
        size = len(content) * (4 if _WIDE.search(content) else 1)
        with self._lock:
            if size > self._left:
                raise UnreadableError(
                    "too_large", f"the large bodies of this run are longer than {self._most} bytes together"
                )
            self._left -= size


class LargeBodies:
    """Large bodies are read, parsed and put on record one at a time: each needs ten times its size meanwhile."""

    def __init__(self, waited: Callable[[float], None]) -> None:
        """``waited`` is told for how many seconds a thread has waited for its turn."""
        self._lock = threading.Lock()
        self._waited = waited

    @contextmanager
    def turn(self) -> Iterator[Callable[[int], None]]:
        """Gives a function that is told how long the body is so far; from a certain size on it waits for the others."""
        held = False

        def grown(size: int) -> None:
            nonlocal held
            if held or size <= _LARGE:
                return
            before = time.monotonic()
            self._lock.acquire()
            held = True
            self._waited(time.monotonic() - before)

        try:
            yield grown
        finally:
            if held:
                self._lock.release()


def _unheard(_: int) -> None:
    pass


def content_of(answer: httpx.Response, most: int, grown: Callable[[int], None] = _unheard) -> bytes:
    """The bytes of a body, with every content coding taken away. Raises ``UnreadableError``.

    No layer of it is longer than ``most`` bytes; ``grown`` is told how many there are so far.
    """
    assert isinstance(answer.stream, httpx.SyncByteStream)
    kept: list[bytes] = []
    size = 0
    for piece in plain(answer.headers.get("content-encoding", ""), answer.stream, most):
        kept.append(piece)
        size += len(piece)
        grown(size)
    return b"".join(kept)
