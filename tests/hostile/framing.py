"""Heads that say something else than the bytes that follow."""

from .table import EITHER, on_request, reads
from .wire import JSON, Request, Wire, chunk, head
from .world import World

BODY = b'{"object": "list", "data": []}'
CHUNKED = ("Transfer-Encoding", "chunked")


@on_request()
async def content_length_too_long(world: World, wire: Wire, request: Request) -> None:
    """The body ends a byte before its content-length, and the connection stays open."""
    await wire.send(head(length=len(BODY) + 1), BODY)


@on_request(when=reads, exits=EITHER)
async def content_length_too_short(world: World, wire: Wire, request: Request) -> None:
    """The body of each read goes on beyond its content-length, into the next answer."""
    healthy = await world.forward(request)
    await wire.send(head(healthy.status, length=len(healthy.body) - 9), healthy.body)


@on_request()
async def content_length_negative(world: World, wire: Wire, request: Request) -> None:
    """The content-length is -1."""
    await wire.send(head(length=-1), BODY)


@on_request()
async def content_length_with_letters(world: World, wire: Wire, request: Request) -> None:
    """The content-length is 12abc."""
    await wire.send(head(headers=[("Content-Length", "12abc")]), BODY)


@on_request()
async def content_length_beyond_all_bounds(world: World, wire: Wire, request: Request) -> None:
    """The content-length has thirty digits."""
    await wire.send(head(headers=[("Content-Length", "9" * 30)]), BODY)


@on_request()
async def content_length_twice(world: World, wire: Wire, request: Request) -> None:
    """Two content-lengths contradict each other."""
    await wire.send(head(headers=[("Content-Length", "5"), ("Content-Length", "30")]), BODY)


@on_request(when=reads, exits=EITHER)
async def content_length_beside_chunks(world: World, wire: Wire, request: Request) -> None:
    """Reads have both a content-length and chunks, as in request smuggling."""
    await wire.send(head(headers=[CHUNKED, ("Content-Length", "4")]), chunk(BODY), b"0\r\n\r\n")


@on_request()
async def chunk_size_garbage(world: World, wire: Wire, request: Request) -> None:
    """The size of a chunk is no number."""
    await wire.send(head(headers=[CHUNKED]), b"zz\r\n", BODY, b"\r\n0\r\n\r\n")


@on_request()
async def chunk_size_beyond_all_bounds(world: World, wire: Wire, request: Request) -> None:
    """The size of a chunk has forty digits."""
    await wire.send(head(headers=[CHUNKED]), b"f" * 40 + b"\r\n", BODY)


@on_request()
async def chunk_extension_without_end(world: World, wire: Wire, request: Request) -> None:
    """The extension of a chunk has no end."""
    await wire.send(head(headers=[CHUNKED]), b"5;name=")
    while True:
        await wire.send(b"x" * 65_536)


@on_request()
async def trailers_without_end(world: World, wire: Wire, request: Request) -> None:
    """Trailers follow the last chunk without an end."""
    await wire.send(head(headers=[CHUNKED]), chunk(BODY), b"0\r\n")
    while True:
        await wire.send(b"X-Trailer: and more\r\n" * 1_000)


@on_request(exits=EITHER)
async def unknown_transfer_encoding(world: World, wire: Wire, request: Request) -> None:
    """The transfer-encoding is one that nobody knows."""
    await wire.send(head(headers=[("Transfer-Encoding", "cabbage")]), BODY)
    await wire.end()


@on_request(exits=EITHER)
async def fifty_thousand_headers(world: World, wire: Wire, request: Request) -> None:
    """Each answer has fifty thousand headers."""
    await wire.answer(200, BODY, [JSON, *((f"X-{number}", "v") for number in range(50_000))])


@on_request(when=reads, exits=EITHER)
async def header_of_a_megabyte(world: World, wire: Wire, request: Request) -> None:
    """Each read has a header of a megabyte."""
    healthy = await world.forward(request)
    await wire.answer(healthy.status, healthy.body, [*healthy.headers, ("X-Long", "a" * 1_000_000)])


@on_request(exits=EITHER)
async def header_folded(world: World, wire: Wire, request: Request) -> None:
    """A header goes on in the next line, as RFC 9112 forbids."""
    await wire.answer(200, BODY, [JSON, ("X-Folded", "one\r\n two\r\n\tthree")])


@on_request(exits=EITHER)
async def header_with_nul(world: World, wire: Wire, request: Request) -> None:
    """A header holds a NUL byte and a bare carriage return."""
    await wire.answer(200, BODY, [JSON, ("X-Nul", "one\0two\rthree")])


@on_request(exits=EITHER)
async def header_without_colon(world: World, wire: Wire, request: Request) -> None:
    """A line among the headers has no colon."""
    await wire.send(b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 30\r\n\r\n", BODY)


@on_request(exits=EITHER)
async def header_that_splits_the_answer(world: World, wire: Wire, request: Request) -> None:
    """A header ends the answer early and brings a second one along, as in response splitting."""
    second = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Rest: "
    await wire.answer(200, BODY, [JSON, ("X-Echo", f"a\r\nContent-Length: 0\r\n\r\n{second}")])


@on_request(when=reads, exits=EITHER)
async def headers_with_commands(world: World, wire: Wire, request: Request) -> None:
    """Reason and headers hold escapes of terminals, C1 bytes and commands for CI systems."""
    healthy = await world.forward(request)
    nasty = "\x1b[2J\x9b31m::error::owned ##vso[task.complete result=Succeeded]"
    await wire.answer(500, healthy.body, [JSON, ("X-Nasty", nasty), ("Retry-After", nasty)], nasty)


@on_request(when=reads)
async def headers_that_contradict(world: World, wire: Wire, request: Request) -> None:
    """Dates lie in the past, ages in the future, and each read asks the client to clear its data."""
    healthy = await world.forward(request)
    described = [("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("Age", "-1"), ("Expires", "0"), ("Vary", "*")]
    await wire.answer(healthy.status, healthy.body, [JSON, *described, ("Clear-Site-Data", '"*"')])


@on_request(exits=EITHER)
async def status_of_four_digits(world: World, wire: Wire, request: Request) -> None:
    """The status is 2000."""
    await wire.send(head(2000, length=len(BODY)), BODY)


@on_request(exits=EITHER)
async def status_of_two_digits(world: World, wire: Wire, request: Request) -> None:
    """The status is 20."""
    await wire.send(head(20, length=len(BODY)), BODY)


@on_request(exits=EITHER)
async def status_999(world: World, wire: Wire, request: Request) -> None:
    """The status is 999, which no RFC knows."""
    await wire.answer(999, BODY)


@on_request(exits=EITHER)
async def status_000(world: World, wire: Wire, request: Request) -> None:
    """The status is 000."""
    await wire.send(head("000", length=len(BODY)), BODY)


@on_request(exits=EITHER)
async def status_with_letters(world: World, wire: Wire, request: Request) -> None:
    """The status is OK."""
    await wire.send(b"HTTP/1.1 OK 200\r\nContent-Length: 30\r\n\r\n", BODY)


@on_request(when=reads, exits=EITHER)
async def no_content_with_content(world: World, wire: Wire, request: Request) -> None:
    """Each read is answered 204, and with a body."""
    healthy = await world.forward(request)
    await wire.answer(204, healthy.body)


@on_request(when=reads, exits=EITHER)
async def not_modified_with_content(world: World, wire: Wire, request: Request) -> None:
    """Each read is answered 304, and with a body, although nobody asked whether it was modified."""
    healthy = await world.forward(request)
    await wire.answer(304, healthy.body)
