"""Content encodings: bombs, and encodings that are not what they say."""

import gzip
import zlib
from functools import cache

from .table import EITHER, on_request, reads
from .wire import JSON, Request, Wire
from .world import World

MIB = 1024 * 1024
GZIP = 16 + zlib.MAX_WBITS


@cache
def bomb(wbits: int) -> bytes:
    """What inflates to one JSON string of a gigabyte, and has no end: the same block a thousand times is soon made."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    first = packer.compress(b'{"id": "') + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"a" * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + block * 1024


@on_request()
async def gzip_bomb(world: World, wire: Wire, request: Request) -> None:
    """A megabyte inflates to a gigabyte."""
    await wire.answer(200, bomb(GZIP), [JSON, ("Content-Encoding", "gzip")])


@on_request(when=reads)
async def gzip_bomb_in_reads(world: World, wire: Wire, request: Request) -> None:
    """Each read inflates to a gigabyte; the rest is healthy."""
    await wire.answer(200, bomb(GZIP), [JSON, ("Content-Encoding", "gzip")])


@on_request(when=reads)
async def gzip_bomb_in_a_bomb(world: World, wire: Wire, request: Request) -> None:
    """Each read is packed twice: kilobytes inflate to a gigabyte."""
    await wire.answer(200, gzip.compress(bomb(GZIP)), [JSON, ("Content-Encoding", "gzip, gzip")])


@on_request(when=reads)
async def gzip_packed_forty_times(world: World, wire: Wire, request: Request) -> None:
    """Each read is packed forty times."""
    packed = (await world.forward(request)).body
    for _ in range(40):
        packed = gzip.compress(packed)
    await wire.answer(200, packed, [JSON, ("Content-Encoding", ", ".join(["gzip"] * 40))])


@on_request(when=reads)
async def gzip_of_many_members(world: World, wire: Wire, request: Request) -> None:
    """Each read consists of two hundred thousand empty gzip members."""
    await wire.answer(200, gzip.compress(b"") * 200_000, [JSON, ("Content-Encoding", "gzip")])


@on_request(when=reads)
async def deflate_bomb(world: World, wire: Wire, request: Request) -> None:
    """Each read inflates to a gigabyte, packed by deflate."""
    await wire.answer(200, bomb(zlib.MAX_WBITS), [JSON, ("Content-Encoding", "deflate")])


@on_request(when=reads, exits=EITHER)
async def gzip_cut_off(world: World, wire: Wire, request: Request) -> None:
    """The gzip stream of each read ends in its middle."""
    packed = gzip.compress((await world.forward(request)).body)
    await wire.answer(200, packed[: len(packed) // 2], [JSON, ("Content-Encoding", "gzip")])


@on_request(when=reads, exits=EITHER)
async def gzip_that_is_none(world: World, wire: Wire, request: Request) -> None:
    """Each read says gzip and is not packed."""
    healthy = await world.forward(request)
    await wire.answer(healthy.status, healthy.body, [JSON, ("Content-Encoding", "gzip")])


@on_request(when=reads, exits=EITHER)
async def gzip_with_a_tail(world: World, wire: Wire, request: Request) -> None:
    """A megabyte of garbage follows the gzip stream of each read."""
    packed = gzip.compress((await world.forward(request)).body)
    await wire.answer(200, packed + b"\xff" * MIB, [JSON, ("Content-Encoding", "gzip")])


@on_request(when=reads, exits=EITHER)
async def encodings_nobody_asked_for(world: World, wire: Wire, request: Request) -> None:
    """Each read says br, zstd, compress or an invented encoding, in turn."""
    healthy = await world.forward(request)
    described = ("br", "zstd", "compress", "cabbage", "gzip;q=1", ",", "identity, gzip")[world.requests % 7]
    await wire.answer(healthy.status, healthy.body, [JSON, ("Content-Encoding", described)])
