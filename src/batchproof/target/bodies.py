"""The body of an answer: inflated in small steps, and never larger than was agreed."""

import re
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import httpx

from batchproof.history import Failure
from batchproof.history.events import FailureKind

# what is asked for; nobody has to send it, and what else comes is not read
ACCEPTED = "gzip, deflate"
# bytes of all bodies of a run together that are not small
MOST_IN_ALL = 64 * 1024 * 1024
_SMALL = 256 * 1024
_LARGE = 1024 * 1024
_WIDE = re.compile(rb"[\xf0-\xf7]")
_STEP = 64 * 1024
_MOST_LAYERS = 5
_MOST_MEMBERS = 100
_GZIP = 16 + zlib.MAX_WBITS


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


class UnreadableError(Exception):
    """A body cannot be read to its end. ``failure`` says why."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind=kind, message=message)


def _unheard(_: int) -> None:
    pass


def content_of(answer: httpx.Response, most: int, grown: Callable[[int], None] = _unheard) -> bytes:
    """The bytes of a body, with every content coding taken away. Raises ``UnreadableError``.

    No layer of it is longer than ``most`` bytes; ``grown`` is told how many there are so far.
    """
    assert isinstance(answer.stream, httpx.SyncByteStream)
    pieces = _limited(answer.stream, most)
    for coding in reversed(_codings(answer)):
        pieces = _limited(_inflated(coding, pieces), most)
    kept: list[bytes] = []
    size = 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        grown(size)
    return b"".join(kept)


def _codings(answer: httpx.Response) -> list[str]:
    named = answer.headers.get("content-encoding", "").lower().split(",")
    codings = [coding.strip() for coding in named if coding.strip() not in ("", "identity")]
    for coding in codings:
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise UnreadableError("unhandled", f"the content coding {coding[:40]!r} is not handled")
    if len(codings) > _MOST_LAYERS:
        raise UnreadableError("unhandled", f"more than {_MOST_LAYERS} content codings are not handled")
    return codings


def _limited(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise UnreadableError("too_large", f"the body is longer than {most} bytes")
        yield piece


def _inflated(coding: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflater = None
    members = 0
    for piece in pieces:
        rest = piece
        while rest:
            if inflater is None:
                # a file of gzip may have several members, RFC 1952, section 2.2, and zeros after them
                rest = rest.lstrip(b"\0") if members else rest
                if not rest:
                    break
                members += 1
                inflater = _inflater(coding, rest, members)
            try:
                inflated = inflater.decompress(rest, _STEP)
            except zlib.error as error:
                raise UnreadableError("protocol", f"the body is not {coding}") from error
            rest = inflater.unconsumed_tail
            yield inflated
            if inflater.eof:
                rest = inflater.unused_data
                inflater = None
    if inflater is not None:
        # less than one step: the rest of what the last byte stands for
        yield inflater.flush()
        if not inflater.eof:
            raise UnreadableError("protocol", f"the body ends before its {coding} does")


def _inflater(coding: str, beginning: bytes, members: int) -> "zlib._Decompress":
    if members > _MOST_MEMBERS:
        raise UnreadableError("unhandled", f"more than {_MOST_MEMBERS} members of {coding} are not handled")
    if coding != "deflate":
        return zlib.decompressobj(_GZIP)
    # the format of zlib, RFC 9110, section 8.4.1.2, which some servers leave out
    zlib_format = beginning[0] & 0x0F == zlib.DEFLATED
    return zlib.decompressobj(zlib.MAX_WBITS if zlib_format else -zlib.MAX_WBITS)
