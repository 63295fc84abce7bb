"""What is equal in a history is kept once, and what only looks equal to Python is kept apart."""

from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.history import Exchange, HistoryWriter, Redactor, read_history
from batchproof.history.shared import Shared


def shared(*bodies: Any) -> list[Any]:
    """The bodies as a reader would have them that saw one after the other."""
    together = Shared()
    return [together.value(msgspec.json.decode(msgspec.json.encode(body))) for body in bodies]


def test_equal_rows_of_two_lists_are_one() -> None:
    one, other = shared({"data": [{"id": "a"}, {"id": "b"}]}, {"data": [{"id": "b"}], "next": None})
    assert one["data"][1] is other["data"][0]


def test_equal_parts_of_two_looks_are_one() -> None:
    one, other = shared({"status": "A", "file": {"pages": [1]}}, {"status": "B", "file": {"pages": [1]}})
    assert one["file"] is other["file"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": 1.0}),
        ({"a": 1}, {"a": True}),
        ({"a": 0.0}, {"a": -0.0}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_what_is_written_otherwise_stays_as_it_is(one: Any, other: Any) -> None:
    assert list(map(repr, shared(one, other))) == [repr(one), repr(other)]


def test_reader_shares_bodies_and_headers(build: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "history.ndjson"
    with closing(HistoryWriter(file, Redactor({}))) as writer:
        for event in (build.header(), *(answered(build, at) for at in (1, 2))):
            writer.write(event)
    first, second = (exchange.response for exchange in read_history(file).exchanges)
    assert first is not None
    assert second is not None
    assert first.body is second.body
    assert first.headers is second.headers


def answered(build: ModuleType, at: float) -> Exchange:
    found: Exchange = build.exchange("get_batch", at, body={"name": "é"}, headers={"etag": "1"})
    return found
