"""Bodies: inflated in small steps, at most as large as was agreed; what JSON allows and we do not handle is no breach."""

import gzip
import json
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import brotli
import httpx
import pytest

from batchproof.client import Call, Target
from batchproof.client.bodies import LargeBodies
from batchproof.contract import Contract
from batchproof.history import Exchange, has_body
from batchproof.history.codings import zstd
from batchproof.judging import judge

LIST = Call(operation="list_documents")
MIB = 1024 * 1024
BODY = b'{"a": "' + b"b" * 1_000 + b'"}'


def with_a_window_of_128_mib(content: bytes) -> bytes:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    return packer.compress(content, mode=packer.FLUSH_BLOCK) + packer.flush()


WIDE = with_a_window_of_128_mib(BODY)


@pytest.fixture
def answered(make_target: Callable[..., Target]) -> Callable[..., Exchange]:
    """What is recorded of an answer with these bytes."""

    def answer(content: bytes, coding: str = "", status: int = 200, **settings: Any) -> Exchange:
        headers = {"content-encoding": coding} if coding else {}
        made = httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))
        return make_target(lambda _: made, **settings).send(LIST, "scenario")

    return answer


def bare(content: bytes) -> bytes:
    """Deflated without the format of zlib around it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("X-GZIP", gzip.compress(BODY, mtime=0)),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY, mtime=0), mtime=0)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", bare(BODY)),
        ("deflate, gzip", gzip.compress(zlib.compress(BODY), mtime=0)),
        ("br", brotli.compress(BODY)),
        ("zstd", zstd.compress(BODY)),
        ("zstd", zstd.compress(BODY[:10]) + zstd.compress(BODY[10:])),
        ("zstd, br", brotli.compress(zstd.compress(BODY))),
        ("gzip", gzip.compress(BODY[:10], mtime=0) + gzip.compress(BODY[10:], mtime=0) + b"\0" * 8),
    ],
)
def test_coded_body_is_read(answered: Callable[..., Exchange], coding: str, content: bytes) -> None:
    exchange = answered(content, coding)
    assert (exchange.failure, exchange.response and exchange.response.body) == (None, json.loads(BODY))
    assert (exchange.response and exchange.response.size) == len(BODY)


@pytest.mark.parametrize(
    ("coding", "content", "kind"),
    [
        ("gzip", BODY, "protocol"),
        ("gzip", gzip.compress(BODY, mtime=0)[:-9], "protocol"),
        ("deflate", b"\xff" * 9, "protocol"),
        ("br", BODY, "protocol"),
        ("br", brotli.compress(BODY)[:-1], "protocol"),
        ("br", brotli.compress(BODY) + b"x", "protocol"),
        ("zstd", BODY, "protocol"),
        ("zstd", zstd.compress(BODY)[:-1], "protocol"),
        ("zstd", WIDE, "protocol"),
        ("zstd", zstd.compress(b"") * 101, "unhandled"),
        ("compress", BODY, "unhandled"),
        ("gzip, " * 5 + "gzip", BODY, "unhandled"),
        ("gzip", gzip.compress(b"", mtime=0) * 101, "unhandled"),
    ],
)
def test_coded_body_that_cannot_be_read(
    answered: Callable[..., Exchange], coding: str, content: bytes, kind: str
) -> None:
    exchange = answered(content, coding)
    assert (exchange.response, exchange.failure and exchange.failure.kind) == (None, kind)


def test_only_what_every_server_can_send_is_asked_for(answered: Callable[..., Exchange]) -> None:
    assert answered(BODY).request.headers["accept-encoding"] == "gzip, deflate"


def test_body_of_the_largest_size_is_read_and_no_larger_one(answered: Callable[..., Exchange]) -> None:
    texts = [json.dumps("a" * size).encode() for size in (MIB - 2, MIB - 1)]
    recorded = [answered(text, max_body_mb=1.0) for text in texts]
    assert [item.failure and (item.failure.kind, item.failure.message) for item in recorded] == [
        None,
        ("too_large", f"the body is longer than {MIB} bytes (status 200)"),
    ]
    assert recorded[1].response is None


def layers(content: bytes, count: int) -> bytes:
    for _ in range(count):
        content = gzip.compress(content, mtime=0)
    return content


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 3])
def test_bomb_takes_no_more_memory_than_a_body(answered: Callable[..., Exchange], count: int) -> None:
    bomb = layers(b" " * 256 * MIB, count)
    tracemalloc.start()
    exchange = answered(bomb, ", ".join(["gzip"] * count), max_body_mb=4.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (exchange.failure and exchange.failure.kind, peak < 12 * MIB) == ("too_large", True)


@pytest.mark.slow
@pytest.mark.parametrize(("coding", "packed"), [("br", brotli.compress), ("zstd", zstd.compress)])
def test_bomb_of_a_newer_coding_takes_no_more(
    answered: Callable[..., Exchange], coding: str, packed: Callable[[bytes], bytes]
) -> None:
    bomb = packed(b" " * 256 * MIB)
    tracemalloc.start()
    exchange = answered(bomb, coding, max_body_mb=4.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (exchange.failure and exchange.failure.kind, peak < 12 * MIB) == ("too_large", True)


UNHANDLED = {
    "deep": b"[" * 300 + b"]" * 300,
    "very-deep": b"[" * 100_000 + b"]" * 100_000,
    "large-float": b'{"n": 1e999}',
    "large-integer": b'{"n": 9223372036854775808}',
    "huge-integer": b"[-" + b"9" * 10_000 + b"]",
    "many": b"[" + b"{}," * 250_001 + b"{}]",
}


def findings_beside(build: ModuleType, acme: Contract, *failed: Exchange) -> Any:
    """What a run finds, in which each of ``failed`` came three times between answers that are as they should be."""
    again = [
        build.exchange("list_documents", at, None, failure=item.failure)
        for item in failed
        for at in (1.0, 9.0, 19.0)
    ]
    listed = {"documents": [], "next": None}
    healthy = [build.exchange("list_documents", at, body=listed) for at in (0.0, 29.0)]
    results = judge(acme, build.history([healthy[0], *again, healthy[1]]))
    return [(row.id, row.findings) for row in results.requirements if row.findings]


@pytest.mark.parametrize("name", UNHANDLED)
def test_json_that_is_not_handled_is_no_breach(
    answered: Callable[..., Exchange], build: ModuleType, acme: Contract, name: str
) -> None:
    exchange = answered(UNHANDLED[name])
    assert (exchange.response, exchange.failure and exchange.failure.kind) == (None, "unhandled")
    assert findings_beside(build, acme, exchange) == findings_beside(build, acme)


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_body_that_is_too_large_is_no_breach(
    answered: Callable[..., Exchange], build: ModuleType, acme: Contract, coding: str
) -> None:
    content = json.dumps("a" * 2 * MIB).encode()
    exchange = answered(gzip.compress(content) if coding else content, coding, max_body_mb=1.0)
    assert exchange.failure is not None
    assert exchange.failure.kind == "too_large"
    assert findings_beside(build, acme, exchange) == findings_beside(build, acme)


@pytest.mark.parametrize("number", [9223372036854775807, -9223372036854775808, 1e308])
def test_number_that_is_handled(answered: Callable[..., Exchange], number: float) -> None:
    exchange = answered(json.dumps([number]).encode())
    assert exchange.response is not None
    assert exchange.response.body == [number]


@pytest.mark.parametrize(
    ("content", "body", "oddities"),
    [
        (b'{"a": 1}', {"a": 1}, []),
        ('{"a": "é"}'.encode("utf-16"), {"a": "é"}, ["utf_16"]),
        ('{"a": "é"}'.encode("utf-16-le"), {"a": "é"}, ["utf_16"]),
        ('{"a": 1}'.encode("utf-32-be"), {"a": 1}, ["utf_32"]),
        ('{"a": 1}'.encode("utf-8-sig"), {"a": 1}, ["byte_order_mark"]),
        (b'{"a": "\xff"}', {"a": "\ufffd"}, ["invalid_utf8"]),
        (b'[{"a": 1, "b": 2, "a": 3}]', [{"a": 3, "b": 2}], ["duplicate_names"]),
    ],
)
def test_json_that_is_odd_is_read_and_told(
    answered: Callable[..., Exchange], content: bytes, body: Any, oddities: list[str]
) -> None:
    exchange = answered(content)
    assert exchange.response is not None
    assert (exchange.failure, exchange.response.body, exchange.response.oddities) == (None, body, oddities)


@pytest.mark.parametrize(
    "content", [b'{"n": NaN}', "é".encode("utf-16"), b"\xff\xfe\x00", b"\x00\x00"], ids=str
)
def test_what_is_no_json_in_any_encoding(answered: Callable[..., Exchange], content: bytes) -> None:
    exchange = answered(content)
    assert exchange.response is not None
    assert (exchange.failure and exchange.failure.kind, has_body(exchange.response)) == ("not_json", False)


def test_of_a_long_text_the_beginning_is_kept(answered: Callable[..., Exchange]) -> None:
    exchange = answered("é".encode() * 100_000)
    assert exchange.response is not None
    assert (exchange.response.text, exchange.response.size) == ("é" * 65_536, 200_000)


def test_large_bodies_come_one_at_a_time_and_waiting_costs_no_time_of_the_request() -> None:
    waited: list[float] = []
    large = LargeBodies(waited.append)
    first_has_it, may_end, order = threading.Event(), threading.Event(), list[str]()

    def first() -> None:
        with large.turn() as grown:
            grown(2 * MIB)
            first_has_it.set()
            assert may_end.wait(10)
            order.append("first")

    def second() -> None:
        with large.turn() as grown:
            grown(1_000)
            assert first_has_it.wait(10)
            may_end.set()
            grown(2 * MIB)
            grown(3 * MIB)
            order.append("second")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result(10)
    assert (order, len(waited)) == (["first", "second"], 2)
