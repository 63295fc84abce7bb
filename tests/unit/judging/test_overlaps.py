"""What overlaps proves nothing: histories of several clients at once."""

import dataclasses
from types import ModuleType

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.judging import weigh
from batchproof.judging.snapshots import collect, in_order
from batchproof.judging.transitions import transitions
from batchproof.judging.traversals import find_traversals

HEADERS = {"x-extend-api-version": "2026-02-09"}
BATCH = "bpr_1"


class Clients:
    """Exchanges of several clients; each lasts from ``at`` for ``lasts`` seconds."""

    def __init__(self, build: ModuleType) -> None:
        self._build = build
        self.exchanges: list = []

    def send(self, operation: str, at: float, body: dict, lasts: float = 0.5, **about: object) -> None:
        self.exchanges.append(
            self._build.exchange(
                operation,
                at,
                about.pop("status", 200),
                body=body,
                lasts=lasts,
                id=f"x{len(self.exchanges)}",
                sent_headers=HEADERS,
                **about,
            )
        )

    def batch(self, at: float, status: str, lasts: float = 0.5, **about: object) -> None:
        body = {"object": "batch_run", "id": BATCH, "status": status, "runCount": 1} | about
        self.send("get_batch_run", at, body, lasts, path={"id": BATCH})

    def run(self, at: float, status: str, lasts: float = 0.5, run: str = "exr_1", **about: object) -> None:
        body = {"object": "extract_run", "id": run, "status": status} | about
        self.send("get_extract_run", at, body, lasts, path={"id": run})

    def missing(self, at: float, lasts: float = 0.5, run: str = "exr_1") -> None:
        body = {"code": "NOT_FOUND", "message": "no", "retryable": False, "requestId": "r"}
        self.send("get_extract_run", at, body, lasts, path={"id": run}, status=404)

    def delete(self, at: float, lasts: float = 0.5, run: str = "exr_1", status: int = 200) -> None:
        self.send("delete_extract_run", at, {"id": run}, lasts, path={"id": run}, status=status)

    def rows(self, at: float, *runs: str, lasts: float = 0.5, token: str | None = None, **query: str) -> None:
        rows = [{"object": "extract_run", "id": run, "status": "PROCESSED"} for run in runs]
        more = {} if token is None else {"nextPageToken": token}
        self.send("list_extract_runs", at, {"object": "list", "data": rows} | more, lasts, query=query)


@pytest.fixture
def clients(build: ModuleType) -> Clients:
    return Clients(build)


def findings(extend: Contract, clients: Clients, requirement: str) -> int:
    return len(weigh(extend, clients.exchanges).findings(requirement))


def observed(extend: Contract, clients: Clients, requirement: str) -> int:
    return weigh(extend, clients.exchanges).observations[requirement]


# steps


def test_later_look_at_an_earlier_state_is_found(extend: Contract, clients: Clients) -> None:
    clients.batch(0.0, "PROCESSED")
    clients.batch(1.0, "PROCESSING")
    assert findings(extend, clients, "batch_run.status.terminal") == 1


def test_overlapping_looks_have_no_order(extend: Contract, clients: Clients) -> None:
    clients.batch(0.0, "PROCESSED", lasts=1.0)
    clients.batch(0.5, "PROCESSING", lasts=1.0)
    assert findings(extend, clients, "batch_run.status.terminal") == 0


def test_invariant_of_a_step_compares_no_overlapping_looks(extend: Contract, clients: Clients) -> None:
    clients.run(0.0, "PROCESSED", lasts=1.0, updatedAt="2026-01-01T00:00:02Z")
    clients.run(0.5, "PROCESSED", lasts=1.0, updatedAt="2026-01-01T00:00:03Z")
    assert observed(extend, clients, "extract_run.updated_at.monotone") == 0
    clients.run(2.0, "PROCESSED", updatedAt="2026-01-01T00:00:01Z")
    assert findings(extend, clients, "extract_run.updated_at.monotone") == 1


def test_invariant_of_what_never_changes_compares_them(extend: Contract, clients: Clients) -> None:
    clients.batch(0.0, "PROCESSED", lasts=1.0, runCount=2)
    clients.batch(0.5, "PROCESSED", lasts=1.0, runCount=3)
    assert findings(extend, clients, "batch_run.run_count.constant") == 1


# calls


def test_run_on_its_way_can_be_read(extend: Contract, clients: Clients) -> None:
    clients.run(0.0, "PROCESSING")
    clients.missing(1.0)
    assert findings(extend, clients, "get_extract_run.poll") == 1


def test_read_that_overlaps_a_deletion_may_miss_the_run(extend: Contract, clients: Clients) -> None:
    clients.run(0.0, "PROCESSING")
    clients.delete(1.0, lasts=1.0)
    clients.missing(1.5, lasts=0.2)
    assert observed(extend, clients, "get_extract_run.poll") == 0


def test_deletion_that_broke_off_may_have_happened(extend: Contract, clients: Clients) -> None:
    clients.run(0.0, "PROCESSING")
    clients.delete(1.0, status=500)
    clients.missing(2.0)
    assert observed(extend, clients, "get_extract_run.poll") == 0


def test_deletion_that_was_refused_changes_nothing(extend: Contract, clients: Clients) -> None:
    clients.run(0.0, "PROCESSING")
    clients.delete(1.0, status=404)
    clients.missing(2.0)
    assert findings(extend, clients, "get_extract_run.poll") == 1


