"""What a run on the emulators sends stays within the bounds of its plan, and the bounds are not silly."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from batchproof.client import Options
from batchproof.drive import Client
from batchproof.history import Exchange
from batchproof.plan import Plan, plan
from batchproof.running import Run
from batchproof.session import configure, foreseen


class Sent(NamedTuple):
    """What was sent, by scenario; ``requests`` leave out the looks at what was waited for."""

    requests: Counter[str]
    documents: Counter[str]
    waits: Counter[str]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> tuple[Counter[str], Counter[str]]:
    """The waits and the looks of each scenario: whatever is sent while something is waited for is a look."""
    waits: Counter[str] = Counter()
    looks: Counter[str] = Counter()
    under_way: set[tuple[int, str]] = set()
    polls, watch, send = Client.polls, Client.watch, Client.send

    def counted_polls(client: Client, within_s: float | None = None) -> Iterator[None]:
        key = threading.get_ident(), client.scenario
        waits[client.scenario] += 1
        under_way.add(key)
        try:
            yield from polls(client, within_s)
        finally:
            under_way.discard(key)

    def counted_watch(client: Client, operation: str, refs: list[object]) -> None:
        # each of them is waited for
        waits[client.scenario] += len(refs) - 1
        watch(client, operation, refs)

    def counted_send(client: Client, *about: object, **more: object) -> Exchange:
        looks[client.scenario] += (threading.get_ident(), client.scenario) in under_way
        return send(client, *about, **more)

    monkeypatch.setattr(Client, "polls", counted_polls)
    monkeypatch.setattr(Client, "watch", counted_watch)
    monkeypatch.setattr(Client, "send", counted_send)
    return waits, looks


def driven(
    contract: str, profile: str, folder: Path, waiting: tuple[Counter[str], Counter[str]]
) -> tuple[Plan, Sent]:
    loaded, settings = configure(
        Options(contract=contract, profile=profile, seed=0, output=str(folder / "run")), {}
    )
    planned = plan(loaded, foreseen(loaded, settings))
    run = Run(loaded, settings)
    exchanges: list[Exchange] = []
    with closing(run.drive([item.scenario for item in planned.items], 1)) as driving:
        for ended in driving:
            assert ended.error is None
            exchanges += ended.exchanges
    run.end(interrupted=False)
    waits, looks = waiting
    requests = Counter(item.scenario for item in exchanges)
    documents: Counter[str] = Counter()
    for item in exchanges:
        documents[item.scenario] += item.documents
    return planned, Sent(requests - looks, documents, waits)


@pytest.mark.parametrize(
    ("contract", "profile"),
    [
        ("extend/2026-02-09", "core"),
        ("extend/2025-04-21", "core"),
        ("talonic/v1", "core"),
        ("talonic/v1", "full"),
    ],
)
def test_run_stays_within_its_bounds(
    contract: str, profile: str, tmp_path: Path, waiting: tuple[Counter[str], Counter[str]]
) -> None:
    planned, sent = driven(contract, profile, tmp_path, waiting)
    bounds = {item.scenario.name: item.priced.cost for item in planned.items}
    bounds |= {name: made.cost for name, made in planned.prepared.items()}
    seen = {
        name: (sent.requests[name], sent.documents[name], sent.waits[name])
        for name in {*sent.requests, *sent.documents, *sent.waits}
    }
    beyond = {
        name: (counts, bounds.get(name))
        for name, counts in seen.items()
        if name not in bounds
        or counts[0] > bounds[name].requests
        or counts[1] > bounds[name].documents
        or counts[2] > bounds[name].waits
    }
    assert beyond == {}
    assert planned.cost.requests <= 2 * sent.requests.total()
    assert planned.cost.documents <= 2 * sent.documents.total()
    assert planned.cost.waits <= 2 * sent.waits.total()
