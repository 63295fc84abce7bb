"""A run that asks in vain stops; one whose scenarios provoke failures, or whose server comes back, does not."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import httpx
import pytest

from batchproof.client import Call, HaltedError, RunClock, Target
from batchproof.contract import Contract
from batchproof.history import BREAKER, Case, Halt, History, HistoryWriter, Redactor, read_history

LIST = Call(operation="list_documents")
READ = Call(operation="get_batch", path={"id": "b_1"})
PAGE = httpx.Response(200, json={"documents": [], "next": None})
DOWN = httpx.ConnectError("refused")
SILENT = httpx.ReadTimeout("no answer in time")
GATEWAY = httpx.Response(503, text="<html>")
REFUSED = httpx.Response(401, json={"error": {"code": "unauthorized", "message": "no"}})
Answers = Callable[[httpx.Request], httpx.Response | Exception]


class Run(NamedTuple):
    """A target whose server answers as it is told, on a clock that only pauses and silence move."""

    target: Target
    clock: RunClock
    file: Path

    def send(self, *calls: Call) -> int:
        """Sends ``calls`` until the run stops asking, and tells how many were sent."""
        for number, call in enumerate(calls):
            try:
                self.target.send(call, "scenario")
            except HaltedError:
                return number
        return len(calls)

    @property
    def history(self) -> History:
        return read_history(self.file)

    @property
    def controls(self) -> list[str | None]:
        return [item.operation for item in self.history.exchanges if item.scenario == BREAKER]


@pytest.fixture
def start(
    build: ModuleType, acme: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Run]]:
    """Starts a run against a server that is a function."""
    writers: list[Any] = []
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)

    def begin(answers: Answers, **limits: Any) -> Run:
        chosen = build.settings(acme, **{"request_timeout_s": 30.0, **limits})

        def handler(request: httpx.Request) -> httpx.Response:
            answer = answers(request)
            if isinstance(answer, Exception):
                if answer is SILENT:
                    clock.pause(chosen.request_timeout_s)
                raise answer
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

        file = tmp_path / "history.ndjson"
        writer = HistoryWriter(file, Redactor({}))
        writers.append(closing(writer))
        writer.write(build.header())
        clock = RunClock(0.0, lambda _: None)
        target = Target(
            acme,
            chosen,
            writer,
            base_url=chosen.base_url or "",
            clock=clock,
            transport=httpx.MockTransport(handler),
        )
        return Run(target, clock, file)

    yield begin
    for writer in writers:
        writer.__exit__(None, None, None)


def after(count: int, then: Any) -> Answers:
    """A server that answers so often, and then something else."""
    left = iter([PAGE] * count)
    return lambda _: next(left, then)


@pytest.mark.parametrize(("failure", "within"), [(DOWN, 13.0), (GATEWAY, 13.0), (SILENT, 60.0)])
def test_server_that_dies_is_asked_no_more(start: Callable[..., Run], failure: Any, within: float) -> None:
    run = start(after(20, failure))
    assert run.send(*[LIST, READ] * 100) <= 24
    assert run.clock.now() <= within
    halt = run.history.halt
    assert isinstance(halt, Halt)
    assert (halt.why, halt.since_s, halt.exchange) == ("unreachable", 0.0, "x21")
    assert halt.count == len(run.history.exchanges) - 20
    with pytest.raises(HaltedError, match=r"the run has stopped asking, since the server does not answer$"):
        run.target.send(LIST, "scenario")


def test_connections_that_are_refused_stop_a_run_of_short_requests_at_once(start: Callable[..., Run]) -> None:
    run = start(after(20, DOWN), request_timeout_s=1.0)
    run.send(*[LIST, READ] * 100)
    assert run.clock.now() <= 1.7
    assert run.history.halt is not None


def test_token_that_is_refused_from_some_request_on_stops_the_run(start: Callable[..., Run]) -> None:
    run = start(after(400, REFUSED))
    assert run.send(*[LIST, READ] * 500) == 405
    halt = run.history.halt
    assert halt is not None
    assert (halt.why, halt.exchange, halt.answer) == ("token_refused", "x401", "status 401")
    assert halt.described.startswith("the server refuses the token since second 0.0 of the run (status 401, ")


def test_outage_that_heals_stops_nothing(start: Callable[..., Run]) -> None:
    run: Run
    run = start(lambda _: DOWN if 0.0 < run.clock.now() < 8.0 else PAGE)
    run.send(LIST)
    run.clock.pause(0.1)
    assert run.send(*[LIST] * 20) == 20
    assert (run.history.halt, 8.0 <= run.clock.now() < 10.0) == (None, True)


@pytest.mark.parametrize("failure", [DOWN, SILENT, GATEWAY, REFUSED])
def test_one_operation_that_is_broken_stops_nothing(start: Callable[..., Run], failure: Any) -> None:
    run = start(lambda request: failure if request.url.path.startswith("/batches") else PAGE)
    assert run.send(LIST, *[READ] * 50) == 51
    assert run.history.halt is None
    assert set(run.controls) == {"list_documents"}


@pytest.mark.parametrize(
    "about",
    [{"probe": "size-zero"}, {"auth": "unknown"}, {"case": Case(mode="open", about="an odd header")}],
)
@pytest.mark.parametrize("failure", [DOWN, SILENT, GATEWAY, REFUSED])
def test_failures_that_scenarios_provoke_stop_nothing(
    start: Callable[..., Run], about: dict[str, Any], failure: Any
) -> None:
    run = start(lambda request: failure if "odd" in request.headers else PAGE)
    odd = Call(operation="list_documents", headers={"odd": "1"}, **about)
    assert run.send(LIST, *[odd] * 50) == 51
    assert run.history.halt is None


def test_refusals_that_scenarios_provoke_are_not_even_suspicious(start: Callable[..., Run]) -> None:
    run = start(lambda request: REFUSED if "odd" in request.headers else PAGE)
    run.send(LIST, *[Call(operation="list_documents", headers={"odd": "1"}, auth="unknown")] * 50)
    assert run.controls == []


def test_two_lost_answers_are_an_accident(start: Callable[..., Run]) -> None:
    answers = iter([PAGE, DOWN, DOWN, PAGE, DOWN, DOWN, PAGE])
    run = start(lambda _: next(answers))
    assert (run.send(*[LIST] * 7), run.controls) == (7, [])


def test_server_that_was_never_there_is_for_the_first_look_to_tell(start: Callable[..., Run]) -> None:
    run = start(lambda _: DOWN)
    assert (run.send(*[LIST] * 50), run.history.halt) == (50, None)


def test_limit_of_requests_holds_for_controls_too(start: Callable[..., Run]) -> None:
    run = start(after(1, DOWN), max_requests=4)
    run.send(*[LIST] * 4)
    assert (len(run.history.exchanges), run.history.halt, run.target.budget.requests) == (4, None, 4)


def test_run_that_has_stopped_waits_for_nothing_more(start: Callable[..., Run]) -> None:
    run = start(after(1, SILENT))
    run.send(*[LIST] * 9)
    waiting = RunClock(0.0)
    waiting.stop_waiting()
    waiting.pause(1_000_000.0)
    assert run.clock._over.is_set()


def test_threads_wait_for_the_one_that_looks_and_stop_together(
    build: ModuleType, make_target: Callable[..., Target]
) -> None:
    """The server is silent from the second request on; whoever asks it waits for a tenth of a second."""
    guard, asked = threading.Lock(), [0]

    def handler(_: httpx.Request) -> httpx.Response:
        with guard:
            asked[0] += 1
            first = asked[0] == 1
        if first:
            return PAGE
        threading.Event().wait(0.1)
        raise SILENT

    target = make_target(handler, request_timeout_s=0.1)
    target.send(LIST, "scenario")

    def ask(_: int) -> int:
        for number in range(100):
            try:
                target.send(LIST, "scenario")
            except HaltedError:
                return number
        return 100

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(ask, range(8)))
    # what was under way when the first one timed out, and the control
    assert (max(sent) <= 1, asked[0] <= 1 + 8 + 1, target.breaker.halt is not None) == (True, True, True)
    assert target.budget.requests == asked[0]
