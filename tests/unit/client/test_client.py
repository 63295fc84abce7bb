"""The client: every exchange on record, however it ended, and no secret in it."""

import base64
import json
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from batchproof.client import BudgetError, Call, File, RunClock, Target, Token
from batchproof.contract import Contract
from batchproof.history import Exchange, HistoryWriter, Redactor, has_body, read_history

Handler = Callable[[httpx.Request], httpx.Response]
LIST = Call(operation="list_documents")


class Server:
    """Answers requests and keeps them."""

    def __init__(self, *answers: Any) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(request)
        return answer


@pytest.fixture
def sent(make_target: Callable[..., Target]) -> Callable[..., tuple[Exchange, Server]]:
    """Sends a call to a server that answers as given."""

    def send(call: Call, *answers: Any, **settings: Any) -> tuple[Exchange, Server]:
        server = Server(*(answers or [httpx.Response(200, json={})]))
        return make_target(server, **settings).send(call, "scenario"), server

    return send


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that the client makes, none of which it really makes."""
    taken: list[float] = []

    def wait(clock: RunClock, seconds: float) -> None:
        taken.append(round(seconds, 1))
        clock._skipped += seconds

    monkeypatch.setattr(RunClock, "_wait", wait)
    return taken


Sent = Callable[..., tuple[Exchange, Server]]
MakeTarget = Callable[..., Target]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ReadTimeout("slow"), "timeout"),
        (httpx.ConnectTimeout(""), "timeout"),
        (httpx.ConnectError("refused"), "connect"),
        (httpx.ReadError("reset"), "protocol"),
        (httpx.RemoteProtocolError("garbage"), "protocol"),
    ],
)
def test_failure_is_recorded(sent: Sent, error: Exception, kind: str) -> None:
    exchange, _ = sent(LIST, error)
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.response) == (kind, None)
    assert exchange.failure.message != ""


@pytest.mark.parametrize("content", [b"<html>", b"", b"{", b'{"a": NaN}', b"[Infinity]", b"\xff", b"{}{}"])
def test_body_that_is_not_json_is_recorded_as_text(sent: Sent, content: bytes) -> None:
    exchange, _ = sent(LIST, httpx.Response(200, content=content))
    assert exchange.failure is not None
    assert exchange.response is not None
    assert (exchange.failure.kind, exchange.response.text) == ("not_json", content.decode("utf-8", "replace"))
    assert not has_body(exchange.response)


def test_answer_is_recorded(sent: Sent, tmp_path: Path) -> None:
    headers = [("X-One", "a"), ("X-One", "b"), ("Content-Type", "application/json")]
    exchange, _ = sent(LIST, httpx.Response(418, headers=headers, content=b'{"a": null}'))
    response = exchange.response
    assert response is not None
    assert (response.status, response.body, response.text, response.size) == (418, {"a": None}, None, 11)
    assert (response.headers["x-one"], exchange.failure) == ("a, b", None)
    assert (exchange.id, exchange.scenario, exchange.operation) == ("x1", "scenario", "list_documents")
    assert 0 <= exchange.start <= exchange.end


def test_request_is_recorded(sent: Sent) -> None:
    body = {"documents": [{"name": "é"}]}
    call = Call(operation="submit_batch", query={"a": "b c"}, body=body, probe="text", control_of=["x"])
    exchange, server = sent(call, headers={"X-Tenant": "t"})
    request = exchange.request
    assert (request.method, request.url) == ("POST", "http://papers.test/batches?a=b+c")
    assert (request.body, request.text, request.query) == (body, None, [("a", "b c")])
    assert (exchange.probe, exchange.control_of) == ("text", ["x"])
    assert json.loads(server.requests[0].content) == body
    for name, value in {"acme-version": "1", "x-tenant": "t", "content-type": "application/json"}.items():
        assert (request.headers[name], server.requests[0].headers[name]) == (value, value)


def test_null_is_a_body_and_nothing_is_none(sent: Sent, tmp_path: Path) -> None:
    exchange, server = sent(Call(operation="submit_batch", body=None))
    assert (server.requests[0].content, has_body(exchange.request)) == (b"null", True)


def test_request_without_body(sent: Sent) -> None:
    exchange, server = sent(LIST)
    assert (server.requests[0].content, has_body(exchange.request)) == (b"", False)
    assert "content-type" not in server.requests[0].headers


def test_raw_body(sent: Sent) -> None:
    exchange, server = sent(Call(operation="submit_batch", body={}, raw=b"{\xff", content_type="text/plain"))
    request = server.requests[0]
    assert (request.content, request.headers["content-type"]) == (b"{\xff", "text/plain")
    assert exchange.request.text == "{\ufffd"


def test_form(sent: Sent) -> None:
    form = {"file": File(name="a.txt", content=b"hello"), "mode": "batch"}
    exchange, server = sent(Call(operation="submit_batch", form=form))
    content = server.requests[0].content
    assert server.requests[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    assert (b'filename="a.txt"' in content, b"hello" in content, b'name="mode"' in content) == (
        True,
        True,
        True,
    )
    described = exchange.request.body
    assert (described["file"]["filename"], described["file"]["size"], described["mode"]) == (
        "a.txt",
        5,
        "batch",
    )


def test_header_may_be_left_out_or_changed(sent: Sent) -> None:
    _, server = sent(Call(operation="list_documents", headers={"acme-version": None, "X-New": "1"}))
    headers = server.requests[0].headers
    assert ("acme-version" in headers, headers["x-new"]) == (False, "1")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("token", "Bearer tok-acme-0123456789"),
        ("second", "Bearer tok-second-98765"),
        ("limited", "Bearer tok-limited-98765"),
        ("unpaid", "Bearer tok-unpaid-98765"),
        ("none", None),
        ("unknown", "Bearer sk_unknown_00000007"),
        ("malformed", "Bearer"),
        ("basic", "Basic " + base64.b64encode(b"unknown:unknown").decode()),
    ],
)
def test_ways_to_authenticate(sent: Sent, mode: Any, expected: str | None) -> None:
    others = {name: Token(name.upper(), f"tok-{name}-98765") for name in ("second", "limited", "unpaid")}
    _, server = sent(Call(operation="list_documents", auth=mode), other_tokens=others, seed=7)
    assert server.requests[0].headers.get("authorization") == expected


def test_without_a_token_none_is_sent(sent: Sent) -> None:
    _, server = sent(LIST, token=None)
    assert "authorization" not in server.requests[0].headers


def test_secrets_are_recorded_by_their_name(sent: Sent, build: ModuleType, tmp_path: Path) -> None:
    echo = {
        "you_sent": f"Bearer {build.TOKEN}",
        build.TOKEN: [base64.b64encode(build.TOKEN.encode()).decode()],
    }
    answer = httpx.Response(200, json=echo, headers={"x-echo": build.TOKEN, "set-cookie": "session=1"})
    exchange, _ = sent(Call(operation="list_documents", query={"q": build.TOKEN}), answer)
    assert exchange.request.headers["authorization"] == "Bearer $ACME_TOKEN"
    assert exchange.request.query == [("q", "$ACME_TOKEN")]
    assert exchange.response is not None
    assert exchange.response.body["you_sent"] == "Bearer $ACME_TOKEN"
    assert (exchange.response.headers["x-echo"], exchange.response.headers["set-cookie"]) == (
        "$ACME_TOKEN",
        "[redacted]",
    )
    assert build.TOKEN not in (tmp_path / "history.ndjson").read_text("ascii")


@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        ("b_1", "/batches/b_1"),
        ("a/b", "/batches/a%2Fb"),
        ("a?b#c", "/batches/a%3Fb%23c"),
        ("é漢", "/batches/%C3%A9%E6%BC%A2"),
        ("a b%2F", "/batches/a%20b%252F"),
        ("{id}", "/batches/%7Bid%7D"),
        ("../documents", "/batches/..%2Fdocuments"),
    ],
)
def test_path_segments_are_quoted(sent: Sent, identifier: str, path: str) -> None:
    exchange, server = sent(Call(operation="get_batch", path={"id": identifier}))
    assert server.requests[0].url.raw_path.decode() == path
    assert exchange.request.path == {"id": identifier}


def too_many(wait: str | None = "3") -> httpx.Response:
    return httpx.Response(
        429, headers={} if wait is None else {"retry-after": wait}, json={"error": "slow down"}
    )


def test_429_is_sent_again_and_both_are_on_record(
    make_target: MakeTarget, tmp_path: Path, naps: list[float]
) -> None:
    server = Server(too_many(), httpx.Response(200, json={}))
    heard: list[Exchange] = []
    target = make_target(server)
    target._on_exchange = heard.append
    exchange = target.send(LIST, "scenario")
    assert exchange.response is not None
    assert (exchange.response.status, naps) == (200, [3.0])
    statuses = [item.response and item.response.status for item in heard]
    assert (statuses, [item.id for item in heard]) == ([429, 200], ["x1", "x2"])
    written = (tmp_path / "history.ndjson").read_text("ascii").splitlines()
    assert [json.loads(line)["response"]["status"] for line in written] == [429, 200]


def test_429_slows_everybody(make_target: MakeTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    target = make_target(Server(too_many("7"), httpx.Response(200, json={})))
    others: list[Exchange] = []
    waiting: list[float] = []

    def wait(clock: RunClock, seconds: float) -> None:
        waiting.append(seconds)
        if len(waiting) == 1:
            # another worker wants to send something meanwhile
            others.append(target.send(LIST, "other"))
        else:
            clock._skipped += seconds

    monkeypatch.setattr(RunClock, "_wait", wait)
    target.send(LIST, "scenario")
    assert (waiting, others[0].start >= 7.0) == (pytest.approx([7.0, 7.0], abs=0.5), True)


@pytest.mark.parametrize("asked", ["31", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_server_that_asks_for_more_patience_than_a_call_has_is_not_waited_for(
    sent: Sent, naps: list[float], asked: str
) -> None:
    _, server = sent(LIST, too_many(asked), retry_wait_s=30.0)
    assert (len(server.requests), naps) == (1, [])


def test_patience_is_that_of_a_call_in_all(sent: Sent, naps: list[float]) -> None:
    _, server = sent(LIST, too_many("12"), retry_wait_s=30.0)
    assert (len(server.requests), naps) == (3, [12.0, 12.0])


def test_server_that_never_has_time_is_waited_for_once(make_target: MakeTarget, naps: list[float]) -> None:
    server = Server(*[too_many("1")] * 5, *[httpx.Response(200, json={}), too_many("2")], httpx.Response(200))
    target = make_target(server, retry_wait_s=3.0)
    for _ in range(4):
        target.send(LIST, "scenario")
    assert (len(server.requests), naps) == (8, [1.0, 1.0, 1.0, 2.0])


def test_a_run_lets_time_pass_in_its_own_way(
    build: ModuleType, acme: Contract, tmp_path: Path, naps: list[float]
) -> None:
    chosen, passed = build.settings(acme), list[float]()
    server = httpx.MockTransport(Server(too_many("7"), httpx.Response(200, json={})))
    with closing(HistoryWriter(tmp_path / "history.ndjson", Redactor({}))) as writer:
        clock = RunClock(time.monotonic(), passed.append, at_least=100.0)
        about = {"base_url": chosen.base_url or "", "clock": clock, "transport": server}
        with Target(acme, chosen, writer, **about) as target:
            exchange = target.send(LIST, "scenario")
    assert (passed, naps) == ([pytest.approx(7.0, abs=0.5)], [])
    assert exchange.start >= 107.0


def test_server_that_never_has_time_is_left_alone(sent: Sent, naps: list[float]) -> None:
    exchange, server = sent(LIST, too_many("1"), retry_wait_s=3.5)
    assert exchange.response is not None
    assert (exchange.response.status, len(server.requests), naps) == (429, 4, [1.0, 1.0, 1.0])


def test_429_to_a_token_over_its_limit_is_an_answer(sent: Sent, naps: list[float]) -> None:
    exchange, server = sent(Call(operation="list_documents", auth="limited"), too_many())
    assert exchange.response is not None
    assert (exchange.response.status, len(server.requests), naps) == (429, 1, [])


def test_429_to_a_probe_is_an_answer(sent: Sent, naps: list[float]) -> None:
    _, server = sent(Call(operation="list_documents", probe="size-zero"), too_many())
    assert (len(server.requests), naps) == (1, [])


def test_429_to_a_probe_slows_whoever_comes_next(make_target: MakeTarget, naps: list[float]) -> None:
    target = make_target(Server(too_many("7"), httpx.Response(200, json={})))
    target.send(Call(operation="list_documents", probe="size-zero"), "scenario")
    target.send(LIST, "other")
    assert naps == pytest.approx([7.0], abs=0.5)


def test_server_that_has_nothing_but_429_for_probes_slows_a_run_once(
    make_target: MakeTarget, naps: list[float]
) -> None:
    target = make_target(Server(*[too_many("7")] * 3, httpx.Response(200, json={})))
    for _ in range(3):
        target.send(Call(operation="list_documents", probe="size-zero"), "scenario")
    target.send(LIST, "other")
    assert naps == pytest.approx([7.0], abs=0.5)


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (httpx.Response(201, json={}), 0),
        (httpx.Response(500, json={}), 0),
        (httpx.ReadTimeout("slow"), 0),
        (httpx.Response(408, json={}), 0),
        (httpx.Response(200, content=b"[" * 300), 0),
        (httpx.Response(422, json={}), 3),
        (httpx.ConnectError("refused"), 3),
    ],
    ids=["accepted", "broken", "lost", "by-a-gateway", "unread", "refused", "never-arrived"],
)
def test_documents_count_unless_the_server_refused_them(
    make_target: MakeTarget, answer: Any, left: int
) -> None:
    target = make_target(Server(answer), max_runs=3)
    exchange = target.send(Call(operation="submit_batch", body={}, documents=3), "scenario")
    assert (target.budget.max_runs - target.budget.runs, exchange.documents) == (left, 3 - left)


def test_nothing_is_sent_or_recorded_beyond_the_budget(make_target: MakeTarget, tmp_path: Path) -> None:
    server = Server(httpx.Response(200, json={}))
    target = make_target(server, max_runs=2, max_requests=1)
    with pytest.raises(BudgetError):
        target.send(Call(operation="submit_batch", body={}, documents=3), "scenario")
    target.send(LIST, "scenario")
    with pytest.raises(BudgetError):
        target.send(LIST, "scenario")
    lines = (tmp_path / "history.ndjson").read_text("ascii").splitlines()
    assert (len(server.requests), len(lines)) == (1, 1)


def test_redirects_are_answers(sent: Sent) -> None:
    exchange, server = sent(
        LIST, httpx.Response(302, headers={"location": "http://elsewhere.test/"}, json={})
    )
    assert exchange.response is not None
    assert (exchange.response.status, len(server.requests)) == (302, 1)


def test_pacing(naps: list[float], make_target: MakeTarget) -> None:
    target = make_target(Server(httpx.Response(200, json={})), requests_per_second=0.5)
    for _ in range(3):
        target.send(LIST, "scenario")
    assert naps == [2.0, 2.0]


def test_what_was_sent_is_what_is_read(build: ModuleType, make_target: MakeTarget, tmp_path: Path) -> None:
    answers = [httpx.Response(200, json={"a": 1}), httpx.ReadError("reset"), httpx.Response(404, text="no")]
    target = make_target(Server(*answers))
    target._writer.write(build.header())
    sent = tuple(target.send(LIST, "scenario") for _ in answers)
    history = read_history(tmp_path / "history.ndjson")
    described = [
        (item.response and item.response.status, item.failure and item.failure.kind) for item in sent
    ]
    assert described == [(200, None), (None, "protocol"), (404, "not_json")]
    assert history.exchanges == sent


def test_cookies_are_never_sent_back(make_target: MakeTarget) -> None:
    server = Server(httpx.Response(200, json={}, headers={"set-cookie": "session=1; Path=/"}))
    target = make_target(server)
    target.send(LIST, "first")
    target.send(Call(operation="list_documents", auth="none"), "second")
    assert [request.headers.get("cookie") for request in server.requests] == [None, None]


@pytest.mark.parametrize(("identifier", "path"), [("..", b"/batches/%2E%2E"), (".", b"/batches/%2E")])
def test_dots_stay_a_segment(sent: Sent, identifier: str, path: bytes) -> None:
    _, server = sent(Call(operation="get_batch", path={"id": identifier}))
    assert path == server.requests[0].url.raw_path


def test_lone_surrogates_in_ids_and_headers_are_sent_as_question_marks(sent: Sent) -> None:
    call = Call(
        operation="get_batch", path={"id": "a\ud800"}, query={"q": "\udfff"}, headers={"x-odd": "é\ud800"}
    )
    _, server = sent(call)
    assert server.requests[0].url.raw_path == b"/batches/a%3F?q=%3F"
