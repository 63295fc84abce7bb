"""One connection of a hostile server: what a behaviour sends leaves byte for byte."""

import asyncio
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Headers = Iterable[tuple[str, str]]
HEAD_LIMIT = 64 * 1024 * 1024
JSON = ("Content-Type", "application/json")


@dataclass(frozen=True)
class Request:
    """A request as it arrived; ``headers`` by lower-case name."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def parts(self) -> list[str]:
        """The segments of the path."""
        return [part for part in self.target.partition("?")[0].split("/") if part]


@dataclass
class Wire:
    """One connection, and what a behaviour remembers of it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    memory: dict[str, Any] = field(default_factory=dict)

    async def request(self) -> Request | None:
        """The next request; None when the client has closed."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return None
        start, *lines = head.decode("latin-1").split("\r\n")[:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, target, _ = start.split(" ")
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("transfer-encoding") == "chunked":
            body = await self._chunks()
        return Request(method, target, headers, body)

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            body += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readexactly(2)
        return body

    async def send(self, *parts: bytes) -> None:
        """Write, and wait until the client takes it."""
        self.writer.write(b"".join(parts))
        await self.writer.drain()

    async def drip(self, content: bytes, every: float) -> None:
        """Write one byte at a time, ``every`` so many seconds."""
        for number in range(len(content)):
            await self.send(content[number : number + 1])
            await asyncio.sleep(every)

    async def answer(
        self, status: int = 200, body: bytes = b"", headers: Headers = (JSON,), reason: str = "OK"
    ) -> None:
        """A whole answer whose length is true, unless a header says otherwise."""
        await self.send(head(status, headers, reason, length=len(body)), body)

    async def end(self) -> None:
        """Close after all that was written has left."""
        self.writer.close()
        await self.writer.wait_closed()

    def reset(self) -> None:
        """Break the connection off (RST)."""
        peer = self.writer.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def head(
    status: int | str = 200, headers: Headers = (JSON,), reason: str = "OK", length: int | None = None
) -> bytes:
    """Status line, headers and the empty line; with ``length`` a content-length."""
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def chunk(content: bytes) -> bytes:
    """One chunk of a chunked body."""
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"