# deletions and traversals


def test_read_that_began_before_the_deletion_was_answered_may_show_the_run(
    extend: Contract, clients: Clients
) -> None:
    clients.delete(0.0, lasts=1.0)
    clients.run(0.5, "PROCESSED", lasts=1.0)
    assert findings(extend, clients, "delete_extract_run.gone") == 0
    clients.run(2.0, "PROCESSED")
    assert findings(extend, clients, "delete_extract_run.gone") == 1


def test_list_that_was_begun_before_a_deletion_may_show_the_run(extend: Contract, clients: Clients) -> None:
    clients.rows(0.0, "exr_2", token="t1", maxPageSize="1")
    clients.delete(1.0)
    clients.rows(2.0, "exr_1", maxPageSize="1", nextPageToken="t1")
    assert findings(extend, clients, "delete_extract_run.unlisted") == 0
    clients.rows(3.0, "exr_1", maxPageSize="1")
    assert findings(extend, clients, "delete_extract_run.unlisted") == 1


@pytest.mark.parametrize(
    ("deleted", "at", "touched"),
    [("exr_1", 1.0, True), ("exr_other", 1.0, False), ("exr_unlisted", 1.0, True), ("exr_1", 2.5, False)],
)
def test_traversal_knows_whether_rows_may_have_been_deleted(
    extend: Contract, clients: Clients, deleted: str, at: float, touched: bool
) -> None:
    clients.rows(-2.0, "exr_other", batchId="bpr_2")
    clients.rows(0.0, "exr_1", batchId=BATCH)
    clients.delete(at, run=deleted)
    clients.rows(2.0, batchId=BATCH)
    ordered = in_order(clients.exchanges)
    traversals = {
        traversal.pages[0].start: traversal
        for traversal in find_traversals(extend, ordered, collect(extend, ordered))
    }
    assert traversals[2.0].deleted is touched


def test_traversal_over_a_list_that_belongs_to_nobody_may_miss_any_row(
    extend: Contract, clients: Clients
) -> None:
    operations = extend.manifest.operations
    unowned = msgspec.structs.replace(operations["list_extract_runs"], owner=None)
    manifest = msgspec.structs.replace(
        extend.manifest, operations={**operations, "list_extract_runs": unowned}
    )
    contract = dataclasses.replace(extend, manifest=manifest)
    clients.delete(1.0, run="exr_unlisted")
    clients.rows(2.0, "exr_1", batchId=BATCH)
    ordered = in_order(clients.exchanges)
    (traversal,) = find_traversals(contract, ordered, collect(contract, ordered))
    assert (traversal.deleted, traversal.owner) == (True, None)


# transition coverage


def test_steps_are_counted_once_an_object(extend: Contract, clients: Clients) -> None:
    for at, status in enumerate(("PENDING", "PENDING", "PROCESSING", "PROCESSED", "PROCESSED")):
        clients.batch(float(at), status)
    seen = {
        item.lifecycle: item for item in transitions(extend, collect(extend, in_order(clients.exchanges)))
    }["batch_run"]
    assert [(edge.before, edge.after, edge.seen) for edge in seen.edges] == [
        ("PENDING", "PROCESSING", 1),
        ("PROCESSING", "PROCESSED", 1),
        ("PROCESSING", "FAILED", 0),
        ("PROCESSING", "CANCELLED", 0),
    ]
    assert (seen.longer, seen.covered) == ([], 2)


def test_step_over_a_state_that_nobody_saw_is_told_apart(extend: Contract, clients: Clients) -> None:
    clients.batch(0.0, "PENDING")
    clients.batch(1.0, "PROCESSED")
    seen = {
        item.lifecycle: item for item in transitions(extend, collect(extend, in_order(clients.exchanges)))
    }["batch_run"]
    assert seen.covered == 0
    assert [(edge.before, edge.after, edge.seen) for edge in seen.longer] == [("PENDING", "PROCESSED", 1)]


def test_overlapping_looks_are_no_step(extend: Contract, clients: Clients) -> None:
    clients.batch(0.0, "PENDING", lasts=1.0)
    clients.batch(0.5, "PROCESSING", lasts=1.0)
    seen = {
        item.lifecycle: item for item in transitions(extend, collect(extend, in_order(clients.exchanges)))
    }["batch_run"]
    assert seen.covered == 0


def test_step_that_is_not_documented_is_no_coverage(extend: Contract, clients: Clients) -> None:
    clients.batch(0.0, "PROCESSED")
    clients.batch(1.0, "PENDING")
    seen = {
        item.lifecycle: item for item in transitions(extend, collect(extend, in_order(clients.exchanges)))
    }["batch_run"]
    assert (seen.covered, seen.longer) == (0, [])


# what an expression sees


def test_invariant_that_goes_through_a_query_sees_all_of_it(extend: Contract, clients: Clients) -> None:
    clients.batch(0.0, "PROCESSED", runCount=2)
    clients.rows(1.0, "exr_1", batchId=BATCH, status="PROCESSED")
    assert observed(extend, clients, "list_extract_runs.batch.complete") == 0
    clients.rows(2.0, "exr_1", batchId=BATCH)
    assert findings(extend, clients, "list_extract_runs.batch.complete") == 1
