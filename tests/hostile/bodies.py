"""Bodies that are no JSON, or JSON that hardly anything reads."""

import json
from collections.abc import Callable
from functools import cache

from .table import EITHER, on_request, reads
from .wire import JSON, Request, Wire
from .world import World


async def _rewritten(
    world: World,
    wire: Wire,
    request: Request,
    change: Callable[[bytes], bytes],
    content_type: str = JSON[1],
) -> None:
    healthy = await world.forward(request)
    await wire.answer(healthy.status, change(healthy.body), [("Content-Type", content_type)])


async def _with_member(world: World, wire: Wire, request: Request, member: bytes) -> None:
    """The documents allow properties that they do not name."""
    await _rewritten(world, wire, request, lambda body: b'{"extra": ' + member + b", " + body.lstrip()[1:])


@on_request(when=reads, exits=EITHER)
async def body_empty(world: World, wire: Wire, request: Request) -> None:
    """Each read is 200 with an empty body."""
    await wire.answer(200, b"")


@on_request(when=reads, exits=EITHER)
async def body_of_nul(world: World, wire: Wire, request: Request) -> None:
    """Each read consists of NUL bytes."""
    await wire.answer(200, b"\0" * 5_000)


@on_request(when=reads, exits=EITHER)
async def body_in_utf_16(world: World, wire: Wire, request: Request) -> None:
    """Each read is encoded as UTF-16."""
    await _rewritten(world, wire, request, lambda body: body.decode().encode("utf-16"))


@on_request(when=reads, exits=EITHER)
async def body_in_utf_32(world: World, wire: Wire, request: Request) -> None:
    """Each read is encoded as UTF-32, and says so."""
    type_ = "application/json; charset=utf-32"
    await _rewritten(world, wire, request, lambda body: body.decode().encode("utf-32"), type_)


@on_request(when=reads, exits=EITHER)
async def body_of_a_charset_that_runs_code(world: World, wire: Wire, request: Request) -> None:
    """Each read names codecs of Python as its charset: rot13, zip, idna and a path."""
    described = ("rot13", "zip", "idna", "../../x", "unicode_escape", "undefined")[world.requests % 6]
    await _rewritten(world, wire, request, bytes, f'application/json; charset="{described}"')


@on_request(when=reads, exits=EITHER)
async def body_of_invalid_utf_8(world: World, wire: Wire, request: Request) -> None:
    """Strings of each read hold bytes that are no UTF-8."""
    await _with_member(world, wire, request, b'"\xff\xfe\xc0\xaf\xed\xa0\x80"')


@on_request(when=reads)
async def body_with_a_byte_order_mark(world: World, wire: Wire, request: Request) -> None:
    """Each read begins with a byte order mark, which RFC 8259 lets a reader ignore."""
    await _rewritten(world, wire, request, lambda body: b"\xef\xbb\xbf" + body)


@on_request(when=reads, exits=EITHER)
async def body_with_names_twice(world: World, wire: Wire, request: Request) -> None:
    """Each read has all its members twice, and other values the second time."""
    await _rewritten(
        world, wire, request, lambda body: body[:-1] + b', "id": "x", "status": "y", "object": null}'
    )


@on_request(when=reads, exits=EITHER)
async def body_with_nan(world: World, wire: Wire, request: Request) -> None:
    """Each read holds NaN and Infinity, which are no JSON."""
    await _with_member(world, wire, request, b"[NaN, Infinity, -Infinity]")


@on_request(when=reads)
async def body_with_1e999(world: World, wire: Wire, request: Request) -> None:
    """Each read holds numbers that no float can hold."""
    await _with_member(world, wire, request, b"[1e999, -1e999, 1E-999, 1e99999999999999999999]")


@on_request(when=reads)
async def body_with_a_number_of_100000_digits(world: World, wire: Wire, request: Request) -> None:
    """Each read holds an integer of a hundred thousand digits."""
    await _with_member(world, wire, request, b"7" * 100_000)


@on_request(when=reads, exits=EITHER)
async def body_with_status_1e999(world: World, wire: Wire, request: Request) -> None:
    """Every value of each read is 1e999."""
    await _rewritten(world, wire, request, lambda body: _values(body, b"1e999"))


@on_request(when=reads)
async def body_of_deep_arrays(world: World, wire: Wire, request: Request) -> None:
    """Each read holds arrays that are nested a hundred thousand times."""
    await _with_member(world, wire, request, b"[" * 100_000 + b"]" * 100_000)


