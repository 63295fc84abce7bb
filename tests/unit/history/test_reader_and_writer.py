"""A history survives what happens to files: cut off, interrupted, not a history at all."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from batchproof.history import (
    Delivery,
    Exchange,
    Failure,
    Footer,
    Halt,
    History,
    HistoryError,
    HistoryWriter,
    Redactor,
    Request,
    Response,
    Unmet,
    has_body,
    read_history,
)
from batchproof.history.events import HaltReason

Write = Callable[..., Path]

texts = st.text(max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
bodies = st.just(UNSET) | json_values
seconds = st.floats(0, 1e6)
headers = st.dictionaries(st.sampled_from(["a", "b-c", "retry-after"]), texts, max_size=2)
requests = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST"]),
    url=texts.filter(lambda text: "=" not in text),
    path=st.dictionaries(texts, texts, max_size=2),
    query=st.lists(st.tuples(texts, texts), max_size=2),
    headers=headers,
    body=bodies,
    text=st.none() | texts,
)
responses = st.builds(
    Response,
    status=st.integers(100, 599),
    headers=headers,
    body=bodies,
    text=st.none() | texts,
    size=st.integers(0, 2**40),
)
failures = st.builds(
    Failure,
    kind=st.sampled_from(["timeout", "connect", "protocol", "too_large", "not_json"]),
    message=texts,
)
names = st.none() | texts
exchanges = st.builds(
    Exchange,
    id=texts,
    scenario=texts,
    operation=names,
    start=seconds,
    end=seconds,
    request=requests,
    response=st.none() | responses,
    failure=st.none() | failures,
    probe=names,
    control_of=st.lists(texts, max_size=2),
)
unmets = st.builds(
    Unmet,
    scenario=texts,
    reason=st.sampled_from(["precondition_unmet", "budget_exhausted", "target_error"]),
    detail=texts,
    operations=st.lists(texts, max_size=2),
    option=names,
    probe=names,
)
deliveries = st.builds(
    Delivery,
    id=texts,
    received_at=seconds,
    method=names,
    path=names,
    headers=headers,
    text=names,
    base64=names,
    expected=names,
    age=st.none() | seconds,
)
halts = st.builds(
    Halt,
    why=st.sampled_from(get_args(HaltReason)),
    since_s=seconds,
    exchange=texts,
    count=st.integers(1, 10**6),
    answer=texts,
)
footers = st.builds(Footer, ended=seconds, exchanges=st.integers(0, 10**6), interrupted=st.booleans())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(happened=st.lists(exchanges | deliveries | unmets | halts, max_size=3), footer=st.none() | footers)
def test_what_was_written_is_read(
    build: ModuleType,
    write_history: Write,
    history_schema: dict[str, Any],
    happened: list[Exchange | Delivery | Unmet | Halt],
    footer: Footer | None,
) -> None:
    events = [build.header(), *happened, *([footer] if footer is not None else [])]
    file = write_history(events, footer=False)
    content = file.read_bytes()
    assert read_history(file) == History(
        header=build.header(),
        exchanges=tuple(event for event in happened if isinstance(event, Exchange)),
        unmet=tuple(event for event in happened if isinstance(event, Unmet)),
        footer=footer,
        sha256=hashlib.sha256(content).hexdigest(),
        deliveries=tuple(event for event in happened if isinstance(event, Delivery)),
        halt=next((event for event in happened if isinstance(event, Halt)), None),
    )
    validator = jsonschema.Draft202012Validator(history_schema)
    broken = [error for line in content.splitlines() for error in validator.iter_errors(json.loads(line))]
    assert broken == []
    file.unlink()


@pytest.mark.parametrize(
    "line",
    [
        {"event": "exchange"},
        {"event": "footer", "ended": 1.0, "exchanges": -1},
        {"event": "footer", "ended": 1.0, "exchanges": 1, "more": 1},
        {"event": "webhook"},
        {},
    ],
)
def test_schema_of_histories_refuses_what_is_no_event(history_schema: dict[str, Any], line: Any) -> None:
    assert not jsonschema.Draft202012Validator(history_schema).is_valid(line)


def test_schema_of_histories_is_a_schema(history_schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(history_schema)


def test_null_body_and_no_body_are_not_the_same(build: ModuleType, write_history: Write) -> None:
    both = [build.exchange("get_batch", 1, body=None, sent=None), build.exchange("get_batch", 2)]
    read = read_history(write_history([build.header(), *both])).exchanges
    assert [(has_body(item.request), item.response and has_body(item.response)) for item in read] == [
        (True, True),
        (False, False),
    ]


def test_huge_numbers_keep_their_value(build: ModuleType, write_history: Write) -> None:
    body = {"integer": 10**40, "negative": -(2**70), "float": 1e308, "small": 5e-324}
    read = read_history(write_history([build.header(), build.exchange("get_batch", 1, body=body)]))
    assert read.exchanges[0].response is not None
    assert read.exchanges[0].response.body == body


def test_lone_surrogates_become_replacement_characters(
    build: ModuleType, write_history: Write, history_schema: dict[str, Any]
) -> None:
    body = {"a\ud800": ["\udfff", "whole 😀"]}
    file = write_history([build.header(), build.exchange("get_batch", 1, body=body)])
    response = read_history(file).exchanges[0].response
    assert response is not None
    assert response.body == {"a\ufffd": ["\ufffd", "whole 😀"]}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("\\ud83d\ude00", "\\ud83d\ufffd"),
        ("\ud83d\\\ude00", "\ufffd\\\ufffd"),
        ("\ud83d\\ude00", "\ufffd\\ude00"),
    ],
    ids=["after-a-text-like-one", "apart", "before-a-text-like-one"],
)
def test_surrogate_is_lone_whatever_backslashes_stand_beside_it(sent: str, kept: str) -> None:
    assert Redactor({}).json([sent]) == [kept]


def test_every_event_is_on_disk_as_soon_as_it_is_written(build: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "history.ndjson"
    writer = HistoryWriter(file, Redactor({}))
    events = [
        build.header(),
        build.exchange("get_batch", 1),
        Unmet(scenario="t", reason="target_error", detail="", operations=[]),
    ]
    lines = []
    for event in events:
        writer.write(event)
        lines.append(len(file.read_bytes().splitlines()))
    assert (lines, writer.exchanges) == ([1, 2, 3], 1)
    writer.close()
    writer.close()


def test_writer_gives_back_what_it_wrote(build: ModuleType, tmp_path: Path) -> None:
    writer = HistoryWriter(tmp_path / "history.ndjson", Redactor({"T": "s3cret-value"}))
    writer.write(build.header())
    written = writer.write(build.exchange("get_batch", 1, body={"echo": "s3cret-value"}))
    writer.close()
    assert read_history(tmp_path / "history.ndjson").exchanges == (written,)
    assert isinstance(written, Exchange)
    assert written.response is not None
    assert written.response.body == {"echo": "$T"}


def test_writer_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "history.ndjson").write_text("mine", "utf-8")
    with pytest.raises(FileExistsError):
        HistoryWriter(tmp_path / "history.ndjson", Redactor({}))
    assert (tmp_path / "history.ndjson").read_text("utf-8") == "mine"


def test_file_is_ascii_with_one_event_a_line(build: ModuleType, write_history: Write) -> None:
    file = write_history([build.header(), build.exchange("get_batch", 1, body="a\nb\u2028漢")])
    assert file.read_bytes().isascii()
    assert file.read_bytes().count(b"\n") == 3


def test_whole_history(build: ModuleType, write_history: Write) -> None:
    assert read_history(write_history([build.header()])).whole


def test_history_without_footer_was_cut_off(build: ModuleType, write_history: Write) -> None:
    history = read_history(write_history([build.header(), build.exchange("get_batch", 1)], footer=False))
    assert (history.whole, history.footer, len(history.exchanges)) == (False, None, 1)


def test_interrupted_history_is_not_whole(build: ModuleType, write_history: Write) -> None:
    footer = Footer(ended=1.0, exchanges=0, interrupted=True)
    history = read_history(write_history([build.header(), footer], footer=False))
    assert (history.whole, history.footer) == (False, footer)


def test_last_line_may_be_cut_off_anywhere(build: ModuleType, write_history: Write, tmp_path: Path) -> None:
    whole = write_history([build.header(), build.exchange("get_batch", 1, body={"a": [1, "é"]})])
    lines = whole.read_bytes().splitlines(keepends=True)
    file = tmp_path / "cut.ndjson"
    for kept in range(len(lines[2]) - 1):
        file.write_bytes(b"".join(lines[:2]) + lines[2][:kept])
        history = read_history(file)
        assert (len(history.exchanges), history.footer, history.whole) == (1, None, False)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "does not begin with a header; use a history.ndjson that batchproof wrote"),
        (b"\n\n", "does not begin with a header"),
        (b"hello", "does not begin with a header"),
        (b"hello\nworld\n", "line 1: is not a history event"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "line 1: is not a history event"),
        (b"[1, 2]\n", "line 1: is not a history event"),
        (b'{"event":"footer","ended":1.0,"exchanges":0}\n', "does not begin with a header"),
        (b'{"event":"other"}\n', "line 1: is not a history event"),
        (b'{"event":"footer","ended":"soon","exchanges":0}\n', "line 1: is not a history event"),
    ],
)
def test_what_is_not_a_history_is_refused_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "other.ndjson"
    file.write_bytes(content)
    with pytest.raises(HistoryError) as refused:
        read_history(file)
    assert f"{file}: {says}" == str(refused.value)[: len(f"{file}: {says}")]
    assert "\n" not in str(refused.value)


def test_broken_line_in_the_middle_is_refused(build: ModuleType, write_history: Write) -> None:
    file = write_history([build.header(), build.exchange("get_batch", 1)])
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join([lines[0], lines[1][:-9], lines[2]]) + b"\n")
    with pytest.raises(HistoryError, match=r"line 2: is not a history event: [^\n]+\Z"):
        read_history(file)


def test_other_format_is_refused(build: ModuleType, write_history: Write) -> None:
    file = write_history([build.header(format="batchproof-history/9")])
    with pytest.raises(HistoryError) as refused:
        read_history(file)
    assert (
        str(refused.value)
        == f"{file}: format is batchproof-history/9, this version reads batchproof-history/1"
    )


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    expected = [
        f"{tmp_path / 'gone'}: cannot be read: No such file or directory",
        f"{tmp_path}: cannot be read: Is a directory",
    ]
    described = []
    for file in (tmp_path / "gone", tmp_path):
        with pytest.raises(HistoryError) as refused:
            read_history(file)
        described.append(str(refused.value))
    assert described == expected


def test_two_histories_in_one_file_are_refused(build: ModuleType, write_history: Callable[..., Path]) -> None:
    file = write_history([build.header(), build.header()])
    with pytest.raises(HistoryError, match="in its middle"):
        read_history(file)


def test_once_an_event_could_not_be_written_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = HistoryWriter(tmp_path / "history.ndjson", Redactor({}))
    footer = Footer(ended=1.0, exchanges=0)
    with monkeypatch.context() as patched:
        patched.setattr(HistoryWriter, "_append", _full)
        with pytest.raises(OSError, match="No space left on device"):
            writer.write(footer)
    # there may be room again, but what happened meanwhile would be missing
    with pytest.raises(OSError, match=r"No space left on device: '.*history\.ndjson'"):
        writer.write(footer)
    writer.close()
    assert (tmp_path / "history.ndjson").read_bytes() == b""


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")
