"""Servers that speak over real sockets, to the byte."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

TLS = Path(__file__).parent / "tls"
Talk = Callable[[socket.socket, threading.Event], None]


@pytest.fixture
def certificate() -> Path:
    """The certificate of ``localhost``, which no platform trusts."""
    return TLS / "authority.pem"


@pytest.fixture
def listening() -> Iterator[Callable[..., str]]:
    """Starts servers: ``talk`` gets each connection, and an event that is set when the test is over."""
    over = threading.Event()
    listeners: list[socket.socket] = []

    def start(talk: Talk, *, tls: bool = False) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if tls:
            context.load_cert_chain(TLS / "server.pem")

        def serve(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                if not tls:
                    talk(connection, over)
                    return
                with context.wrap_socket(connection, server_side=True) as wrapped:
                    talk(wrapped, over)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        scheme = "https" if tls else "http"
        return f"{scheme}://localhost:{listener.getsockname()[1]}"

    yield start
    over.set()
    for listener in listeners:
        listener.close()
