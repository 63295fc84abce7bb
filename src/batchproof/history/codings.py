"""Content codings, taken away in small steps: what is packed into a kilobyte may be a gigabyte."""

import sys
import zlib
from collections.abc import Iterable, Iterator

import brotli  # type: ignore[import-untyped]

from batchproof.errors import BatchproofError
from batchproof.history.events import Failure, FailureKind

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_STEP = 64 * 1024
_MOST_LAYERS = 5
_MOST_MEMBERS = 100
_GZIP = 16 + zlib.MAX_WBITS
_KNOWN = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
# RFC 9659: no body needs a larger window than 8 MiB
_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}


class UnreadableError(BatchproofError):
    """A body cannot be read to its end. ``failure`` says why."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind=kind, message=message)


def plain(content_encoding: str, pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """``pieces`` of a body without the codings that its header names. Raises ``UnreadableError``.

    No layer of it is longer than ``most`` bytes.
    """
    pieces = _limited(pieces, most)
    for coding in reversed(_codings(content_encoding)):
        pieces = _limited(_decoded(coding, pieces), most)
    return iter(pieces)


def _codings(header: str) -> list[str]:
    codings = [
        coding for coding in map(str.strip, header.lower().split(",")) if coding not in ("", "identity")
    ]
    for coding in codings:
        if coding not in _KNOWN:
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


def _decoded(coding: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    if coding == "br":
        return _of_brotli(pieces)
    return _of_zstd(pieces) if coding == "zstd" else _inflated(coding, pieces)


def _of_brotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    begun = False
    for piece in pieces:
        begun = begun or bool(piece)
        rest = piece
        try:
            while rest or not decoder.can_accept_more_data():
                yield decoder.process(rest, output_buffer_limit=_STEP)
                rest = b""
        except brotli.error as error:
            raise UnreadableError("protocol", "the body is not br") from error
    if begun and not decoder.is_finished():
        raise UnreadableError("protocol", "the body ends before its br does")


def _of_zstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decoder = None
    frames = 0
    for piece in pieces:
        rest = piece
        while rest or (decoder is not None and not decoder.needs_input):
            if decoder is None:
                # RFC 8878, section 3.1: frames that follow each other are one content
                frames = _counted("zstd", frames)
                decoder = zstd.ZstdDecompressor(options=_WINDOW)
            try:
                yield decoder.decompress(rest, _STEP)
            except zstd.ZstdError as error:
                raise UnreadableError("protocol", "the body is not zstd") from error
            rest = b""
            if decoder.eof:
                rest = decoder.unused_data
                decoder = None
    if decoder is not None:
        raise UnreadableError("protocol", "the body ends before its zstd does")


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
                members = _counted(coding, members)
                inflater = _inflater(coding, rest)
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


def _counted(coding: str, members: int) -> int:
    if members == _MOST_MEMBERS:
        raise UnreadableError("unhandled", f"more than {_MOST_MEMBERS} members of {coding} are not handled")
    return members + 1


def _inflater(coding: str, beginning: bytes) -> "zlib._Decompress":
    if coding != "deflate":
        return zlib.decompressobj(_GZIP)
    # the format of zlib, RFC 9110, section 8.4.1.2, which some servers leave out
    zlib_format = beginning[0] & 0x0F == zlib.DEFLATED
    return zlib.decompressobj(zlib.MAX_WBITS if zlib_format else -zlib.MAX_WBITS)