@on_request(when=reads)
async def body_of_deep_objects(world: World, wire: Wire, request: Request) -> None:
    """Each read holds objects that are nested five thousand times."""
    await _with_member(world, wire, request, b'{"a":' * 5_000 + b"1" + b"}" * 5_000)


@on_request(when=reads)
async def body_of_arrays_as_deep_as_readers_go(world: World, wire: Wire, request: Request) -> None:
    """Reads hold arrays that are nested 100 to 1,000 times, about as deep as readers go."""
    depth = (100, 120, 126, 127, 128, 129, 200, 250, 253, 254, 255, 256, 500, 900, 990, 1_000)[
        world.requests % 16
    ]
    await _with_member(world, wire, request, b"[" * depth + b"]" * depth)


@on_request(when=reads)
async def body_with_lone_surrogates(world: World, wire: Wire, request: Request) -> None:
    """Strings of each read hold halves of surrogate pairs, which JSON allows."""
    await _with_member(world, wire, request, rb'["\ud800", "\udfff\ud800", {"\ud834": "\u0000"}]')


@on_request(when=reads)
async def body_of_a_million_members(world: World, wire: Wire, request: Request) -> None:
    """Each read has a million members more than it should."""
    await _with_member(world, wire, request, b"{" + _members(1_000_000) + b"}")


@on_request(when=reads)
async def body_of_fifteen_megabytes(world: World, wire: Wire, request: Request) -> None:
    """Each read holds a string of fifteen megabytes."""
    await _with_member(world, wire, request, b'"' + b"x" * 15_000_000 + b'"')


@on_request(when=reads)
async def body_of_fifteen_megabytes_of_emoji(world: World, wire: Wire, request: Request) -> None:
    """Each read holds fifteen megabytes of short strings with emoji."""
    await _with_member(world, wire, request, b"[" + b",".join(['"😀é"'.encode()] * 1_600_000) + b"]")


@on_request(when=reads)
async def body_of_a_long_character_reference(world: World, wire: Wire, request: Request) -> None:
    """Strings of each read name a character by a number of twenty thousand digits, as in HTML."""
    await _with_member(world, wire, request, b'"&#' + b"7" * 20_000 + b";&#x" + b"f" * 20_000 + b';"')


@on_request(when=reads)
async def body_of_backslashes(world: World, wire: Wire, request: Request) -> None:
    """Each read holds a megabyte of backslashes beside what looks like a presigned address."""
    await _with_member(world, wire, request, b'"?x-amz-signature=' + b"\\\\" * 500_000 + b'"')


@on_request(when=reads, exits=EITHER)
async def body_of_another_kind(world: World, wire: Wire, request: Request) -> None:
    """Each read is a number, a string, null, true or an array, in turn."""
    await wire.answer(200, (b"1", b'"text"', b"null", b"true", b"[[]]", b"-0")[world.requests % 6])


@on_request(when=reads, exits=EITHER)
async def body_with_a_tail(world: World, wire: Wire, request: Request) -> None:
    """A second JSON text follows the first in each read."""
    await _rewritten(world, wire, request, lambda body: body + b"\n{}\n")


@on_request(when=reads, exits=EITHER)
async def body_of_almost_json(world: World, wire: Wire, request: Request) -> None:
    """Each read has comments, single quotes and a comma too many."""
    await _rewritten(world, wire, request, lambda body: b"// hello\n" + body[:-1] + b", 'a': 1,}")


@on_request(when=reads, exits=EITHER)
async def body_is_a_page(world: World, wire: Wire, request: Request) -> None:
    """Each read is a page of HTML with status 200."""
    await wire.answer(200, b"<!doctype html><p>Please log in]]></p>", [("Content-Type", "text/html")])


@on_request(when=reads, exits=EITHER)
async def body_of_everything_null(world: World, wire: Wire, request: Request) -> None:
    """Every value of each read is null."""
    await _rewritten(world, wire, request, lambda body: _values(body, b"null"))


@on_request(when=reads, exits=EITHER)
async def body_of_the_wrong_types(world: World, wire: Wire, request: Request) -> None:
    """Every value of each read is an array in an object in an array."""
    await _rewritten(world, wire, request, lambda body: _values(body, b'[{"id": [{"status": []}]}]'))


@cache
def _members(count: int) -> bytes:
    return b",".join(b'"%d":0' % number for number in range(count))


def _values(body: bytes, value: bytes) -> bytes:
    members = [json.dumps(name).encode() + b":" + value for name in json.loads(body)]
    return b"{" + b",".join(members) + b"}"
