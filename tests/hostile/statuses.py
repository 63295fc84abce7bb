"""Refusals, limits, redirects and cookies."""

import json

from .table import EITHER, later, on_request, reads
from .wire import JSON, Headers, Request, Wire
from .world import World


def _refusal(code: str, *, retryable: bool) -> bytes:
    return json.dumps({"code": code, "message": "no", "requestId": "req_1", "retryable": retryable}).encode()


REFUSAL = _refusal("UNAUTHORIZED", retryable=False)
BLOCKED = _refusal("USAGE_BLOCKED", retryable=False)
LIMITED = _refusal("RATE_LIMIT_EXCEEDED", retryable=True)
BROKEN = _refusal("INTERNAL_ERROR", retryable=True)


@on_request()
async def refuses_the_token(world: World, wire: Wire, request: Request) -> None:
    """Everything is answered 401."""
    await wire.answer(401, REFUSAL)


@on_request(when=later)
async def refuses_the_token_from_the_middle_on(world: World, wire: Wire, request: Request) -> None:
    """After six healthy answers everything is answered 401."""
    await wire.answer(401, REFUSAL)


@on_request(when=later)
async def wants_money_from_the_middle_on(world: World, wire: Wire, request: Request) -> None:
    """After six healthy answers everything is answered 402."""
    await wire.answer(402, BLOCKED)


@on_request()
async def asks_for_a_password(world: World, wire: Wire, request: Request) -> None:
    """Everything is answered 407, with challenges of every kind."""
    challenge = 'Digest realm="\x1b[31m", nonce="", Basic realm="a", Negotiate, , ='
    await wire.answer(
        407, REFUSAL, [JSON, ("Proxy-Authenticate", challenge), ("WWW-Authenticate", challenge)]
    )


@on_request()
async def limited_for_thirty_years(world: World, wire: Wire, request: Request) -> None:
    """Everything is answered 429 with a Retry-After of 1,000,000,000 seconds."""
    await wire.answer(429, LIMITED, [JSON, ("Retry-After", "1000000000")])


@on_request(when=reads)
async def limited_until_the_year_9999(world: World, wire: Wire, request: Request) -> None:
    """Reads are answered 429 with a date in the year 9999."""
    await wire.answer(429, LIMITED, [JSON, ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")])


@on_request(when=reads)
async def limited_for_no_number(world: World, wire: Wire, request: Request) -> None:
    """Reads are answered 429 with a Retry-After of NaN, inf, -5, 1e400 or a superscript, in turn."""
    described = ("NaN", "inf", "-5", "1e400", "²", "", "Mon, 99 Foo 2020", "9" * 5_000)
    await wire.answer(429, LIMITED, [JSON, ("Retry-After", described[world.requests % len(described)])])


@on_request(when=later)
async def unavailable_at_once(world: World, wire: Wire, request: Request) -> None:
    """After six healthy answers everything is answered 503 with a Retry-After of 0."""
    await wire.answer(503, BROKEN, [JSON, ("Retry-After", "0")])


@on_request()
async def breaks_down_in_html(world: World, wire: Wire, request: Request) -> None:
    """Everything is answered 500 with a page of HTML that holds a script."""
    page = b"<html><script>alert(1)</script><h1>500</h1>]]></html>"
    await wire.answer(500, page, [("Content-Type", "text/html")])


@on_request(exits=EITHER)
async def teapot(world: World, wire: Wire, request: Request) -> None:
    """Everything is answered 418."""
    await wire.answer(418, REFUSAL)


@on_request()
async def redirects_to_itself(world: World, wire: Wire, request: Request) -> None:
    """Everything is redirected to itself."""
    await wire.answer(302, b"", [("Location", request.target)])


@on_request(exits=EITHER)
async def redirects_to_another_host(world: World, wire: Wire, request: Request) -> None:
    """Everything is redirected to another host, which nobody may ask."""
    token = request.headers.get("authorization", "").replace(" ", "%20")
    location = ("Location", f"{world.stranger}{request.target}?token={token}")
    await wire.answer(307, b"", [location, ("Refresh", f"0; url={world.stranger}")])


@on_request(when=reads, exits=EITHER)
async def redirects_reads_permanently(world: World, wire: Wire, request: Request) -> None:
    """Each read is redirected to another host with 308, and with the body that it should have."""
    healthy = await world.forward(request)
    await wire.answer(308, healthy.body, [JSON, ("Location", f"{world.stranger}/")])


@on_request(exits=EITHER)
async def redirects_to_a_file(world: World, wire: Wire, request: Request) -> None:
    """Everything is redirected to a file of the client's machine."""
    await wire.answer(301, b"", [("Location", "file:///etc/passwd")])


@on_request(exits=EITHER)
async def redirects_to_nowhere(world: World, wire: Wire, request: Request) -> None:
    """Redirects lead to addresses that are none, or have no address at all."""
    described = (
        "http://[::1",
        "http://a:99999999/",
        "\x00",
        "http://\udc80",
        "//",
        "",
        "javascript:alert(1)",
    )
    headers: Headers = (
        [("Location", described[world.requests % len(described)])] if world.requests % 5 else []
    )
    await wire.answer(303, b"", headers)


@on_request(when=later)
async def wants_its_cookies(world: World, wire: Wire, request: Request) -> None:
    """After six healthy answers the server sets a thousand cookies and answers 401 until they come back."""
    cookies = [("Set-Cookie", f"session{number}=stolen; Path=/; SameSite=None") for number in range(1_000)]
    await wire.answer(401, REFUSAL, [JSON, *cookies])


@on_request(exits=EITHER)
async def another_status_each_time(world: World, wire: Wire, request: Request) -> None:
    """Statuses from 200 to 599 follow each other, whatever is asked."""
    status = 200 + world.requests * 7 % 400
    await wire.answer(status, b"" if status in (204, 205, 304) else REFUSAL)


@on_request(exits=EITHER)
async def refuses_with_a_book(world: World, wire: Wire, request: Request) -> None:
    """Everything is answered 400 with a message of five megabytes."""
    await wire.answer(400, json.dumps({"code": "C" * 1_000_000, "message": "wörd " * 1_000_000}).encode())
