"""The way from the recorder to the server: straight, or through the proxy that the environment names."""

import asyncio
import base64
import ssl
from urllib.parse import unquote
from urllib.request import getproxies, proxy_bypass

import h11
import httpx

from batchproof.client import ConfigError
from batchproof.client.addresses import is_local, trusted
from batchproof.recording.wire import Pairs, Wire

_CONNECT_SECONDS = 30.0
_PORTS = {"http": 80, "https": 443}


class Way:
    """How ``target`` is reached. Raises ``ConfigError`` where that takes a proxy of another kind."""

    def __init__(self, target: str, ca_file: str | None = None) -> None:
        self.target = httpx.URL(target)
        self._trusted = trusted(ca_file) if self.target.scheme == "https" else None
        self._proxy = _proxy_for(self.target)

    @property
    def before(self) -> bytes:
        """What stands before the path in the request line: a proxy is told the whole address where it sees it."""
        return _origin(self.target) if self._proxy is not None and self._trusted is None else b""

    @property
    def headers(self) -> Pairs:
        """What is said to the proxy with each request."""
        return _credentials(self._proxy) if self._proxy is not None and self._trusted is None else []

    async def reach(self) -> Wire:
        """A new connection. Raises ``OSError``, which ``TimeoutError`` is, too, and ``h11.ProtocolError``."""
        async with asyncio.timeout(_CONNECT_SECONDS):
            if self._proxy is None:
                return Wire(h11.CLIENT, *await _opened(self.target, self._trusted))
            context = ssl.create_default_context() if self._proxy.scheme == "https" else None
            reader, writer = await _opened(self._proxy, context)
            if self._trusted is not None:
                await self._tunnel(self._proxy, reader, writer)
                await writer.start_tls(self._trusted, server_hostname=self.target.host)
            return Wire(h11.CLIENT, reader, writer)

    async def _tunnel(
        self, proxy: httpx.URL, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Asks the proxy to pass bytes on."""
        there = f"{_bracketed(self.target)}:{_port(self.target)}".encode()
        wire = Wire(h11.CLIENT, reader, writer)
        headers = [(b"Host", there), *_credentials(proxy)]
        await wire.send(h11.Request(method=b"CONNECT", target=there, headers=headers))
        await wire.send(h11.EndOfMessage())
        answer = await wire.next()
        if not isinstance(answer, h11.Response) or answer.status_code >= httpx.codes.MULTIPLE_CHOICES:
            wire.abort()
            raise ConnectionRefusedError("the proxy refuses to reach the target")


async def _opened(
    address: httpx.URL, context: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(
        address.host, _port(address), ssl=context, server_hostname=address.host if context else None
    )


def _proxy_for(target: httpx.URL) -> httpx.URL | None:
    if is_local(str(target)) or proxy_bypass(target.host):
        return None
    named = getproxies()
    found = named.get(target.scheme) or named.get("all")
    if not found:
        return None
    proxy = httpx.URL(found if "://" in found else f"http://{found}")
    if proxy.scheme not in _PORTS:
        raise ConfigError(
            "the environment", "", f"names a proxy of {proxy.scheme}://; record uses those of http and https"
        )
    return proxy


def _credentials(proxy: httpx.URL) -> Pairs:
    if not proxy.userinfo:
        return []
    packed = base64.b64encode(unquote(proxy.userinfo.decode("ascii")).encode())
    return [(b"Proxy-Authorization", b"Basic " + packed)]


def _origin(address: httpx.URL) -> bytes:
    return f"{address.scheme}://".encode() + address.netloc


def _bracketed(address: httpx.URL) -> str:
    return f"[{address.host}]" if ":" in address.host else address.host


def _port(address: httpx.URL) -> int:
    return address.port or _PORTS[address.scheme]
