"""State machines and several clients: what they send, and where they stop."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from batchproof import emulator
from batchproof.client import Call, Options, settle
from batchproof.client.config import ConfigFile
from batchproof.contract import Contract, load_contract
from batchproof.drive import Unmet
from batchproof.drive.api import Api
from batchproof.drive.machine import Size, random_walk, size_of
from batchproof.drive.together import calls, together
from batchproof.drive.workflows import Verbs, workflows
from batchproof.history import START, read_history
from batchproof.session import Endpoint, Session

CONTRACT = "extend/2026-02-09"
BEGINNING = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(CONTRACT)


@pytest.fixture
def start(contract: Contract, tmp_path: Path) -> Iterator[Callable[..., Session]]:
    """Starts a run on an emulator of its own."""
    sessions: list[Session] = []
    servers: list[emulator.Embedded] = []

    def make(**options: object) -> Session:
        server = emulator.Embedded(CONTRACT, start=BEGINNING, tokens=["tok_canary_5f0c91d2e7"])
        servers.append(server.__enter__())
        settings = settle(Options(**options), ConfigFile(), tmp_path, contract, {})
        endpoint = Endpoint(
            url=server.url,
            label="emulator",
            origin=0.0,
            started_at=BEGINNING.isoformat().replace("+00:00", "Z"),
            control=server.control,
            token="tok_canary_5f0c91d2e7",
            fixtures=dict(emulator.fixtures(CONTRACT)),
        )
        sessions.append(Session(contract, settings, tmp_path / str(len(sessions)), endpoint))
        sessions[-1].start()
        return sessions[-1]

    yield make
    for session in sessions:
        session.close()
    for server in servers:
        server.__exit__(None, None, None)


def api_of(session: Session) -> Api:
    assert session.api is not None
    return session.api


def sent(session: Session) -> list[tuple[str, str]]:
    return [(item.request.method, item.request.url.partition("/extract")[2]) for item in session.take(START)]


# workflows


def test_flows_that_share_a_list_are_one_workflow(contract: Contract) -> None:
    found = workflows(contract)
    assert list(found) == ["extract_batch", "classify_batch", "split_batch", "parse_batch"]
    workflow = found["extract_batch"]
    operations = contract.operations
    assert workflow.listings == (operations["list_extract_runs"],)
    assert workflow.verbs == {
        "batch_run": Verbs(operations["get_batch_run"]),
        "extract_run": Verbs(
            operations["get_extract_run"], operations["cancel_extract_run"], operations["delete_extract_run"]
        ),
    }


def test_flows_without_a_list_join_the_first_workflow() -> None:
    assert list(workflows(load_contract("talonic/v1"))) == ["batch"]
    (workflow,) = workflows(load_contract("extend/2025-04-21")).values()
    assert set(workflow.verbs) == {"batch_processor_run", "processor_run"}


# state machines


def test_same_seed_takes_the_same_steps(start: Callable[..., Session], contract: Contract) -> None:
    runs = [start(), start(), start(seed=1)]
    for session in runs:
        random_walk(api_of(session), workflows(contract)["extract_batch"], Size(1, 30))
    assert sent(runs[0]) == sent(runs[1])
    assert sent(runs[0]) != sent(runs[2])


def test_what_is_spent_ends_the_journey(start: Callable[..., Session], contract: Contract) -> None:
    session = start(max_requests=20)
    with pytest.raises(Unmet) as unmet:
        random_walk(api_of(session), workflows(contract)["extract_batch"], Size(3, 50))
    assert unmet.value.reason == "budget_exhausted"
    assert "submit_extract_batch" in unmet.value.operations
    assert len(session.take(START)) == 20


def test_no_document_is_processed_that_was_not_allowed(
    start: Callable[..., Session], contract: Contract
) -> None:
    session = start(max_runs=4)
    with pytest.raises(Unmet):
        random_walk(api_of(session), workflows(contract)["extract_batch"], Size(3, 50))
    made = [item for item in session.take(START) if item.request.method == "POST"]
    inputs = [
        len(item.request.body.get("inputs", [0])) for item in made if isinstance(item.request.body, dict)
    ]
    assert sum(inputs) <= 4


def test_metered_server_gets_a_small_machine(start: Callable[..., Session]) -> None:
    assert size_of(api_of(start()).settings) == Size(1, 20)
    assert size_of(api_of(start(profile="full")).settings) == Size(2, 50)


# several clients


def test_every_call_of_every_client_is_recorded_once(start: Callable[..., Session]) -> None:
    session = start()
    api = api_of(session)
    wanted = [Call(operation="list_extract_runs")] * 5
    answers = together(api, *[wanted] * 8)
    assert [len(client) for client in answers] == [5] * 8
    identifiers = [item.id for client in answers for item in client]
    session.close()
    recorded = read_history(session.folder / "history.ndjson")
    assert len(set(identifiers)) == 40
    assert set(identifiers) <= {item.id for item in recorded.exchanges}
    assert recorded.footer is not None
    assert recorded.footer.exchanges == len(recorded.exchanges) == 41


def test_calls_of_one_client_keep_their_order(start: Callable[..., Session], contract: Contract) -> None:
    api = api_of(start())
    run = api.create(contract.flows["extract_run"])
    answers = together(api, *[calls(run, "get_extract_run", "cancel_extract_run", "get_extract_run")] * 3)
    for client in answers:
        assert [item.operation for item in client] == [
            "get_extract_run",
            "cancel_extract_run",
            "get_extract_run",
        ]
        assert client[0].end <= client[1].start
        assert client[1].end <= client[2].start


def test_limit_holds_for_all_clients_together(start: Callable[..., Session]) -> None:
    session = start(max_requests=10)
    with pytest.raises(Unmet):
        together(api_of(session), *[[Call(operation="list_extract_runs")] * 5] * 4)
    assert len(session.take(START)) == 10


# time


def test_pause_moves_the_clock_of_the_emulator(start: Callable[..., Session], contract: Contract) -> None:
    api = api_of(start())
    flow = contract.flows["extract_run"]
    run = api.create(flow)
    assert api.read(flow.read_run, run)["status"] == "PENDING"
    api.pause(10.0)
    assert api.read(flow.read_run, run)["status"] == "PROCESSED"
