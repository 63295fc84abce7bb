"""A real HTTP server in a background thread, for the emulator and for the receiver of webhooks."""

import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

_START_SECONDS = 10.0


class _Uvicorn(uvicorn.Server):
    """Tells when it listens, so that nobody has to poll for it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


class Server:
    """Serves an application while the context is open: `with Server(app) as server: server.url`."""

    def __init__(
        self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0, *, unchanged: bool = False
    ) -> None:
        """What the application answers goes out ``unchanged``, or with the date and the name of the server in its header."""
        self._app = app
        self._unchanged = unchanged
        self._address = (host, port)
        self._uvicorn: _Uvicorn | None = None
        self._thread: threading.Thread | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Bind the socket, start the thread, and return when the server listens."""
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        bound = socket.create_server(self._address, family=family)
        # asyncio turns Nagle's algorithm off only if the protocol is named; with it, an answer takes 40 ms.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=bound.detach())
        host, port = listener.getsockname()[:2]
        self.url = f"http://[{host}]:{port}" if family == socket.AF_INET6 else f"http://{host}:{port}"
        config = uvicorn.Config(
            self._app,
            loop="asyncio",
            http="auto",
            ws="none",
            lifespan="auto",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=not self._unchanged,
            date_header=not self._unchanged,
            timeout_graceful_shutdown=1,
        )
        self._uvicorn = _Uvicorn(config)
        self._thread = threading.Thread(
            target=self._uvicorn.run, args=([listener],), name="batchproof-server", daemon=True
        )
        self._thread.start()
        if not self._uvicorn.listening.wait(_START_SECONDS):
            listener.close()
            raise RuntimeError("the server did not start")
        return self

    def wait(self) -> None:
        """Serve until the process is interrupted."""
        threading.Event().wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server and wait for its thread."""
        if self._uvicorn is not None and self._thread is not None:
            self._uvicorn.should_exit = True
            self._thread.join()
