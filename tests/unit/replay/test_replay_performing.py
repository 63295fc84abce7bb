"""Findings that are sent again, to a server that is still wrong, to one that was mended, and to one that is away."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.client import Settings, Token
from batchproof.contract import Contract
from batchproof.drive import Api, Prober, Stopped
from batchproof.emulator import Server
from batchproof.history import read_history
from batchproof.history.events import Request
from batchproof.judging import Results
from batchproof.replay import conclude, perform, performing, read_script
from batchproof.replay.script import Reference, Script, Step
from batchproof.session import Endpoint, Session

BACK = ("queued", "done", "running")
PLAIN = ("queued", "running", "done")
SIGNED = {"authorization": "Bearer $BATCHPROOF_TOKEN"}


class Run:
    """One run against the invented vendor's server."""

    def __init__(self, build: ModuleType, contract: Contract, url: str, folder: Path, **changes: Any) -> None:
        self.folder = folder
        self.contract = contract
        self.settings: Settings = build.settings(contract, base_url=url, **changes)
        self.endpoint = Endpoint(
            url=url, label=url, origin=time.monotonic(), started_at="2026-01-01T00:00:00Z"
        )

    def drive(self, how: Callable[[Api], object]) -> Results:
        session = Session(self.contract, self.settings, self.folder, self.endpoint)
        session.start()
        assert session.api is not None
        with suppress(Stopped):
            how(session.api)
        session.close()
        results, self.history = conclude(self.contract, self.settings, self.endpoint, self.folder)
        return results


def watch(api: Api) -> None:
    flow = api.contract.flows["papers"]
    batch = api.submit(flow, ["document"])
    for _ in range(5):
        api.read(flow.read, batch)


@pytest.fixture
def run(build: ModuleType, papers: ModuleType, acme: Contract, tmp_path: Path) -> Any:
    with ExitStack() as stack:

        def make(name: str = "run", contract: Contract = acme, app: Any = None, **about: Any) -> Run:
            wrong = {key: about.pop(key) for key in ("most", "states") if key in about}
            server = stack.enter_context(Server(app or papers.Papers(build.TOKEN, **wrong).app))
            folder = tmp_path / name
            folder.mkdir()
            return Run(build, contract, server.url, folder, **about)

        yield make


def again(build: ModuleType, run: Run, script: Any, folder: Path, **changes: Any) -> Any:
    folder.mkdir()
    other = Run(build, run.contract, run.settings.base_url or "", folder, **changes)
    session = Session(other.contract, other.settings, folder, other.endpoint)
    session.start()
    assert session.api is not None
    performance = perform(session.api, script)
    session.close()
    return performance


def test_a_finding_is_shrunk_and_shows_again(build: ModuleType, run: Any, tmp_path: Path) -> None:
    wrong = run(states=BACK)
    results = wrong.drive(watch)
    row = build.row(results, "status.terminal")
    (finding,) = row.findings
    assert (finding.reproduction.outcome, len(finding.reproduction.exchanges)) == ("reproduced", 3)
    script = read_script(wrong.folder / "replays" / f"{finding.fingerprint}.json")
    assert [step.operation for step in script.steps] == ["submit_batch", "get_batch", "get_batch"]
    assert again(build, wrong, script, tmp_path / "again").outcome == "wrong"
    mended = run("mended", states=PLAIN)
    performance = again(build, mended, script, tmp_path / "mended-again")
    assert (performance.outcome, performance.detail) == ("mended", None)


def test_a_server_without_findings_is_not_asked_again(run: Any) -> None:
    kept = run(states=PLAIN)
    results = kept.drive(watch)
    assert results.failed == []
    assert [
        exchange.id for exchange in kept.history.exchanges if exchange.scenario.startswith("replay")
    ] == []
    assert not (kept.folder / "replays").exists()


def test_quick_asks_nothing_again(build: ModuleType, run: Any) -> None:
    results = run(states=BACK, profile="quick").drive(watch)
    assert [item.reproduction for item in build.row(results, "status.terminal").findings] == [None]


