"""One finding, sent again by itself, whatever becomes of that."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from batchproof import interruption
from batchproof.client import Options
from batchproof.contract import Contract
from batchproof.emulator import Server
from batchproof.history import read_history
from batchproof.leaks import LeakError
from batchproof.replay import again, conclude
from batchproof.session import Endpoint, Session


class Found(NamedTuple):
    """A finding of a run, and the history of what is sent again."""

    script: Path
    options: Options
    environment: dict[str, str]
    history: Path

    def sent_again(self) -> int:
        return again.replay(self.script, self.options, self.environment, lambda _: None)


@pytest.fixture
def found(build: ModuleType, papers: ModuleType, acme: Contract, tmp_path: Path) -> Iterator[Found]:
    with Server(papers.Papers(build.TOKEN, states=("queued", "done", "running")).app) as server:
        settings = build.settings(acme, base_url=server.url)
        endpoint = Endpoint(
            url=server.url, label=server.url, origin=time.monotonic(), started_at="2026-01-01T00:00:00Z"
        )
        session = Session(acme, settings, tmp_path / "run", endpoint)
        session.start()
        assert session.api is not None
        flow = acme.flows["papers"]
        batch = session.api.submit(flow, ["document"])
        for _ in range(5):
            session.api.read(flow.read, batch)
        session.close()
        conclude(acme, settings, endpoint, tmp_path / "run")
        (script,) = (tmp_path / "run" / "replays").iterdir()
        folder = tmp_path / "again"
        options = Options(
            contract=str(build.ACME), target=server.url, max_runs=10, output=str(folder), config=None
        )
        yield Found(script, options, {"BATCHPROOF_TOKEN": build.TOKEN}, folder / "history.ndjson")


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What happens in the place of the requests: a signal comes."""
    for name in ("received", "held", "over"):
        monkeypatch.setattr(interruption._State, name, False)

    def signal(*_: object, **__: object) -> Any:
        interruption._State.received = True
        raise KeyboardInterrupt

    return signal


def test_a_history_that_was_cut_says_so(
    found: Found, monkeypatch: pytest.MonkeyPatch, interrupted: Callable[..., Any]
) -> None:
    monkeypatch.setattr(again, "perform", interrupted)
    with pytest.raises(KeyboardInterrupt):
        found.sent_again()
    assert read_history(found.history).whole is False


def test_one_that_came_to_its_end_does_not(found: Found) -> None:
    assert (found.sent_again(), read_history(found.history).whole) == (1, True)


def test_what_was_cut_leaves_no_secret(
    found: Found, monkeypatch: pytest.MonkeyPatch, interrupted: Callable[..., Any]
) -> None:
    beside = found.history.with_name("history.again.ndjson")

    def leaking(*_: object, **__: object) -> Any:
        beside.write_text(found.environment["BATCHPROOF_TOKEN"])
        return interrupted()

    monkeypatch.setattr(again, "perform", leaking)
    with pytest.raises(LeakError, match=r"a secret stood in history\.again\.ndjson; removed"):
        found.sent_again()
    assert not beside.exists()
