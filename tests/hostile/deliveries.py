"""Strangers that bother the receiver of webhooks, while the server is healthy."""

import asyncio
from collections.abc import Awaitable, Callable

from .table import on_request
from .wire import Request, Wire
from .world import World

POST = b"POST /hook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


async def _beside(
    world: World, wire: Wire, request: Request, bother: Callable[[asyncio.StreamWriter], Awaitable[None]]
) -> None:
    """The healthy answer; from the first request on, four strangers stand at the receiver."""

    async def stranger() -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", world.memory["receiver"])
                await bother(writer)
            except OSError:
                await asyncio.sleep(0.05)

    if "strangers" not in world.memory:
        world.memory["strangers"] = [asyncio.create_task(stranger()) for _ in range(4)]
    healthy = await world.forward(request)
    await wire.answer(healthy.status, healthy.body, healthy.headers)


@on_request(receiver=True)
async def receiver_is_flooded(world: World, wire: Wire, request: Request) -> None:
    """Strangers send deliveries to the receiver without a pause."""

    async def bother(writer: asyncio.StreamWriter) -> None:
        body = b'{"eventId": "\\u001b[31m", "eventType": "::error::", "payload": {}}'
        writer.write(POST + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
        await asyncio.sleep(0.02)

    await _beside(world, wire, request, bother)


@on_request(receiver=True)
async def receiver_gets_endless_bodies(world: World, wire: Wire, request: Request) -> None:
    """Strangers send the receiver bodies without an end."""

    async def bother(writer: asyncio.StreamWriter) -> None:
        writer.write(POST + b"Content-Length: 99999999999\r\n\r\n")
        while True:
            writer.write(b"a" * 65_536)
            await writer.drain()

    await _beside(world, wire, request, bother)


@on_request(receiver=True)
async def receiver_gets_dripped_heads(world: World, wire: Wire, request: Request) -> None:
    """Strangers send the receiver heads that never end, one byte at a time."""

    async def bother(writer: asyncio.StreamWriter) -> None:
        writer.write(POST + b"X-Slow: ")
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.1)

    await _beside(world, wire, request, bother)


@on_request(receiver=True)
async def receiver_gets_garbage(world: World, wire: Wire, request: Request) -> None:
    """Strangers send the receiver deep JSON, invalid UTF-8, wrong lengths and no HTTP at all."""
    described = (
        POST + b"Content-Length: 200000\r\n\r\n" + b"[" * 200_000,
        POST + b"Content-Length: 6\r\n\r\n\xff\xfe\x00\xed\xa0\x80",
        POST + b"Content-Length: -5\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x00\xa5",
        POST + b"Content-Length: 9\r\n\r\n" + b'{"a":1e999}'[:9],
    )

    async def bother(writer: asyncio.StreamWriter) -> None:
        for content in described:
            writer.write(content)
            await writer.drain()
        writer.close()
        await asyncio.sleep(0.1)

    await _beside(world, wire, request, bother)
