"""TLS that does not fit, or does not come to its end."""

from .table import on_connection, on_request
from .wire import Request, Wire
from .world import World


async def _given_the_token(world: World, wire: Wire, request: Request) -> None:
    if "authorization" in request.headers:
        world.complaints.append("the token came through a connection that nobody vouches for")
    await wire.answer(401, b'{"code": "UNAUTHORIZED", "message": "no"}')


@on_request(scheme="https", host="localhost", certificate="valid.pem")
async def certificate_of_an_unknown_authority(world: World, wire: Wire, request: Request) -> None:
    """The certificate is signed by an authority that nobody knows."""
    await _given_the_token(world, wire, request)


@on_request(scheme="HTTPS", host="LOCALHOST", certificate="valid.pem")
async def unknown_authority_in_capitals(world: World, wire: Wire, request: Request) -> None:
    """The same with an address in capitals."""
    await _given_the_token(world, wire, request)


@on_request(scheme="https", certificate="valid.pem", trusted="authority.pem")
async def certificate_of_another_host(world: World, wire: Wire, request: Request) -> None:
    """The certificate is for another name."""
    await _given_the_token(world, wire, request)


@on_request(scheme="https", host="localhost", certificate="expired.pem", trusted="authority.pem")
async def certificate_that_has_expired(world: World, wire: Wire, request: Request) -> None:
    """The certificate was valid for a day, years ago."""
    await _given_the_token(world, wire, request)


@on_connection(scheme="https", host="localhost")
async def handshake_without_an_answer(world: World, wire: Wire) -> None:
    """The server reads the ClientHello and says nothing."""
    await wire.reader.read()


@on_connection(scheme="https", host="localhost")
async def handshake_that_drips(world: World, wire: Wire) -> None:
    """The ServerHello arrives one byte every tenth of a second."""
    await wire.reader.read(100)
    await wire.drip(b"\x16\x03\x03\x20\x00\x02\x00\x1f\xfc\x03\x03" + b"\x00" * 8_000, 0.1)


@on_connection(scheme="https", host="localhost")
async def handshake_that_is_reset(world: World, wire: Wire) -> None:
    """The connection is reset after the ClientHello."""
    await wire.reader.read(100)
    wire.reset()


@on_connection(scheme="https", host="localhost")
async def plain_http_where_tls_is_expected(world: World, wire: Wire) -> None:
    """A server without TLS answers the ClientHello with 400."""
    await wire.reader.read(100)
    await wire.answer(400, b"<h1>Bad Request</h1>")


@on_request(certificate="valid.pem")
async def tls_where_plain_http_is_expected(world: World, wire: Wire, request: Request) -> None:
    """A server with TLS is asked without."""
    await _given_the_token(world, wire, request)


@on_request(scheme="https", host="localhost", certificate="valid.pem", trusted="authority.pem")
async def tls_that_is_cut_off(world: World, wire: Wire, request: Request) -> None:
    """The answer breaks off without a closing alert."""
    await wire.send(b"HTTP/1.1 200 OK\r\n\r\n{")
    wire.reset()


@on_connection(scheme="https", host="localhost", certificate="valid.pem", trusted="authority.pem")
async def tls_and_silence(world: World, wire: Wire) -> None:
    """The handshake succeeds, and nothing follows."""
    while await wire.request():
        pass
