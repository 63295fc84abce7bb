"""Driving a server: traversals, polls, probes, and what happens where something is missing."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import msgspec
import pytest

from batchproof.client import Call, RunClock, Token
from batchproof.contract import Contract, load_contract
from batchproof.contract.model import Change, Control
from batchproof.drive import Api, Prober, Ref, Stopped, Unmet

MakeApi = Callable[..., Api]
BATCH = Ref("batch", "b_1")


class Papers:
    """A server that is a function: answers by path, and keeps what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.bodies: list[Any] = []
        self._answers = answers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, request.url.path, dict(request.url.params)))
        self.bodies.append(json.loads(request.content) if request.content else None)
        kind = "submit" if request.method == "POST" else request.url.path.split("/")[1]
        if kind == "documents" and request.url.path == "/documents":
            kind = "page"
        answer = self._answers[kind]
        if isinstance(answer, Iterator):
            answer = next(answer)
        if callable(answer):
            answer = answer(request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only the pauses of the driver move."""
    taken: list[float] = []
    monkeypatch.setattr(RunClock, "_wait", lambda _, seconds: taken.append(seconds))
    monkeypatch.setattr(time, "monotonic", lambda: sum(taken))
    return taken


def states(build: ModuleType, *names: str) -> Iterator[Any]:
    return iter([build.batch(name) for name in names])


# polls


def test_poll_ends_in_a_terminal_state(make_api: MakeApi, build: ModuleType, naps: list[float]) -> None:
    server = Papers(batches=states(build, "queued", "paused", "running", "done"))
    api = make_api(server, poll_interval_s=2.0)
    assert api.poll_until_terminal("get_batch", BATCH)["status"] == "done"
    assert naps == pytest.approx([0.05, 0.075, 0.1125])


def test_pauses_grow_up_to_the_interval(make_api: MakeApi, build: ModuleType, naps: list[float]) -> None:
    server = Papers(batches=states(build, *["queued"] * 8, "done"))
    make_api(server, poll_interval_s=0.2).poll_until_terminal("get_batch", BATCH)
    assert naps == pytest.approx([0.05, 0.075, 0.1125, 0.16875, 0.2, 0.2, 0.2, 0.2])


def test_poll_ends_in_a_state_that_nobody_documents(
    make_api: MakeApi, build: ModuleType, naps: list[float]
) -> None:
    api = make_api(Papers(batches=states(build, "lost")))
    assert (api.poll_until_terminal("get_batch", BATCH)["status"], naps) == ("lost", [])


def test_poll_gives_up_in_time(make_api: MakeApi, build: ModuleType, naps: list[float]) -> None:
    api = make_api(Papers(batches=build.batch("queued")), poll_interval_s=1.0, poll_timeout_s=3.0)
    with pytest.raises(Unmet) as unmet:
        api.poll_until_terminal("get_batch", BATCH)
    described = (unmet.value.detail, unmet.value.reason, unmet.value.option, unmet.value.operations)
    assert described == (
        "batch did not end within 3 s",
        "target_error",
        "raise poll_timeout_s in [limits]",
        ("get_batch",),
    )
    assert 3.0 <= sum(naps) < 4.0


def lost(answer: Any) -> Callable[[httpx.Request], httpx.Response]:
    def respond(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return respond


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.ReadTimeout("late"),
        *[httpx.Response(status, text="<html>") for status in (429, 502, 503, 504, 520, 530)],
    ],
    ids=lambda item: str(getattr(item, "status_code", item)),
)
def test_a_bad_answer_ends_no_poll(
    make_api: MakeApi, build: ModuleType, naps: list[float], tmp_path: Path, answer: Any
) -> None:
    def api() -> Api:
        states = iter([build.batch("queued"), *[lost(answer)] * 8, build.batch("done")])
        server = Papers(batches=states, page={"documents": [], "next": None})
        made = make_api(server, retry_wait_s=0.0)
        # something else that the server goes on answering
        made.page("list_documents")
        return made

    def looks() -> int:
        lines = (tmp_path / "history.ndjson").read_text("ascii").splitlines()
        return sum(json.loads(line)["operation"] == "get_batch" for line in lines)

    seen: list[Any] = []
    with suppress(Stopped):
        seen.append(api().poll_until_terminal("get_batch", BATCH)["status"])
    assert (seen, looks()) == (["done"], 10)
    with suppress(Stopped):
        api().watch("get_batch", [BATCH])
    assert looks() == 10


def test_a_poll_that_is_never_answered_ends_in_time(make_api: MakeApi, naps: list[float]) -> None:
    api = make_api(
        Papers(batches=httpx.Response(503, text="<html>")), poll_interval_s=1.0, poll_timeout_s=20.0
    )
    with pytest.raises(Unmet, match="batch did not end within 20 s"):
        api.poll_until_terminal("get_batch", BATCH)
    assert 20.0 <= sum(naps) < 22.5


@pytest.mark.parametrize(
    ("answer", "described"),
    [
        (httpx.Response(500, json={}), "get_batch was not answered as documented: status 500"),
        (
            httpx.Response(200, text="<html>"),
            "get_batch was not answered as documented: the body is not JSON",
        ),
        (httpx.Response(200, json=[]), "get_batch did not show an object"),
    ],
)
def test_answer_that_does_not_let_a_scenario_go_on(
    make_api: MakeApi, answer: httpx.Response, described: str
) -> None:
    with pytest.raises(Stopped) as stopped:
        make_api(Papers(batches=answer)).read("get_batch", BATCH)
    assert str(stopped.value) == described


@pytest.mark.parametrize(("deleted", "refusable"), [(True, False), (False, True)])
def test_refusal_that_is_due_is_not_asked_for_again(
    make_api: MakeApi, naps: list[float], deleted: bool, refusable: bool
) -> None:
    server = Papers(batches=httpx.Response(404, json={}))
    api = make_api(server)
    if deleted:
        api.client.made.forget(BATCH)
    for _ in range(20):
        with pytest.raises(Stopped):
            api.read("get_batch", BATCH, refusable=refusable)
    assert (len(server.asked), naps, api.broken) == (20, [], False)


# traversals


def pages(build: ModuleType, *tokens: str | None) -> Iterator[Any]:
    rows = [[build.document(id=f"d_{number}")] for number in range(len(tokens))]
    return iter([{"documents": page, "next": token} for page, token in zip(rows, tokens, strict=True)])


def test_traversal_asks_with_the_token_of_the_page_before(make_api: MakeApi, build: ModuleType) -> None:
    server = Papers(page=pages(build, "p2", "p3", None))
    rows = make_api(server).traverse("list_documents", BATCH, size=1)
    assert [row["id"] for row in rows] == ["d_0", "d_1", "d_2"]
    asked = [query for _, _, query in server.asked]
    assert asked == [
        {"batch": "b_1", "size": "1"},
        {"batch": "b_1", "size": "1", "after": "p2"},
        {"batch": "b_1", "size": "1", "after": "p3"},
    ]


@pytest.mark.parametrize("tokens", [("p2", "p2", "p2"), ("p2", "p3", "p2", "p3")])
def test_traversal_follows_a_token_that_comes_again_once_more(
    make_api: MakeApi, build: ModuleType, tokens: tuple[Any, ...]
) -> None:
    server = Papers(page=pages(build, *tokens))
    assert len(make_api(server).traverse("list_documents", BATCH)) == len(tokens) == len(server.asked)


@pytest.mark.parametrize("tokens", [("",), (None,), (5,), ({},)])
def test_traversal_stops_on_a_token_that_leads_no_further(
    make_api: MakeApi, build: ModuleType, tokens: tuple[Any, ...]
) -> None:
    server = Papers(page=pages(build, *tokens))
    assert len(make_api(server).traverse("list_documents", BATCH)) == len(tokens) == len(server.asked)


def test_traversal_has_an_end_even_if_the_list_has_none(make_api: MakeApi, build: ModuleType) -> None:
    server = Papers(page=pages(build, *[f"p{number}" for number in range(10)]))
    assert len(make_api(server).traverse("list_documents", most=4)) == 4


@pytest.mark.parametrize(("declared", "asked"), [(", newest: {status: done}", 2), ("", 10)])
def test_what_is_new_is_on_the_first_pages_of_an_order_that_says_so(
    make_api: MakeApi, build: ModuleType, tmp_path: Path, declared: str, asked: int
) -> None:
    folder = build.copy_of_acme(tmp_path)
    file = folder / "contract.yaml"
    file.write_text(file.read_text().replace("size: size}", f"size: size{declared}}}"))
    server = Papers(page=pages(build, *[f"p{number}" for number in range(9)], None))
    rows = make_api(server, contract=load_contract(str(folder))).newest("list_documents", size=1)
    assert (len(rows), len(server.asked)) == (asked, asked)
    assert [query.get("status") for _, _, query in server.asked] == ["done" if declared else None] * asked


@pytest.mark.parametrize("rows", [None, {}, "text", 5])
def test_page_without_rows_has_none(make_api: MakeApi, rows: Any) -> None:
    api = make_api(Papers(page={"documents": rows, "next": None}))
    assert (api.traverse("list_documents", BATCH), api.page("list_documents")) == ([], [])


def test_refs_of_rows(make_api: MakeApi) -> None:
    rows = [{"id": "d_1"}, {}, {"id": 5}, "text", {"id": "d_2"}]
    assert make_api(Papers()).refs("list_documents", rows) == [Ref("document", "d_1"), Ref("document", "d_2")]


# submissions


def accepted(build: ModuleType) -> Callable[[httpx.Request], httpx.Response]:
    numbers = iter(range(1, 100))
    return lambda _request: httpx.Response(201, json=build.batch(id=f"b_{next(numbers)}"))


def test_submission(make_api: MakeApi, build: ModuleType, acme: Contract) -> None:
    server = Papers(submit=accepted(build))
    api = make_api(server, max_runs=3)
    ref = api.submit(acme.flows["papers"], ["document"] * 3)
    assert (ref, api.objects.known("batch")) == (BATCH, BATCH)
    assert server.bodies == [{"documents": [{"name": f"paper-{number}"} for number in (1, 2, 3)]}]


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(422, json={}), httpx.Response(201, json={}), httpx.Response(201, json={"id": 5})],
)
def test_submission_that_shows_no_object(make_api: MakeApi, acme: Contract, answer: httpx.Response) -> None:
    api = make_api(Papers(submit=answer))
    with pytest.raises(Stopped):
        api.submit(acme.flows["papers"], ["document"])
    assert api.objects.known("batch") is None


@pytest.mark.parametrize(("limit", "reason"), [(0, "precondition_unmet"), (2, "budget_exhausted")])
def test_submission_beyond_the_limit_is_unmet(
    make_api: MakeApi, acme: Contract, limit: int, reason: str
) -> None:
    server = Papers()
    with pytest.raises(Unmet) as unmet:
        make_api(server, max_runs=limit).submit(acme.flows["papers"], ["document"] * 3)
    assert (unmet.value.reason, server.asked) == (reason, [])
    assert unmet.value.operations == ("get_batch", "get_document", "list_documents", "submit_batch")
    assert "--max-runs 3" in (unmet.value.option or "")


def test_request_beyond_the_limit_is_unmet(make_api: MakeApi) -> None:
    api = make_api(Papers(), max_requests=0)
    with pytest.raises(Unmet) as unmet:
        api.page("list_documents")
    assert (unmet.value.reason, unmet.value.operations) == ("budget_exhausted", ("list_documents",))
    assert "--max-requests" in (unmet.value.option or "")


# probes


def test_probes_that_share_their_control_send_it_once(
    make_api: MakeApi, build: ModuleType, tmp_path: Path
) -> None:
    server = Papers(page={"documents": [], "next": None})
    prober = Prober(make_api(server))
    for name in ("no-token", "unknown-token", "no-version"):
        prober.send(name)
    lines = [json.loads(line) for line in (tmp_path / "history.ndjson").read_text("ascii").splitlines()]
    controls = ["basic", "malformed-token", "no-token", "no-version", "unknown-token"]
    assert [(line["probe"], line["control_of"]) for line in lines] == [
        (None, controls),
        ("no-token", []),
        ("unknown-token", []),
        ("no-version", []),
    ]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("no-documents", {"documents": []}),
        ("documents-missing", {}),
        ("too-many-documents", {"documents": [{"name": f"paper-{number}"} for number in range(1, 7)]}),
    ],
)
def test_changed_request_differs_from_its_control_in_one_thing(
    make_api: MakeApi, build: ModuleType, name: str, sent: Any
) -> None:
    server = Papers(submit=accepted(build))
    Prober(make_api(server)).send(name)
    # in labels stands whose they are: the control is sent for all
    bodies = json.loads(re.sub("paper-[0-9a-f]{6}-", "paper-", json.dumps(server.bodies)))
    assert bodies == [{"documents": [{"name": "paper-1"}]}, sent]


def test_changed_query(make_api: MakeApi) -> None:
    server = Papers(page={"documents": []})
    Prober(make_api(server)).send("size-zero")
    assert [query for _, _, query in server.asked] == [{"size": "1"}, {"size": "0"}]


def test_known_object_is_created_where_there_is_none(make_api: MakeApi, build: ModuleType) -> None:
    server = Papers(submit=accepted(build), batches=build.batch())
    Prober(make_api(server)).send("unknown-batch")
    paths = [path for _, path, _ in server.asked]
    assert paths[:2] == ["/batches", "/batches/b_1"]
    assert (len(paths), paths[2].startswith("/batches/b_"), paths[2] != "/batches/b_1") == (3, True, True)


def test_known_object_that_the_user_gives_is_used(make_api: MakeApi, build: ModuleType) -> None:
    server = Papers(batches=build.batch())
    Prober(make_api(server, fixtures={"batch_ids": ["b_mine"]}, max_runs=0)).send("unknown-batch")
    assert server.asked[0] == ("GET", "/batches/b_mine", {})


def test_probe_without_what_it_needs_is_unmet(make_api: MakeApi) -> None:
    prober = Prober(make_api(Papers(page={"documents": []}), max_runs=0))
    described = []
    for name in ("no-documents", "unknown-batch", "other-customer"):
        with pytest.raises(Unmet) as unmet:
            prober.send(name)
        described.append((unmet.value.probe, unmet.value.reason, unmet.value.operations))
    assert described == [
        (name, "precondition_unmet", ()) for name in ("no-documents", "unknown-batch", "other-customer")
    ]


@pytest.mark.parametrize(
    ("failure", "described"),
    [
        (httpx.ReadTimeout("slow"), ["size-zero was not answered in time, 3 times"]),
        (httpx.RemoteProtocolError("gone"), []),
    ],
    ids=["too late", "hung up"],
)
def test_probe_that_is_never_answered_in_time_gives_up(
    make_api: MakeApi, naps: list[float], failure: Exception, described: list[str]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["size"] == "0":
            raise failure
        return httpx.Response(200, json={"documents": []})

    stopped: list[Stopped] = []
    try:
        Prober(make_api(Papers(page=answer))).send("size-zero")
    except Stopped as error:
        stopped.append(error)
    assert ([(str(item), item.probe) for item in stopped], naps) == (
        [(item, "size-zero") for item in described],
        [1.0, 1.0, 1.0],
    )


def test_second_token_that_is_missing_is_named(make_api: MakeApi, build: ModuleType) -> None:
    server = Papers(documents=build.detail())
    with pytest.raises(Unmet) as unmet:
        Prober(make_api(server, fixtures={"document_ids": ["d_1"]})).send("other-customer")
    assert (unmet.value.detail, unmet.value.option) == (
        "the fixture second_token_env is not given",
        "give second_token_env in [fixtures]",
    )


def test_control_has_a_header_that_the_change_leaves_out(make_api: MakeApi) -> None:
    api = make_api(Papers(), fixtures={"language": "en"})
    probe = msgspec.structs.replace(
        api.contract.probes["size-zero"],
        control=Control(headers={"acme-language": {"$fixture": "language"}}),
        change=Change(headers={"acme-language": None}),
    )
    control = api.requests.control(probe)
    assert control.headers == {"acme-language": "en"}
    assert api.requests.changed(probe, control).headers == {"acme-language": None}


def test_control_has_another_body(make_api: MakeApi) -> None:
    api = make_api(Papers(), fixtures={"language": "en"})
    two = {"documents": [{"name": {"$fixture": "language"}}, {"name": "other"}]}
    probe = msgspec.structs.replace(
        next(probe for probe in api.contract.probes.values() if probe.operation == "submit_batch"),
        control=Control(body={**two, "priority": None}),
        change=Change(body={"documents": [{"name": "alone"}]}),
    )
    control = api.requests.control(probe)
    assert (control.body, control.documents) == ({"documents": [{"name": "en"}, {"name": "other"}]}, 2)
    changed = api.requests.changed(probe, control)
    assert (changed.body, changed.documents) == ({"documents": [{"name": "alone"}]}, 1)


@pytest.mark.parametrize(("place", "asked"), [("$working", 4), ("$known", 2)])
def test_control_that_came_too_late_gets_another_object(make_api: MakeApi, place: str, asked: int) -> None:
    server = Papers(page=httpx.Response(400, json={}))
    api = make_api(server, fixtures={"batch_ids": ["b_1"]})
    known = {"$known": "batch"}
    probe = msgspec.structs.replace(
        api.contract.probes["size-zero"],
        control=Control(query={"size": "1", "note": place}, path={"id": known}),
    )
    api.contract.probes["size-zero"], kept = probe, api.contract.probes["size-zero"]
    try:
        Prober(api).send("size-zero")
    finally:
        api.contract.probes["size-zero"] = kept
    assert len(server.asked) == asked


def test_call_with_another_token(make_api: MakeApi) -> None:
    server = Papers(page={"documents": []})
    api = make_api(server, other_tokens={"limited": Token("LIMITED", "tok-limited-98765")})
    exchange = api.send_as("limited", Call(operation="list_documents"))
    assert exchange.request.headers["authorization"] == "Bearer $LIMITED"
    with pytest.raises(Unmet) as unmet:
        api.send_as("unpaid", Call(operation="list_documents"))
    assert (unmet.value.option, len(server.asked)) == ("give unpaid_token_env in [fixtures]", 1)


# objects and fixtures


def test_discovery_asks_once_when_it_finds_something(make_api: MakeApi, build: ModuleType) -> None:
    server = Papers(page={"documents": [build.document(id="d_7"), {"id": 5}, build.document(id="d_8")]})
    api = make_api(server)
    assert api.objects.existing("document") == [Ref("document", "d_7"), Ref("document", "d_8")]
    assert (api.objects.first("document_ids"), len(server.asked)) == ("d_7", 1)


def test_discovery_looks_once_for_all_scenarios(make_api: MakeApi, build: ModuleType) -> None:
    server = Papers(page=iter([httpx.Response(500, text=""), {"documents": [build.document(id="d_7")]}]))
    api = make_api(server)
    api.objects.discover()
    # what was answered badly is asked for again at once
    assert [api.of(name).objects.first("document_ids") for name in ("one", "other")] == ["d_7", "d_7"]
    assert len(server.asked) == 2


def test_what_was_created_meanwhile_was_not_there_before(make_api: MakeApi, build: ModuleType) -> None:
    api = make_api(Papers(page={"documents": [build.document(id="d_7"), build.document(id="d_8")]}))
    api.of("one").client.made.remember(Ref("document", "d_7"))
    assert api.of("other").objects.existing("document") == [Ref("document", "d_8")]


def test_object_for_all_is_made_once(make_api: MakeApi, build: ModuleType) -> None:
    server = Papers(submit=accepted(build))
    api = make_api(server)
    assert [api.of(name).supply.known("batch") for name in ("one", "other")] == ["b_1", "b_1"]
    assert len(server.bodies) == 1


def test_given_fixture_comes_before_discovery(make_api: MakeApi) -> None:
    api = make_api(Papers(), fixtures={"document_ids": ["d_1", "d_1", "d_2"], "language": "en"})
    assert api.objects.existing("document") == [Ref("document", "d_1"), Ref("document", "d_2")]
    assert (api.objects.fixture("language"), api.objects.fixture("batch_ids")) == (["en"], [])


def test_values_of_a_list_are_taken_once_each(make_api: MakeApi) -> None:
    api = make_api(Papers(), fixtures={"batch_ids": ["b_1", "b_2"]})
    assert [api.supply.take("batch_ids"), api.supply.take("batch_ids")] == ["b_1", "b_2"]
    with pytest.raises(Unmet) as unmet:
        api.supply.take("batch_ids")
    assert unmet.value.option == "give more batch_ids in [fixtures]"


def test_file_of_a_fixture(make_api: MakeApi, tmp_path: Path) -> None:
    (tmp_path / "head.txt").write_bytes(b"hello")
    api = make_api(Papers(), fixtures={"letterhead": str(tmp_path / "head.txt")})
    file = api.supply.file("letterhead")
    assert (file.name, file.content) == ("head.txt", b"hello")


@pytest.mark.parametrize(
    ("fixtures", "option"),
    [({}, "give letterhead in [fixtures]"), ({"letterhead": "gone.txt"}, "correct letterhead in [fixtures]")],
)
def test_file_that_is_missing(
    make_api: MakeApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixtures: Any, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unmet) as unmet:
        make_api(Papers(), fixtures=fixtures).supply.file("letterhead")
    assert unmet.value.option == option


def test_documented_values_of_query_parameters(make_api: MakeApi, acme: Contract) -> None:
    listing = acme.operations["list_documents"]
    assert make_api(Papers()).requests.documented_queries(listing) == [
        {"status": "done"},
        {"status": "failed"},
        {"size": "1"},
        {"size": "3"},
        {"status": "done", "size": "1"},
        {"status": "done", "size": "3"},
        {"status": "failed", "size": "1"},
        {"status": "failed", "size": "3"},
    ]


def test_same_seed_same_requests(make_api: MakeApi, build: ModuleType, tmp_path: Path) -> None:
    def sent(seed: int) -> list[Any]:
        (tmp_path / "history.ndjson").unlink(missing_ok=True)
        server = Papers(submit=accepted(build), batches=build.batch(), page={"documents": []})
        prober = Prober(make_api(server, seed=seed))
        for name in ("no-documents", "unknown-batch", "size-zero"):
            prober.send(name)
        return [server.asked, server.bodies]

    assert sent(1) == sent(1)
    assert sent(1) != sent(2)
