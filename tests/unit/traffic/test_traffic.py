"""Somebody else's traffic as a history: what is called, who asks, and what says nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema_rs
import pytest

from batchproof.client import ConfigError
from batchproof.contract import Contract
from batchproof.history import Exchange, History, HistoryError, has_body
from batchproof.history.events import to_json
from batchproof.history.traffic.callers import is_credential
from batchproof.judging import Results
from batchproof.judging.attribution import Attribution
from batchproof.judging.bar import USUAL
from batchproof.judging.snapshots import in_order
from batchproof.traffic import Traffic, judge_traffic, read_traffic
from tests.hars import entry, har, har_of, write

BASE = "https://papers.test"
VERSION = {"acme-version": "1"}
BATCH = {"id": "b_1", "status": "queued", "count": 1, "created_at": "2026-01-01T00:00:00Z"}
Read = Callable[..., Traffic]


@pytest.fixture
def read(acme: Contract, tmp_path: Path) -> Read:
    def of(*entries: dict[str, Any], **about: Any) -> Traffic:
        return read_traffic(write(tmp_path / "traffic.har", har(*entries)), acme, **about)

    return of


@pytest.fixture
def judged(acme: Contract, tmp_path: Path) -> Callable[..., Results]:
    def of(content: dict[str, Any], **about: Any) -> Results:
        traffic = read_traffic(write(tmp_path / "traffic.har", content), acme, **about)
        return judge_traffic(acme, traffic, USUAL).results

    return of


def get(path: str, body: Any = BATCH, **about: Any) -> dict[str, Any]:
    return entry("GET", BASE + path, body, **{"headers": VERSION, **about})


def calls(traffic: Traffic) -> list[str | None]:
    return [exchange.operation for exchange in traffic.raw.exchanges]


def only(traffic: Traffic) -> Exchange:
    (exchange,) = traffic.raw.exchanges
    return exchange


def failed(results: Results) -> set[str]:
    return {row.id for row in results.requirements if row.verdict == "failed"}


# judging


def test_the_traffic_of_a_healthy_server_shows_no_fault(
    recorded: History, judged: Callable[..., Results]
) -> None:
    results = judged(har_of(recorded))
    passed = {row.id for row in results.requirements if row.verdict == "passed"}
    assert failed(results) == set()
    assert results.exit_code == 3
    assert {"get_batch.success", "status.order", "list_documents.complete"} <= passed


def test_the_traffic_of_a_broken_server_shows_its_faults(
    recorded_broken: History, judged: Callable[..., Results]
) -> None:
    results = judged(har_of(recorded_broken))
    assert results.exit_code == 1
    assert {"list_documents.complete"} <= failed(results)


@pytest.mark.parametrize("damage", ["missing", "cut", "gone", "cached", "no-time", "seconds", "unordered"])
def test_a_damaged_recording_is_never_a_finding(
    recorded: History, judged: Callable[..., Results], damage: str
) -> None:
    content = har_of(recorded)
    entries = content["log"]["entries"]
    for number, item in enumerate(entries):
        answer = item["response"]
        match damage:
            case "missing" if number % 3:
                answer["content"] = {"size": 0, "mimeType": "x-unknown"}
            case "cut" if number % 3:
                answer["content"]["text"] = answer["content"].get("text", "")[: number % 17]
            case "gone" if number % 3:
                item["response"] = {"status": 0, "_error": "net::ERR_BLOCKED_BY_CLIENT"}
            case "cached" if number % 3:
                item["_fromCache"] = "disk"
            case "no-time":
                item["time"], item["timings"] = -1, {}
            case "seconds":
                item["startedDateTime"] = item["startedDateTime"][:19] + "Z"
                item["time"] = round(item["time"])
    if damage == "unordered":
        entries.reverse()
    assert failed(judged(content)) == set()


def test_a_refusal_of_what_somebody_else_asks_breaks_nothing(judged: Callable[..., Results]) -> None:
    refusal = {"error": "no_such_filter", "message": "x"}
    found = judged(
        har(
            get("/documents?size=1", {"documents": [], "next": None}),
            *(get("/documents?size=9000", refusal, status=400, at=2.0 * n) for n in range(1, 5)),
            get("/documents?size=1", {"documents": [], "next": None}, at=20.0),
        )
    )
    assert "list_documents.success" not in failed(found)


def test_an_error_page_of_a_server_is_a_finding(judged: Callable[..., Results]) -> None:
    page = get("/batches/b_1", "<html>oops</html>", answered={"content-type": "text/html"})
    assert "get_batch.success" in failed(judged(har(page)))


def test_a_limit_of_another_caller_is_not_the_servers_word(build: ModuleType) -> None:
    theirs = {"path": {"id": "b_1"}, "scenario": "traffic", "auth": "caller 2"}
    refused = [build.exchange("get_batch", at, 401, **theirs) for at in (5.0, 6.0, 7.0)]
    limited = build.exchange("get_batch", 9.0, 429, **theirs)
    ours = [build.exchange("get_batch", at, scenario="traffic") for at in (0.0, 20.0)]
    attribution = Attribution(in_order([*ours, *refused, limited]))
    assert [attribution.belongs(item) for item in (refused[0], limited)] == [True, False]


def test_the_words_for_what_was_not_seen(judged: Callable[..., Results]) -> None:
    assert judged(har(get("/batches/b_1"))).verdict == "inconclusive"


# which operation, which server


def test_operations_are_found_by_method_and_path(read: Read) -> None:
    traffic = read(
        get("/batches/b%5F1?x=1"),
        entry("POST", f"{BASE}/batches", BATCH, status=201, sent={"documents": [{"name": "a"}]}),
        get("/documents"),
        entry("OPTIONS", f"{BASE}/batches"),
        get("/nothing"),
        get("/batches/b_1/"),
    )
    assert calls(traffic) == ["get_batch", "submit_batch", "list_documents", None, None, None]
    first = traffic.raw.exchanges[0].request
    assert (first.path, first.query) == ({"id": "b_1"}, [("x", "1")])
    assert any(note.startswith("3 requests not judged: no operation of acme/1") for note in traffic.notes)


def test_what_stands_before_all_paths_is_found(read: Read) -> None:
    traffic = read(get("/api/v2/batches/b_1"), get("/api/v2/documents"), get("/batches/b_1"))
    assert traffic.raw.header.target == f"{BASE}/api/v2"
    assert calls(traffic) == ["get_batch", "list_documents"]


def test_other_servers_are_left_out(read: Read) -> None:
    traffic = read(get("/batches/b_1"), entry("GET", "https://fonts.test/font.woff"), get("/documents"))
    assert len(traffic.raw.exchanges) == 2
    assert f"1 request left out: to other servers than {BASE}" in traffic.notes


def test_of_several_servers_the_one_that_is_asked_in_this_version(read: Read) -> None:
    assert (
        read(get("/batches/b_1"), entry("GET", "https://other.test/batches/b_2", BATCH)).raw.header.target
        == BASE
    )


def test_several_servers_need_a_choice(read: Read) -> None:
    entries = [get("/batches/b_1"), entry("GET", "https://other.test/batches/b_2", BATCH, headers=VERSION)]
    with pytest.raises(
        HistoryError, match=r"several servers: https://other.test, https://papers.test; name one"
    ):
        read(*entries)
    assert only(read(*entries, base_url="https://OTHER.test:443/")).request.url.endswith("b_2")


@pytest.mark.parametrize(
    ("url", "described"),
    [
        ("ftp://papers.test", "--base-url: is no address"),
        ("papers.test", "--base-url: is no address"),
    ],
)
def test_an_address_that_is_none(read: Read, url: str, described: str) -> None:
    with pytest.raises(ConfigError, match=described):
        read(get("/batches/b_1"), base_url=url)


def test_traffic_without_a_call_of_the_contract(read: Read) -> None:
    with pytest.raises(HistoryError, match="holds no call of an operation of acme/1; name another contract"):
        read(entry("GET", "https://fonts.test/font.woff"))
    with pytest.raises(HistoryError, match=r"holds no request to https://nobody\.test"):
        read(get("/batches/b_1"), base_url="https://nobody.test")


def test_another_version_is_told(read: Read) -> None:
    traffic = read(get("/batches/b_1", headers={"acme-version": "2"}))
    assert any("without the header acme-version: 1" in note for note in traffic.notes)


# who asks, and what is asked


def test_other_callers_are_told_apart(read: Read) -> None:
    ours, theirs = ({**VERSION, "Authorization": f"Bearer tok_{name}_123456"} for name in ("a", "b"))
    tenant = {**ours, "x-acme-workspace-id": "w_2"}
    traffic = read(
        get("/documents", headers=theirs),
        get("/documents", headers=ours),
        get("/documents", headers=ours),
        get("/documents", headers=tenant),
    )
    found = [exchange.auth for exchange in traffic.raw.exchanges]
    assert found[1:3] == [None, None]
    assert None not in (found[0], found[3])
    assert found[0] != found[3]


def test_a_request_that_breaks_its_schema_promises_nothing(read: Read) -> None:
    wrong = entry("POST", f"{BASE}/batches", BATCH, status=201, sent={"documents": []}, headers=VERSION)
    case = only(read(wrong)).case
    assert case is not None
    assert case.mode == "invalid"
    assert only(read(get("/documents?size=3"))).case is None
    assert only(read(get("/documents?size=many"))).case is not None
    assert only(read(get("/batches/a%20b"))).case is not None


def test_what_is_sent_again_with_its_key_may_be_answered_as_before(read: Read) -> None:
    keyed = {**VERSION, "Idempotency-Key": "k1"}
    post = entry("POST", f"{BASE}/batches", BATCH, status=201, headers=keyed)
    assert calls(read(post, post)) == ["submit_batch", None]


def test_bodies_of_requests(read: Read) -> None:
    sent = {"documents": [{"name": "a"}]}
    request = only(read(entry("POST", f"{BASE}/batches", BATCH, sent=sent))).request
    assert has_body(request)
    assert request.body == sent
    assert only(read(entry("POST", f"{BASE}/batches", BATCH, sent="no json"))).request.text == "no json"


def test_what_was_told_is_a_history(read: Read, history_schema: dict[str, Any]) -> None:
    validator = jsonschema_rs.validator_for(history_schema)
    traffic = read(get("/batches/b_1"), get("/batches/b_2", "", status=500), get("/x"))
    for exchange in traffic.clean.exchanges:
        validator.validate(to_json(exchange))


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("Authorization", True),
        ("X-API-Key", True),
        ("apikey", True),
        ("x-goog-api-key", True),
        ("X-Auth-Token", True),
        ("Cookie", True),
        ("access_token", True),
        ("x-session-id", True),
        ("idempotency-key", False),
        ("page_token", False),
        ("nextPageToken", False),
        ("acme-version", False),
        ("x-request-id", False),
        ("x-ratelimit-remaining-tokens", False),
        ("content-type", False),
    ],
)
def test_names_that_carry_credentials(name: str, *, is_secret: bool) -> None:
    assert is_credential(name) == is_secret


def test_a_recorder_whose_clock_is_off_goes_by_the_servers(read: Read) -> None:
    late = {"content-type": "application/json", "date": "Thu, 01 Jan 2026 05:00:00 GMT"}
    answers = [get("/batches/b_1", answered=late, at=at) for at in (0.0, 0.1, 3000.0)]
    assert read(*answers).raw.header.started_at == "2026-01-01T04:59:59.399000Z"
    soon = {"date": "Thu, 01 Jan 2026 00:00:30 GMT"}
    assert read(get("/batches/b_1", answered=soon)).raw.header.started_at == "2026-01-01T00:00:00Z"


# real files, and broken ones


def test_what_mitmproxy_wrote_of_a_healthy_server_shows_no_fault(extend: Contract) -> None:
    traffic = read_traffic(Path(__file__).parent / "mitmproxy.har", extend)
    results, history = judge_traffic(extend, traffic, USUAL)
    passed = {row.id for row in results.requirements if row.verdict == "passed"}
    assert failed(results) == set()
    assert {"submit_extract_batch.success", "get_batch_run.success", "list_extract_runs.success"} <= passed
    assert "tok_example" not in str(history)
    assert traffic.notes == []


ODD: list[Any] = [None, True, -1, 1e400, "", "\ud800", "x", [], {}, [None], {"name": 1}]


def test_whatever_a_field_holds_there_is_a_history_or_one_line(acme: Contract, tmp_path: Path) -> None:
    """Every part of an entry is replaced by something that no recorder should write."""
    whole = get(
        "/batches/b_1", headers={**VERSION, "cookie": "a=b", "authorization": "Basic x"}, sent={"a": 1}
    )
    places = [place for place, _ in parts(whole)]
    counts: set[int] = set()
    lines: set[int] = set()
    for number, place in enumerate(places):
        for odd in ODD[number % 2 :: 2]:
            entries = [get("/documents"), json.loads(json.dumps(whole))]
            *above, last = place
            node = entries[1]
            for name in above:
                node = node[name]
            node[last] = odd
            file = tmp_path / "odd.har"
            file.write_text(json.dumps(har(*entries)))
            try:
                counts.add(len(read_traffic(file, acme, base_url=BASE).clean.exchanges))
            except HistoryError as error:
                lines.add(str(error).count("\n"))
    assert counts == {1, 2}
    assert lines == {0}


def parts(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        yield (*at, name), child
        yield from parts(child, (*at, name))
