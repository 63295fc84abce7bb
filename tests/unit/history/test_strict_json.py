"""The quick way to read a body says the same as the one that tells what is odd, or leaves it to that one."""

import pytest

from batchproof.history import strict_json

BODIES = (
    b'{"a":1,"b":[true,false,null,"x",{"c":1.5}]}',
    b'{"a": 1}\n',
    b'{"a":1,"a":2}',
    b'{"text":"\xc3\xa4","escaped":"\\u00e4"}',
    b"-0",
    b"1.0",
    b"1e16",
    b"1.00000000000000000001",
    b"123456789012345680.0",
    b"999999999999999999",
    b"9223372036854775807",
    b"\xef\xbb\xbf{}",
    b'"\xff"',
    b'"\\ud800"',
    b'"\\u0000"',
    b"[" * 150 + b"]" * 150,
)
REFUSED = (
    b"",
    b"NaN",
    b"[1,]",
    b"1e400",
    b"9223372036854775808",
    b"[" * 300 + b"]" * 300,
    b"{'a':1}",
    b'"\x01"',
)


def by_the_slow_way(monkeypatch: pytest.MonkeyPatch, body: bytes | str) -> strict_json.Read:
    with monkeypatch.context() as patched:
        patched.setattr(strict_json, "_plain", lambda _content: None)
        return strict_json.read(body)


@pytest.mark.parametrize("body", BODIES)
def test_both_ways_read_the_same(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    assert repr(strict_json.read(body)) == repr(by_the_slow_way(monkeypatch, body))


@pytest.mark.parametrize("body", REFUSED)
def test_both_ways_refuse_the_same(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    with pytest.raises(ValueError) as slow:
        by_the_slow_way(monkeypatch, body)
    with pytest.raises(ValueError) as quick:
        strict_json.read(body)
    assert (type(quick.value), str(quick.value)) == (type(slow.value), str(slow.value))


def test_half_a_pair_in_a_text_stays() -> None:
    assert strict_json.parse('["\ud800"]') == ["\ud800"]
