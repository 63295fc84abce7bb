"""Connections that break, hang, or speak something else than HTTP/1.1."""

import asyncio
import os

from .table import EITHER, later, on_connection, on_request, reads
from .wire import Request, Wire, chunk, head
from .world import World


@on_connection()
async def closes_at_once(world: World, wire: Wire) -> None:
    """The server accepts the connection and closes it."""


@on_connection()
async def resets_at_once(world: World, wire: Wire) -> None:
    """The server accepts the connection and resets it."""
    wire.reset()


@on_connection()
async def closes_after_the_request(world: World, wire: Wire) -> None:
    """The server reads the request and closes without an answer."""
    await wire.request()


@on_connection()
async def resets_after_the_request(world: World, wire: Wire) -> None:
    """The server reads the request and resets the connection."""
    await wire.request()
    wire.reset()


@on_connection()
async def silent(world: World, wire: Wire) -> None:
    """The server reads and never says anything."""
    while await wire.request():
        pass


@on_request()
async def closes_in_the_status_line(world: World, wire: Wire, request: Request) -> None:
    """The connection ends in the middle of the status line."""
    await wire.send(b"HTTP/1.1 20")
    await wire.end()


@on_request()
async def closes_in_the_headers(world: World, wire: Wire, request: Request) -> None:
    """The connection ends in the middle of the headers."""
    await wire.send(head()[:-7])
    await wire.end()


@on_request()
async def closes_in_the_body(world: World, wire: Wire, request: Request) -> None:
    """The connection ends long before the content-length."""
    await wire.send(head(length=5_000), b'{"object": "list", "data": [')
    await wire.end()


@on_request(when=reads, exits=EITHER)
async def resets_in_the_body_of_reads(world: World, wire: Wire, request: Request) -> None:
    """Each read of an object is reset in the middle of its body; the rest is healthy."""
    healthy = await world.forward(request)
    await wire.send(head(healthy.status, length=len(healthy.body)), healthy.body[:40])
    wire.reset()


@on_request()
async def closes_in_a_chunk(world: World, wire: Wire, request: Request) -> None:
    """The connection ends in the middle of a chunk."""
    await wire.send(head(headers=[("Transfer-Encoding", "chunked")]), b"ff\r\n{}")
    await wire.end()


@on_request(when=later)
async def goes_away_from_the_middle_on(world: World, wire: Wire, request: Request) -> None:
    """After six healthy answers every connection is reset."""
    wire.reset()


@on_request(exits=EITHER)
async def resets_every_second_request(world: World, wire: Wire, request: Request) -> None:
    """Every second request is reset; the others are answered as they should be."""
    if world.requests % 2:
        wire.reset()
        return
    healthy = await world.forward(request)
    await wire.answer(healthy.status, healthy.body, healthy.headers)


@on_request()
async def drips_headers(world: World, wire: Wire, request: Request) -> None:
    """The headers arrive one byte every tenth of a second."""
    await wire.drip(head(length=2), 0.1)


@on_request(when=reads)
async def drips_bodies(world: World, wire: Wire, request: Request) -> None:
    """The body of each read arrives one byte every tenth of a second."""
    healthy = await world.forward(request)
    await wire.send(head(healthy.status, healthy.headers, length=len(healthy.body)))
    await wire.drip(healthy.body, 0.1)


@on_request()
async def answers_just_in_time(world: World, wire: Wire, request: Request) -> None:
    """Each answer takes four fifths of the time that a request may take."""
    await asyncio.sleep(0.8)
    healthy = await world.forward(request)
    await wire.answer(healthy.status, healthy.body, healthy.headers)


@on_request()
async def endless_headers(world: World, wire: Wire, request: Request) -> None:
    """Headers follow each other as fast as they are read, without an end."""
    await wire.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await wire.send(b"X-More: and more\r\n" * 1_000)


@on_request()
async def endless_header(world: World, wire: Wire, request: Request) -> None:
    """One header has no end."""
    await wire.send(b"HTTP/1.1 200 OK\r\nX-More: ")
    while True:
        await wire.send(b"a" * 65_536)


