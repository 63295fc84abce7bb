"""Which server of a recording is the one that a contract is about."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from batchproof.contract import Contract
from batchproof.history.reader import HistoryError
from batchproof.history.traffic.message import Message, joined
from batchproof.history.traffic.routes import Route, Routes

_PORTS = {"http": 80, "https": 443}
_NAMED = 5


class Server(NamedTuple):
    """A server: ``origin`` is scheme, host and port of its address, ``before`` what stands before all paths."""

    origin: str
    before: str

    @property
    def url(self) -> str:
        """The address that paths of the contract are added to."""
        return self.origin + self.before

    def has(self, url: str) -> bool:
        """Whether ``url`` is an address of this server."""
        parts = split(url)
        return (
            parts is not None
            and origin_of(parts) == self.origin
            and f"{parts.path}/".startswith(f"{self.before}/")
        )

    def route(self, routes: Routes, method: str, url: str) -> Route | None:
        """The operation that is called there; None where it is none of the contract."""
        parts = split(url)
        return None if parts is None else routes.find(method, parts.path, self.before)


def server_at(url: str) -> Server:
    """The server with the address ``url``. Raises ``ValueError`` when that is none."""
    parts = split(url)
    if parts is None:
        raise ValueError("is no address; begin with http:// or https://")
    return Server(origin_of(parts), parts.path.rstrip("/"))


def server_of(contract: Contract, messages: Sequence[Message], file: object) -> Server:
    """The one server in ``file`` that operations of ``contract`` are called on. Raises ``HistoryError``.

    Where there are several, it is the one that is asked with the headers of the contract.
    """
    routes = Routes(contract)
    calls: Counter[Server] = Counter()
    asked: Counter[str] = Counter()
    for message in messages:
        parts = split(message.url)
        if parts is None:
            continue
        origin = origin_of(parts)
        headers = joined(message.headers)
        called = {Server(origin, route.before) for route in routes.candidates(message.method, parts.path)}
        calls.update(called)
        if called and all(
            headers.get(name.lower()) == value for name, value in contract.manifest.headers.items()
        ):
            asked[origin] += 1
    if not calls:
        raise HistoryError(
            f"{file}: holds no call of an operation of {contract.id}; name another contract with --contract"
        )
    chosen = {server.origin for server in calls}
    if len(chosen) > 1:
        chosen = {origin for origin in chosen if asked[origin]} or chosen
    if len(chosen) > 1:
        described = ", ".join(sorted(chosen)[:_NAMED])
        raise HistoryError(f"{file}: holds calls of several servers: {described}; name one with --base-url")
    (origin,) = chosen
    return min(
        (server for server in calls if server.origin == origin),
        key=lambda server: (-calls[server], len(server.before)),
    )


def split(url: str) -> SplitResult | None:
    """The parts of the address of an HTTP server; None where it is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def origin_of(parts: SplitResult) -> str:
    """Scheme, host and port, without the port that goes without saying."""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
