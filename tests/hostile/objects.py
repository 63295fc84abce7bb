"""Objects whose ids, page tokens, statuses and times are out of all bounds."""

import json
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from .table import EITHER, lists, on_request, reads
from .wire import JSON, Request, Wire
from .world import World

COMMANDS = (
    "\n::error::owned by %s\n",
    "\r##vso[task.complete result=Succeeded]%s",
    "\n##[error]%s",
    "\n::set-output name=a::%s",
    "\n##teamcity[buildStop comment='%s']\n",
)


async def _masked(world: World, wire: Wire, request: Request, mask: Callable[[str], Any]) -> None:
    """Every id is another one on the way out, and its own again on the way in."""
    masks: dict[str, str] = world.memory.setdefault("masks", {})
    target = unquote(request.target, errors="surrogatepass")
    body = request.body.decode("utf-8", "replace")
    for masked, own in masks.items():
        target = target.replace(masked, own)
        body = body.replace(json.dumps(masked)[1:-1], own)
    target = target.split("#")[0].encode("ascii", "replace").decode()
    healthy = await world.forward(
        Request(request.method, target.replace(" ", "+"), request.headers, body.encode())
    )

    def other(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: other(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [other(item) for item in value]
        if isinstance(value, str) and name in {"id", "batchId"}:
            masked = mask(value)
            if isinstance(masked, str):
                masks[masked] = value
            return masked
        return value

    text = json.dumps(other(healthy.json)) if healthy.body else ""
    await wire.answer(healthy.status, text.encode("utf-8", "surrogatepass"))


@on_request(exits=EITHER)
async def ids_of_a_megabyte(world: World, wire: Wire, request: Request) -> None:
    """The id of each new batch is a megabyte long."""
    new = request.method != "GET" or request.target.startswith("/batch_runs")
    await _masked(world, wire, request, lambda own: own + "a" * 1_000_000 if new else own)


@on_request(exits=EITHER)
async def ids_of_ten_kilobytes(world: World, wire: Wire, request: Request) -> None:
    """Each id has ten thousand characters."""
    await _masked(world, wire, request, lambda own: own + "é" * 10_000)


@on_request(exits=EITHER)
async def ids_that_climb(world: World, wire: Wire, request: Request) -> None:
    """Each id leads out of its folder."""
    await _masked(world, wire, request, lambda own: f"../../../../../tmp/{own}")


@on_request(exits=EITHER)
async def ids_that_are_dots(world: World, wire: Wire, request: Request) -> None:
    """Each id is . or .. or empty or a slash, so that requests lead elsewhere."""
    described = (".", "..", "", "/", "?", "#", "%2e%2e", "\\")
    await _masked(world, wire, request, lambda own: described[len(world.memory["masks"]) % len(described)])


@on_request(exits=EITHER)
async def ids_that_are_addresses(world: World, wire: Wire, request: Request) -> None:
    """Each id is the address of another host, or looks like the user part of one."""
    described = (f"{world.stranger}/%s", f"//{world.stranger[7:]}/%s", f"@{world.stranger[7:]}/%s?a=b#%s")
    await _masked(world, wire, request, lambda own: random.choice(described).replace("%s", own))


@on_request(exits=EITHER)
async def ids_with_control_characters(world: World, wire: Wire, request: Request) -> None:
    """Ids hold every control character, escapes of terminals, and what XML does not allow."""
    controls = "".join(map(chr, [*range(32), *range(127, 160), 0x2028, 0x202E, 0xFEFF, 0xFFFE, 0xFFFF]))
    await _masked(world, wire, request, lambda own: f"{own}{controls}\x1b]8;;http://a\x07\x1b[2J")


@on_request(exits=EITHER)
async def ids_with_commands(world: World, wire: Wire, request: Request) -> None:
    """Ids hold commands for CI systems, each on a line of its own."""
    await _masked(world, wire, request, lambda own: COMMANDS[hash(own) % len(COMMANDS)] % own)


@on_request(exits=EITHER)
async def ids_with_templates(world: World, wire: Wire, request: Request) -> None:
    """Ids hold markup and placeholders of terminals, Markdown, XML, shells and templates."""
    nasty = (
        "[/bold][link=file:///]{0.__class__}%s%(a)n${HOME}$(id)`id`'\"; <b>|]]>&#0;{{7*7}}$BATCHPROOF_TOKEN"
    )
    await _masked(world, wire, request, lambda own: own + nasty)


@on_request(exits=EITHER)
async def ids_with_lone_surrogates(world: World, wire: Wire, request: Request) -> None:
    """Ids hold halves of surrogate pairs."""
    await _masked(world, wire, request, lambda own: f"{own}\ud800\udfff")


@on_request(exits=EITHER)
async def ids_of_other_types(world: World, wire: Wire, request: Request) -> None:
    """Ids are numbers, null, arrays, objects and truth values."""
    described: tuple[Any, ...] = (7, None, [], {"id": {}}, True, 1.5)
    await _masked(world, wire, request, lambda own: described[hash(own) % len(described)])


@on_request(exits=EITHER)
async def ids_all_the_same(world: World, wire: Wire, request: Request) -> None:
    """Every object has the same id."""
    await _masked(world, wire, request, lambda own: "same")


@on_request(exits=EITHER)
async def ids_new_in_each_answer(world: World, wire: Wire, request: Request) -> None:
    """An object has another id in each answer, and is found by all of them."""
    await _masked(world, wire, request, lambda own: f"{own}_{world.requests}")


async def _page(
    world: World, wire: Wire, request: Request, token: Any, rows: Callable[[list[Any]], list[Any]] = list
) -> None:
    """A page of the healthy list whose token is another one."""
    bare = Request("GET", request.target.partition("?")[0], request.headers)
    page = (await world.forward(bare)).json
    page["data"] = rows(page["data"])
    await wire.answer(200, json.dumps({**page, "nextPageToken": token}).encode())


@on_request(when=lists, exits=EITHER)
async def page_token_that_stays(world: World, wire: Wire, request: Request) -> None:
    """Every page leads to itself."""
    await _page(world, wire, request, "again")


@on_request(when=lists, exits=EITHER)
async def page_tokens_without_end(world: World, wire: Wire, request: Request) -> None:
    """Every page has a new token."""
    await _page(world, wire, request, f"token_{world.requests}")


@on_request(when=lists, exits=EITHER)
async def page_token_that_grows(world: World, wire: Wire, request: Request) -> None:
    """The token doubles from page to page."""
    world.memory["token"] = world.memory.get("token", "grow") * 2
    await _page(world, wire, request, world.memory["token"][:8_000_000])


@on_request(when=lists, exits=EITHER)
async def page_token_with_control_characters(world: World, wire: Wire, request: Request) -> None:
    """Tokens hold control characters, surrogates, ampersands and commands for CI systems."""
    await _page(world, wire, request, f"\n::error::\0\x1b[2J\ud800&limit=1#{world.requests}")


@on_request(when=lists, exits=EITHER)
async def page_tokens_of_other_types(world: World, wire: Wire, request: Request) -> None:
    """Tokens are numbers, arrays, objects and truth values."""
    described: tuple[Any, ...] = (7, [], {"a": 1}, True, "", 1e308)
    await _page(world, wire, request, described[world.requests % len(described)])


@on_request(when=lists)
async def page_of_300000_rows(world: World, wire: Wire, request: Request) -> None:
    """A page has three hundred thousand rows."""
    healthy = (await world.forward(request)).json
    row = json.dumps(healthy["data"][0] if healthy["data"] else {"id": "x"}).encode()
    await wire.answer(200, b'{"object": "list", "data": [' + b",".join([row] * 300_000) + b"]}")


@on_request(when=lists, exits=EITHER)
async def page_of_300000_empty_rows(world: World, wire: Wire, request: Request) -> None:
    """A page has three hundred thousand rows without a member."""
    await wire.answer(200, b'{"object": "list", "data": [' + b",".join([b"{}"] * 300_000) + b"]}")


@on_request(when=lists, exits=EITHER)
async def rows_that_are_none(world: World, wire: Wire, request: Request) -> None:
    """Rows are numbers, null, strings and arrays."""
    await _page(world, wire, request, None, lambda rows: [1, None, "row", [[]], {"data": rows}, rows])


async def _changed(world: World, wire: Wire, request: Request, **members: Any) -> None:
    healthy = await world.forward(request)
    described = {name: value for name, value in members.items() if name in (healthy.json or {})}
    await wire.answer(healthy.status, json.dumps({**(healthy.json or {}), **described}).encode(), [JSON])


@on_request(when=reads, exits=EITHER)
async def batches_that_never_end(world: World, wire: Wire, request: Request) -> None:
    """Whatever is read is still being processed."""
    await _changed(world, wire, request, status="PROCESSING")


@on_request(when=reads, exits=EITHER)
async def status_that_flickers(world: World, wire: Wire, request: Request) -> None:
    """The status is another one in each answer."""
    described = ("PENDING", "PROCESSED", "PROCESSING", "FAILED", "CANCELLED")
    await _changed(world, wire, request, status=described[world.requests % 5])


@on_request(when=reads, exits=EITHER)
async def status_of_a_megabyte(world: World, wire: Wire, request: Request) -> None:
    """The status is a megabyte of escapes and commands."""
    await _changed(world, wire, request, status="\n::error::\x1b[31m[/red]" * 50_000)


@on_request(when=reads, exits=EITHER)
async def times_out_of_bounds(world: World, wire: Wire, request: Request) -> None:
    """Times lie before the first and after the last year, are no times, or do not end."""
    described: tuple[Any, ...] = (
        *("0000-00-00T00:00:00Z", "10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2026-02-30T25:61:61Z"),
        *("9999-12-31T23:59:59.999999999999Z", "2016-12-31T23:59:60Z", "0001-01-01T00:00:00+14:00"),
        *(
            10**30,
            -1,
            "9" * 100_000,
            "2026-01-01T00:00:00." + "1" * 100_000 + "Z",
            "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661T00:00:00Z",
        ),
    )
    value = described[world.requests % len(described)]
    await _changed(world, wire, request, createdAt=value, updatedAt=value)


@on_request(when=reads, exits=EITHER)
async def counts_out_of_bounds(world: World, wire: Wire, request: Request) -> None:
    """Counts are huge, negative, fractions and exponents."""
    described: tuple[Any, ...] = (10**40, -(10**40), 0.5, 1e308, -0.0, "1", True)
    value = described[world.requests % len(described)]
    await _changed(world, wire, request, runCount=value, usage={"credits": value, "totalCredits": value})


@on_request(when=reads, exits=EITHER)
async def echoes_all_it_is_told(world: World, wire: Wire, request: Request) -> None:
    """Headers, bodies, errors, names and ids of reads repeat the token and everything else that was sent."""
    token = request.headers.get("authorization", "")
    described = {
        token: token,
        "id": token,
        "code": token,
        "message": f"no: {request.headers}",
        "status": token,
    }
    rows = {**described, "data": [described], "nextPageToken": token}
    headers = [JSON, ("X-Echo", token), ("Set-Cookie", f"session={token}"), (token[7:] or "X", token)]
    status = (200, 401, 500, 400)[world.requests % 4]
    await wire.answer(status, json.dumps(rows).encode(), headers, token)


@on_request(when=reads, exits=EITHER)
async def echoes_among_backslashes(world: World, wire: Wire, request: Request) -> None:
    """Each read repeats the token beside a megabyte of backslashes."""
    token = request.headers.get("authorization", "")
    healthy = await world.forward(request)
    body = {**(healthy.json or {}), "note": token + "\\" * 500_000, "other": "\\" * 500_000 + token}
    await wire.answer(healthy.status, json.dumps(body).encode(), [JSON])