@on_request()
async def endless_status_line(world: World, wire: Wire, request: Request) -> None:
    """The reason phrase has no end."""
    await wire.send(b"HTTP/1.1 200 ")
    while True:
        await wire.send(b"O" * 65_536)


@on_request()
async def endless_chunks(world: World, wire: Wire, request: Request) -> None:
    """A chunked body has no end."""
    await wire.send(head(headers=[("Transfer-Encoding", "chunked")]))
    while True:
        await wire.send(chunk(b" " * 65_536))


@on_request(when=reads)
async def endless_body_of_reads(world: World, wire: Wire, request: Request) -> None:
    """The body of each read, which the end of the connection would end, has no end."""
    await wire.send(head(headers=[("Connection", "close")]), b'{"id": "')
    while True:
        await wire.send(b"a" * 65_536)


@on_request()
async def storm_of_interim_answers(world: World, wire: Wire, request: Request) -> None:
    """100, 102 and 103 follow each other without an end."""
    while True:
        await wire.send(*(f"HTTP/1.1 {status} Wait\r\n\r\n".encode() for status in (100, 102, 103) * 50))


@on_request()
async def processing_for_ever(world: World, wire: Wire, request: Request) -> None:
    """102 Processing comes every fifth of a second, and nothing else does."""
    while True:
        await wire.send(b"HTTP/1.1 102 Processing\r\n\r\n")
        await asyncio.sleep(0.2)


@on_request()
async def switches_protocols(world: World, wire: Wire, request: Request) -> None:
    """Each request is answered 101, and bytes of another protocol follow."""
    await wire.send(head(101, [("Upgrade", "websocket"), ("Connection", "Upgrade")]), b"\x81\x02hi")


@on_request()
async def speaks_http_0_9(world: World, wire: Wire, request: Request) -> None:
    """The body comes without a status line."""
    await wire.send(b'{"object": "list", "data": []}')
    await wire.end()


@on_connection()
async def speaks_http_2(world: World, wire: Wire) -> None:
    """The server begins with the SETTINGS frame of HTTP/2, and goes on with a GOAWAY."""
    await wire.send(b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64")
    await wire.request()
    await wire.send(b"\x00\x00\x08\x07\x00\x00\x00\x00\x00" + b"\x00" * 8)


@on_request(exits=EITHER)
async def speaks_http_3_7(world: World, wire: Wire, request: Request) -> None:
    """The status line names a version that does not exist."""
    await wire.send(b"HTTP/3.7 200 OK\r\nContent-Length: 2\r\n\r\n{}")


@on_connection()
async def speaks_smtp(world: World, wire: Wire) -> None:
    """The server greets as a mail server does."""
    await wire.send(b"220 mail.example.com ESMTP ready\r\n")
    await wire.request()
    await wire.send(b"500 command not recognized\r\n")


@on_request()
async def random_bytes(world: World, wire: Wire, request: Request) -> None:
    """Each answer is a kilobyte of random bytes."""
    await wire.send(os.urandom(1_024))
    await wire.end()


@on_request(when=later, exits=EITHER)
async def each_answer_twice(world: World, wire: Wire, request: Request) -> None:
    """Each answer is sent twice, so that the second one stands before the next request."""
    healthy = await world.forward(request)
    for _ in range(2):
        await wire.answer(healthy.status, healthy.body, healthy.headers)


@on_request(when=later, exits=EITHER)
async def one_answer_behind(world: World, wire: Wire, request: Request) -> None:
    """A connection gives the answer to the request before."""
    healthy = await world.forward(request)
    late = wire.memory.get("late", healthy)
    wire.memory["late"] = healthy
    await wire.answer(late.status, late.body, late.headers)


@on_request(when=later, exits=EITHER)
async def answers_nobody_asked_for(world: World, wire: Wire, request: Request) -> None:
    """After each answer comes a 408 that nobody asked for, and the connection ends."""
    healthy = await world.forward(request)
    await wire.answer(healthy.status, healthy.body, healthy.headers)
    await wire.answer(408, b'{"code": "TIMEOUT"}')
    await wire.end()
