"""Objects that the user gives, watched together; what a discovery that the server failed leads to."""

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import httpx
import pytest

from batchproof.client import RunClock
from batchproof.drive import Api, Ref, Stopped, Unmet

MakeApi = Callable[..., Api]
REFS = [Ref("batch", name) for name in ("b_1", "b_2", "b_3")]


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only the pauses of the driver move."""
    taken: list[float] = []
    monkeypatch.setattr(RunClock, "_wait", lambda _, seconds: taken.append(seconds))
    monkeypatch.setattr(time, "monotonic", lambda: sum(taken))
    return taken


class Batches:
    """Batches that show one state after another; the last one stays."""

    def __init__(self, build: ModuleType, **states: list[str]) -> None:
        self.asked: list[str] = []
        self._build = build
        self._states = states

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.asked.append(name)
        states = self._states.get(name)
        if states is None:
            return httpx.Response(404, json={"error": {"code": "not_found", "message": "no"}})
        status = states.pop(0) if len(states) > 1 else states[0]
        return httpx.Response(200, json=self._build.batch(status, id=name))


def test_all_are_watched_together_and_what_had_ended_is_read_twice(
    make_api: MakeApi, build: ModuleType
) -> None:
    server = Batches(build, b_1=["queued", "running", "done"], b_2=["done"], b_3=["running", "failed"])
    make_api(server, poll_interval_s=1.0).watch("get_batch", REFS)
    assert server.asked == ["b_1", "b_2", "b_2", "b_3", "b_1", "b_3", "b_1"]


def test_what_does_not_end_is_told_after_the_time(
    make_api: MakeApi, build: ModuleType, naps: list[float]
) -> None:
    server = Batches(build, b_1=["queued"], b_2=["done"], b_3=["running"])
    with pytest.raises(Unmet) as unmet:
        make_api(server, poll_interval_s=1.0, poll_timeout_s=3.0).watch("get_batch", REFS)
    described = (unmet.value.detail, unmet.value.reason, unmet.value.operations)
    assert described == ("batch and 1 more did not end within 3 s", "target_error", ("get_batch",))
    assert 3.0 <= sum(naps) < 4.0


def test_a_state_without_a_place_in_the_order_may_be_an_end(make_api: MakeApi, build: ModuleType) -> None:
    server = Batches(build, b_1=["paused"])
    make_api(server).watch("get_batch", REFS[:1])
    assert server.asked == ["b_1", "b_1"]


def test_an_id_that_leads_nowhere_is_told_after_the_others(make_api: MakeApi, build: ModuleType) -> None:
    server = Batches(build, b_1=["done"], b_3=["running", "done"])
    with pytest.raises(Stopped) as stopped:
        make_api(server, poll_interval_s=1.0).watch("get_batch", REFS)
    assert str(stopped.value) == "batch b_2: get_batch was not answered as documented: status 404"
    assert server.asked == ["b_1", "b_1", "b_2", "b_2", "b_2", "b_2", "b_3", "b_3"]


def test_given_objects_are_those_of_the_user(make_api: MakeApi) -> None:
    def page(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"documents": [{"id": "d_1"}], "next": None})

    api = make_api(page)
    assert (api.objects.given("document"), api.objects.existing("document")) == ([], [Ref("document", "d_1")])
    api = make_api(page, fixtures={"document_ids": ["d_7", "d_8", "d_7"]})
    assert api.objects.given("document") == [Ref("document", "d_7"), Ref("document", "d_8")]


def test_a_discovery_that_the_server_failed_stops_and_is_asked_for_once_more_later(
    make_api: MakeApi,
) -> None:
    asked: list[Any] = []

    def broken(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(500, json={"error": {"code": "x", "message": "no"}})

    api = make_api(broken)
    for _ in range(2):
        with pytest.raises(Stopped, match="list_documents was not answered as documented: status 500"):
            api.objects.first("document_ids")
    assert len(asked) == 5
