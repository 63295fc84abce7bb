"""One connection of HTTP/1.1 that hides nothing: how names are spelt, interim answers, trailers."""

import asyncio
import contextlib

import h11

from batchproof.errors import BatchproofError

Pairs = list[tuple[bytes, bytes]]

_PIECE = 65_536
_LONGEST_HEAD = 1_048_576


class BrokenError(BatchproofError):
    """A connection that ended too early, or on which no HTTP was spoken; ``wire`` is the one, None where there is none yet."""

    def __init__(self, wire: "Wire | None", cause: BaseException) -> None:
        super().__init__(type(cause).__name__)
        self.wire = wire
        self.cause = cause


class Wire:
    """An end of a connection: ``h11.SERVER`` for that of a client that called, ``h11.CLIENT`` for one to a server."""

    def __init__(
        self, role: type[h11.SERVER | h11.CLIENT], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._state = h11.Connection(role, max_incomplete_event_size=_LONGEST_HEAD)
        self._reader, self._writer = reader, writer

    async def next(self) -> h11.Event:
        """What the other side says next; ``h11.ConnectionClosed`` where it has gone between two requests."""
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                self._state.receive_data(await self._reader.read(_PIECE))
        except (OSError, h11.RemoteProtocolError) as error:
            raise BrokenError(self, error) from error
        # paused is a connection on which nothing more may be read
        return h11.ConnectionClosed() if isinstance(event, type) else event

    async def send(self, event: h11.Event) -> None:
        """Says ``event`` to the other side."""
        try:
            self._writer.write(self._state.send(event) or b"")
            await self._writer.drain()
        except (OSError, h11.LocalProtocolError) as error:
            raise BrokenError(self, error) from error

    def again(self) -> bool:
        """Whether the connection is ready for another request."""
        if self._state.our_state is not h11.DONE or self._state.their_state is not h11.DONE:
            return False
        self._state.start_next_cycle()
        return True

    def abort(self) -> None:
        """Ends the connection at once, so that the other side sees that something is missing."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """Ends the connection when all that was said has gone."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
