"""Making findings small never ends a run: whatever is raised there, verdict and reports come out."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from batchproof import interruption
from batchproof.contract import Contract
from batchproof.emulator import Server
from batchproof.history import Halt, HistoryWriter, read_history
from batchproof.history.writer import line_of
from batchproof.judging import Results
from batchproof.parts import has_begun
from batchproof.replay import conclude, phase
from batchproof.session import Endpoint, Session


class Recorded(NamedTuple):
    """A run that found something, with the server that it came from."""

    contract: Contract
    settings: Any
    endpoint: Endpoint
    folder: Path

    def concluded(self) -> Results:
        results, _ = conclude(self.contract, self.settings, self.endpoint, self.folder)
        return results


@pytest.fixture
def recorded(build: ModuleType, papers: ModuleType, acme: Contract, tmp_path: Path) -> Iterator[Recorded]:
    with Server(papers.Papers(build.TOKEN, states=("queued", "done", "running")).app) as server:
        settings = build.settings(acme, base_url=server.url)
        endpoint = Endpoint(
            url=server.url, label="papers", origin=time.monotonic(), started_at="2026-01-01T00:00:00Z"
        )
        session = Session(acme, settings, tmp_path, endpoint)
        session.start()
        assert session.api is not None
        flow = acme.flows["papers"]
        batch = session.api.submit(flow, ["document"])
        for _ in range(5):
            session.api.read(flow.read, batch)
        session.close()
        yield Recorded(acme, settings, endpoint, tmp_path)


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the handler of signals knows, for one test."""
    for name in ("received", "held", "over"):
        monkeypatch.setattr(interruption._State, name, False)
    return interruption._State


def test_what_is_raised_there_leaves_a_finding_without_a_script(
    build: ModuleType, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Any:
        raise KeyError("x7")

    monkeypatch.setattr(phase.Reducer, "smallest", broken)
    results = recorded.concluded()
    (finding,) = build.row(results, "status.terminal").findings
    assert (results.exit_code, finding.reproduction.outcome, finding.reproduction.exchanges) == (
        1,
        "not_tried",
        [],
    )
    assert finding.reproduction.detail == (
        "batchproof could not make it small (KeyError: 'x7'); this is a defect of batchproof"
    )
    assert json.loads((recorded.folder / "results.json").read_bytes())["exit_code"] == 1
    assert not (recorded.folder / "replays").exists()


def test_a_run_that_stopped_asking_is_judged_and_asks_nothing_again(
    build: ModuleType, recorded: Recorded
) -> None:
    file = recorded.folder / "history.ndjson"
    halt = Halt(why="unreachable", since_s=1.0, exchange="x1", count=4, answer="refused")
    *lines, footer = file.read_text("ascii").splitlines(keepends=True)
    file.write_text("".join([*lines, line_of(halt), footer]), "ascii")
    before = file.read_bytes()
    results = recorded.concluded()
    (finding,) = build.row(results, "status.terminal").findings
    assert (finding.reproduction, file.read_bytes() == before) == (None, True)


def test_a_script_that_cannot_be_made_is_left_out(
    build: ModuleType, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = phase.script_of

    def broken_at_the_end(*about: Any) -> Any:
        if (recorded.folder / "results.json").exists():
            raise KeyError("x7")
        return made(*about)

    monkeypatch.setattr(phase, "script_of", broken_at_the_end)
    (finding,) = build.row(recorded.concluded(), "status.terminal").findings
    assert finding.reproduction.outcome == "reproduced"
    assert list((recorded.folder / "replays").iterdir()) == []


def test_a_full_disk_ends_it_and_leaves_the_history(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_history(recorded.folder / "history.ndjson").exchanges

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(HistoryWriter, "_append", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*history\.replay\.ndjson'"):
        recorded.concluded()
    history = read_history(recorded.folder / "history.ndjson")
    assert (history.exchanges, history.whole) == (before, False)
    # what was spent is not all in the history
    assert sorted(item.name for item in recorded.folder.iterdir()) == ["history.ndjson", "spending.json"]


def test_an_interruption_while_findings_are_sent_again(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, signals: Any
) -> None:
    def interrupted(*_: object) -> Any:
        signals.received = True
        raise KeyboardInterrupt

    monkeypatch.setattr(phase.Phase, "reproduction", interrupted)
    results = recorded.concluded()
    assert (results.exit_code, "cut off before its end" in results.claim) == (130, True)
    history = read_history(recorded.folder / "history.ndjson")
    assert history.footer is not None
    assert history.footer.interrupted
    assert (recorded.folder / "summary.md").is_file()


def test_an_interruption_while_it_is_judged(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, signals: Any
) -> None:
    judge = phase.judge
    judged: list[object] = []

    def interrupted(*about: Any) -> Any:
        judged.append(about)
        if len(judged) == 1:
            signals.received = True
            raise KeyboardInterrupt
        return judge(*about)

    monkeypatch.setattr(phase, "judge", interrupted)
    sent = len(read_history(recorded.folder / "history.ndjson").exchanges)
    assert "cut off before its end" in recorded.concluded().claim
    assert len(read_history(recorded.folder / "history.ndjson").exchanges) == sent
    assert len(judged) == 2


def test_a_signal_after_the_decision_comes_too_late(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, signals: Any
) -> None:
    written = phase.write_reports

    def interrupted(*about: Any) -> None:
        interruption._on_signal(15, None)
        written(*about)

    monkeypatch.setattr(phase, "write_reports", interrupted)
    assert "cut off" not in recorded.concluded().claim
    history = read_history(recorded.folder / "history.ndjson")
    assert (signals.received, history.whole) == (True, True)


def test_a_history_has_begun_with_its_first_whole_line(tmp_path: Path) -> None:
    file = tmp_path / "history.ndjson"
    begun = [has_begun(file)]
    for content in ("", '{"event":"hea', '{"event":"header"}\n'):
        file.write_text(content)
        begun.append(has_begun(file))
    assert begun == [False, False, False, True]