def test_what_shows_only_once_is_unstable_and_still_failed(
    build: ModuleType, papers: ModuleType, run: Any
) -> None:
    server = papers.Papers(build.TOKEN, states=BACK)
    wrong = run(app=server.app)

    def watch_then_mend(api: Api) -> None:
        watch(api)
        server.states = PLAIN

    row = build.row(wrong.drive(watch_then_mend), "status.terminal")
    assert (row.verdict, row.findings[0].reproduction.outcome) == ("failed", "unstable")


def test_limits_hold_while_findings_are_sent_again(build: ModuleType, run: Any) -> None:
    wrong = run(states=BACK, max_runs=1)
    (finding,) = build.row(wrong.drive(watch), "status.terminal").findings
    assert finding.reproduction.outcome == "not_tried"
    described = "budget_exhausted: 1 more document(s) would be processed, 0 of 1 are left"
    assert finding.reproduction.detail == described
    assert sum(item.operation == "submit_batch" for item in wrong.history.exchanges) == 1


def test_what_depends_on_everything_before_is_found_by_sending(
    build: ModuleType, papers: ModuleType, run: Any
) -> None:
    """A server that goes wrong only when a list was read between two looks."""
    server = papers.Papers(build.TOKEN, states=("done",))
    plain = server.page

    def page(request: Any, body: Any) -> Any:
        answer = plain(request, body)
        server.states = ("done", "done", "running")
        return answer

    def submit(request: Any, body: Any) -> Any:
        server.states = ("done",)
        return papers.Papers.submit(server, request, body)

    server.page, server.submit = page, submit
    wrong = run(app=server.app)

    def drive(api: Api) -> None:
        flow = api.contract.flows["papers"]
        batch = api.submit(flow, ["document"])
        for _ in range(3):
            api.read(flow.read, batch)
        api.traverse(flow.list, batch)
        for _ in range(3):
            api.read(flow.read, batch)

    (finding,) = build.row(wrong.drive(drive), "status.terminal").findings
    script = read_script(wrong.folder / "replays" / f"{finding.fingerprint}.json")
    assert finding.reproduction.outcome == "reproduced"
    assert "list_documents" in [step.operation for step in script.steps]
    assert len(script.steps) <= 5


def test_a_list_is_asked_for_again_until_it_shows_what_it_showed(
    build: ModuleType, papers: ModuleType, run: Any, tmp_path: Path
) -> None:
    """Each list moves the batch on, so that what it showed comes, or comes no more."""
    server = papers.Papers(build.TOKEN)
    plain = server.page

    def page(request: Any, body: Any) -> Any:
        server.looks[request.query_params["batch"]] += 1
        return plain(request, body)

    server.page = page
    steps = [
        Step(
            id="s",
            operation="submit_batch",
            request=Request(method="POST", url="", headers=SIGNED, body={"documents": [{"name": "a"}]}),
        ),
        Step(
            id="l",
            operation="list_documents",
            request=Request(method="GET", url="", headers=SIGNED, query=[("batch", "b_x")]),
            references=[Reference(part="query", at="batch", step=0, given_at="/id")],
        ),
    ]
    shown = run(app=server.app)
    for rows, lists, last in ((["done"], 2, "done"), (None, 1, "running"), (["lost"], 40, "done")):
        script = written(shown, [steps[0], msgspec.structs.replace(steps[1], rows=rows)])
        done = again(build, shown, script, tmp_path / f"again{lists}")
        assert len(done.exchanges) == 1 + lists
        assert [row["status"] for row in done.answers[1].response.body["documents"]] == [last]


