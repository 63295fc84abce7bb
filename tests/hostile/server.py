"""A hostile server in a thread of its own."""

import asyncio
import ssl
import threading
from pathlib import Path
from typing import Self

from .table import Behaviour
from .wire import HEAD_LIMIT, Wire
from .world import World

CERTIFICATES = Path(__file__).parent / "tls"


class HostileServer:
    """Behaves in one way while the context is open; ``world`` tells what it met."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.world = World(faults=behaviour.faults)
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        # what a broken connection leaves behind is no news
        self._loop.set_exception_handler(lambda loop, context: None)
        context = None
        if self._behaviour.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATES / self._behaviour.certificate)
        listener = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=HEAD_LIMIT, ssl=context)
        stranger = await asyncio.start_server(self._stranger, "127.0.0.1", 0)
        self.world.stranger = f"http://127.0.0.1:{_port(stranger)}"
        self.url = f"{self._behaviour.scheme}://{self._behaviour.host}:{_port(listener)}"
        self._listening.set()
        await self._over.wait()
        listener.close()
        stranger.close()

    async def _stranger(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.world.complaints.append("another host was asked")
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        try:
            if self._behaviour.connected is not None:
                self.world.met += 1
                await self._behaviour.connected(self.world, wire)
            else:
                await self._converse(wire)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has gone, as it may
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        writer.close()

    async def _converse(self, wire: Wire) -> None:
        behaviour, world = self._behaviour, self.world
        assert behaviour.asked is not None
        assert behaviour.when is not None
        while not wire.writer.is_closing() and (request := await wire.request()):
            world.requests += 1
            if "cookie" in request.headers:
                world.complaints.append("a cookie was sent back")
            if behaviour.when(world, request):
                world.met += 1
                await behaviour.asked(world, wire, request)
            else:
                healthy = await world.forward(request)
                await wire.answer(healthy.status, healthy.body, healthy.headers)


def _port(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port
