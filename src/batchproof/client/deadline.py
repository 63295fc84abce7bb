"""One request takes a limited time in all: httpx limits each read, and a server that drips is never too slow for that."""

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any
from weakref import WeakSet

import httpcore
import httpx

_MOST_AT_ONCE = 64 * 1024


class Deadline:
    """The moment at which the request of this thread must have ended."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._open: WeakSet[socket.socket] = WeakSet()
        self._opening = threading.Lock()

    def hold(self, stream: httpcore.NetworkStream) -> None:
        """``stream`` is one of those that can be cut off."""
        connection = stream.get_extra_info("socket")
        if not isinstance(connection, socket.socket):
            return
        with self._opening:
            self._open.add(connection)

    def cut_off(self) -> None:
        """Ends whatever is sent or received, in all threads."""
        with self._opening:
            connections = list(self._open)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What this thread does inside ends after ``seconds``, or is cut off."""
        self._local.moment = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._local.moment

    def extend(self, seconds: float) -> None:
        """Gives the request of this thread so much more time."""
        if getattr(self._local, "moment", None) is not None:
            self._local.moment += seconds

    def left(self, error: type[Exception]) -> float | None:
        """The seconds that are left, None without a limit. Raises ``error`` when there are none."""
        moment: float | None = getattr(self._local, "moment", None)
        if moment is None:
            return None
        left = moment - time.monotonic()
        if left <= 0:
            raise error("the request took too long")
        return left


class Timed(httpx.Client):
    """A client whose connections keep to a ``deadline``."""

    def __init__(self, deadline: Deadline, **about: Any) -> None:
        """``about`` are the arguments of ``httpx.Client``."""
        super().__init__(**about)
        backend = _Backend(deadline)
        for transport in (self._transport, *self._mounts.values()):
            if isinstance(transport, httpx.HTTPTransport):
                # httpx has no argument for what httpcore documents
                transport._pool._network_backend = backend  # noqa: SLF001


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Tries the addresses of ``host`` in turn; all of them together have the time that is left."""
        error: httpcore.ConnectError | None = None
        for address in self._addresses(host, port, timeout):
            left = self._deadline.left(httpcore.ConnectTimeout)
            try:
                stream = self._backend.connect_tcp(
                    address, port, _shorter(timeout, left), local_address, socket_options
                )
            except httpcore.ConnectError as failed:
                error = failed
            else:
                self._deadline.hold(stream)
                return _Stream(stream, self._deadline)
        raise error or httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        found: SimpleQueue[list[str] | Exception] = SimpleQueue()
        # the resolver of the platform knows no limit; one that never answers must not keep the process alive
        threading.Thread(target=lambda: found.put(_resolved(host, port)), daemon=True).start()
        left = self._deadline.left(httpcore.ConnectTimeout)
        try:
            addresses = found.get(timeout=_shorter(timeout, left))
        except Empty as error:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from error
        if isinstance(addresses, Exception):
            raise httpcore.ConnectError(str(addresses)) from addresses
        return addresses


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _shorter(timeout, self._deadline.left(httpcore.ReadTimeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for begin in range(0, len(buffer), _MOST_AT_ONCE):
            piece = buffer[begin : begin + _MOST_AT_ONCE]
            self._stream.write(piece, _shorter(timeout, self._deadline.left(httpcore.WriteTimeout)))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            left = self._deadline.left(httpcore.ConnectTimeout)
        except httpcore.ConnectTimeout:
            # httpcore does so where a handshake fails: nobody else knows of the connection yet
            self._stream.close()
            raise
        stream = self._stream.start_tls(ssl_context, server_hostname, _shorter(timeout, left))
        self._deadline.hold(stream)
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _shorter(one: float | None, other: float | None) -> float | None:
    return min((item for item in (one, other) if item is not None), default=None)


def _resolved(host: str, port: int) -> list[str] | Exception:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