def test_requests_that_raced_race_again_each_of_them_first(
    build: ModuleType, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of two requests wins is chance: while nothing shows, there are eight races, begun in turn."""
    begun: list[list[str]] = []

    def one_after_the_other(api: Api, *clients: Any) -> list[Any]:
        begun.append([call.body["documents"][0]["name"] for client in clients for call in client])
        return [[api.send(call) for call in client] for client in clients]

    monkeypatch.setattr(performing, "together", one_after_the_other)
    steps = [
        Step(
            id=name,
            operation="submit_batch",
            request=Request(method="POST", url="", headers=SIGNED, body={"documents": [{"name": name}]}),
            together=name == "two",
        )
        for name in ("one", "two")
    ]
    right = run()
    raced = again(build, right, written(right, steps, "batch.count"), tmp_path / "raced")
    assert (raced.outcome, raced.detail) == ("mended", None)
    assert begun == [["one", "two"], ["two", "one"]] * 4
    sent = [exchange.request.body["documents"][0]["name"] for exchange in raced.answers]
    assert sent == ["one", "two"]


def written(run: Run, steps: list[Step], requirement: str = "status.order") -> Script:
    return Script(
        contract=run.contract.id,
        target="",
        requirement=requirement,
        fingerprint="0",
        message="",
        expected="",
        documents=1,
        steps=steps,
    )


def test_a_server_that_is_away_tells_nothing(build: ModuleType, run: Any, tmp_path: Path) -> None:
    wrong = run(states=BACK)
    (finding,) = build.row(wrong.drive(watch), "status.terminal").findings
    script = read_script(wrong.folder / "replays" / f"{finding.fingerprint}.json")
    empty = run("empty", states=PLAIN, most=0)
    performance = again(build, empty, script, tmp_path / "again")
    assert performance.outcome == "unknown"
    assert performance.detail == "step 1 did not answer with what a later step needs"


def test_a_refused_request_is_sent_again_beside_its_control(
    build: ModuleType, run: Any, tmp_path: Path
) -> None:
    wrong = run(most=6)
    results = wrong.drive(lambda api: Prober(api).send("too-many-documents"))
    rows = [row for row in results.failed if row.id == "submit_batch.documents.range"]
    finding = next(item for item in rows[0].findings if "too-many-documents" in item.message)
    script = read_script(wrong.folder / "replays" / f"{finding.fingerprint}.json")
    assert [(step.probe is None, step.control_of != []) for step in script.steps] == [
        (True, True),
        (False, False),
    ]
    assert again(build, wrong, script, tmp_path / "again").outcome == "wrong"
    mended = run("mended")
    assert again(build, mended, script, tmp_path / "mended-again").outcome == "mended"


@pytest.mark.parametrize("sent", ["Bearer $ACME_TOKEN", "Bearer $LIMITED", "Bearer $LIMITED_TOO"])
def test_a_request_is_sent_again_with_the_token_that_it_names(
    build: ModuleType, run: Any, tmp_path: Path, sent: str
) -> None:
    others = {
        "limited": Token("LIMITED", "tok-limited-98765"),
        "unpaid": Token("LIMITED_TOO", "tok-unpaid-98765"),
    }
    right = run()
    request = Request(
        method="GET", url=right.settings.base_url + "/documents", headers={"authorization": sent}
    )
    script = written(right, [Step(id="x1", operation="list_documents", request=request)], "auth.required")
    answers = again(build, right, script, tmp_path / "again", other_tokens=others).answers
    assert [answer.request.headers["authorization"] for answer in answers] == [sent]


def test_no_credential_is_in_a_script_or_a_history(build: ModuleType, run: Any) -> None:
    wrong = run(states=BACK)
    wrong.drive(watch)
    files = [file for file in wrong.folder.rglob("*") if file.is_file()]
    assert any(file.parent.name == "replays" for file in files)
    assert [file.name for file in files if build.TOKEN in file.read_text("utf-8")] == []
    assert read_history(wrong.folder / "history.ndjson").whole


def test_the_history_of_the_run_comes_first(build: ModuleType, run: Any) -> None:
    wrong = run(states=BACK)
    wrong.drive(watch)
    lines = (wrong.folder / "history.ndjson").read_text("utf-8").splitlines()
    events = [json.loads(line)["event"] for line in lines]
    assert (events[0], events[-1], events.count("header"), events.count("footer")) == (
        "header",
        "footer",
        1,
        1,
    )
    assert events.count("reproduction") == len(wrong.history.reproductions) > 0
    assert msgspec.to_builtins(wrong.history.reproductions[0])["outcome"] == "reproduced"
