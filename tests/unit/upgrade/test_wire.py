"""Two histories, one under each version, and what they show to have changed. Nothing is sent."""

from functools import cache
from typing import Any, NamedTuple

import pytest

from batchproof.contract import load_contract
from batchproof.history import Exchange, Header, History, Request, Response
from batchproof.plan import scenarios_of
from batchproof.rehearsal import matched
from batchproof.upgrade import load_map, upgrade
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.wire import Rehearsal, observe, variant_of
from batchproof.upgrade.wire.pages import rehearsal_claim

OLDER, NEWER = "extend/2025-04-21", "extend/2026-02-09"
HEADERS = {"content-type": "application/json", "x-extend-request-id": "req_1"}
WAS = {"success": False, "error": "No such run."}
NOW = {"code": "NOT_FOUND", "message": "No such run.", "retryable": False, "requestId": "req_1"}


class Said(NamedTuple):
    """One call of a scenario, and its answer."""

    operation: str
    status: int
    body: Any
    scenario: str = "one"
    id: str = "run_1"
    at: float = 0.0
    headers: dict[str, str] = HEADERS
    query: tuple[tuple[str, str], ...] = ()


@cache
def paper() -> tuple[Map, Upgrade]:
    older, newer = load_contract(OLDER), load_contract(NEWER)
    return load_map(older, newer), upgrade(older, newer)


def history(contract: str, said: list[Said]) -> History:
    header = Header(
        suite="0", contract=contract, profile="core", seed=0, started_at="2026-03-01T00:00:00Z", target="here"
    )
    return History(
        header,
        tuple(
            Exchange(
                id=f"x{number}",
                scenario=one.scenario,
                operation=one.operation,
                start=one.at + number / 1000,
                end=one.at + number / 1000 + 0.0005,
                request=Request(method="GET", url="http://here", path={"id": one.id}, query=list(one.query)),
                response=Response(status=one.status, headers=one.headers, body=one.body),
            )
            for number, one in enumerate(said, start=1)
        ),
        (),
        None,
        contract,
    )


def observed(before: list[Said], after: list[Said]) -> Rehearsal:
    mapped, described = paper()
    return observe(mapped, described, history(OLDER, before), history(NEWER, after), "extraction")


def unknown(found: Rehearsal) -> list[str]:
    return [item.id for item in found.unknown]


def refused(times: int, status: int = 404, **changed: Any) -> tuple[list[Said], list[Said]]:
    scenarios = [f"scenario {number}" for number in range(times)]
    before = [Said("get_processor_run", 404, WAS, scenario) for scenario in scenarios]
    return before, [Said("get_extract_run", status, NOW | changed, scenario) for scenario in scenarios]


@pytest.mark.parametrize(
    ("times", "described", "once"), [(1, [], True), (2, ["get_processor_run.status"], False)]
)
def test_a_difference_counts_when_it_shows_twice(times: int, described: list[str], once: bool) -> None:
    found = observed(*refused(times, 410))
    assert (unknown(found), found.once > 0, found.steps) == (described, once, times)


def test_the_changes_on_paper_are_known() -> None:
    found = observed(*refused(2))
    assert unknown(found) == []
    assert {item.id: item.changes for item in found.observations} == {
        "error.code.present": ["error.code.required"],
        "error.error.moved": ["error.error.renamed"],
        "error.requestId.new": ["error.requestId.added"],
        "error.retryable.new": ["error.retryable.added"],
        "error.success.absent": ["error.success.removed"],
    }


def test_a_property_that_nobody_describes_is_new_and_compatible() -> None:
    found = observed(*refused(2, hint="Try another."))
    assert [(item.id, item.grade) for item in found.additions] == [("error.hint.new", "compatible")]
    assert (found.unknown, found.open) == ([], [])
    assert rehearsal_claim(found).endswith("nothing that the paper does not know, and 1 compatible addition")


def test_steps_without_a_counterpart_are_left_alone() -> None:
    before, after = refused(2)
    found = observed([*before, before[0]._replace(operation="get_batch_processor_run")], after)
    assert (found.steps, unknown(found)) == (2, [])
    assert not observed(before, []).established


@pytest.mark.parametrize("status", [429, 503])
def test_a_gateway_or_a_limit_says_nothing_of_a_version(status: int) -> None:
    assert observed(*refused(2, status)).steps == 0


def run(status: str, **more: Any) -> dict[str, Any]:
    return {"object": "extract_run", "id": "run_1", "status": status, **more}


def life(*statuses: str, apart: float, operation: str, create: str, wrap: bool) -> list[Said]:
    said = []
    for scenario in ("one", "two"):
        for number, status in enumerate(statuses):
            body: Any = {"success": True, "processorRun": run(status)} if wrap else run(status)
            name = operation if number else create
            said.append(Said(name, 200, body, scenario, at=number * apart))
    return said


@pytest.mark.parametrize(
    ("apart", "described"), [(0.1, ["processor_run.status.PROCESSING.state-skipped"]), (9.0, [])]
)
def test_a_status_is_skipped_where_nobody_can_have_missed_it(apart: float, described: list[str]) -> None:
    names = {"operation": "get_processor_run", "create": "create_processor_run", "wrap": True}
    before = life("PROCESSING", "PROCESSING", "PROCESSING", "PROCESSED", apart=0.5, **names)
    after = life(
        *("PENDING", "PENDING", "PROCESSED"),
        operation="get_extract_run",
        create="create_extract_run",
        wrap=False,
        apart=apart,
    )
    assert [name for name in unknown(observed(before, after)) if ".status." in name] == described


def page(times: list[str], rows: str) -> dict[str, Any]:
    return {rows: [{"id": f"run_{time}", "status": "PROCESSED", "createdAt": time} for time in times]}


@pytest.mark.parametrize(
    ("times", "described"),
    [(["3", "2", "1"], []), (["1", "2", "3"], ["order"]), (["1", "3", "2"], ["order"])],
)
def test_the_order_of_a_list(times: list[str], described: list[str]) -> None:
    query = (("maxPageSize", "3"),)
    before, after = [], []
    for scenario in ("one", "two"):
        before.append(
            Said("list_processor_runs", 200, page(["3", "2", "1"], "processorRuns"), scenario, query=query)
        )
        after.append(Said("list_extract_runs", 200, page(times, "data"), scenario, query=query))
    found = unknown(observed(before, after))
    assert [name for name in found if name.endswith(".order")] == [
        f"list_processor_runs.{name}" for name in described
    ]


def test_a_header_that_is_gone() -> None:
    before, after = refused(2)
    lost = [one._replace(headers={"content-type": "application/json"}) for one in after]
    assert unknown(observed(before, lost)) == ["x-extend-request-id.header-absent"]
    assert unknown(observed(before, [lost[0], after[1]])) == []


@pytest.mark.parametrize(
    ("kind", "variant"), [("EXTRACT", "extraction"), ("SPLITTER", "splitting"), (None, "extraction")]
)
def test_what_was_created_tells_the_variant(kind: str | None, variant: str) -> None:
    said = [Said("get_processor_run", 200, {"processorRun": {"type": "CLASSIFY"}})] * 3
    if kind is not None:
        said.append(Said("create_processor_run", 200, {"processorRun": {"type": kind}}))
    assert variant_of(paper()[0], history(OLDER, said)) == variant


def test_which_scenarios_do_the_same() -> None:
    older, newer = (scenarios_of(load_contract(name)) for name in (OLDER, NEWER))
    pairs = {pair.older.name: pair.newer.name for pair in matched(paper()[0], "classification", older, newer)}
    wanted = {
        "test_single_run_to_its_end[processor_run]": "test_single_run_to_its_end[classify_run]",
        "test_whole_list[list_processor_runs]": "test_whole_list[list_classify_runs]",
        "test_refusal[run-unknown]": "test_refusal[classify-run-unknown]",
        "test_refusal[processor-missing]": "test_refusal[classify-run-classifier-without-id]",
        "test_refusal[auth-missing.list_processors]": "test_refusal[auth-missing.list_classifiers]",
    }
    assert {name: pairs.get(name) for name in wanted} == wanted
    # the header chooses the version, generated queries are made from each schema, and nothing took the place of the last one
    for name in ("refusal[version-missing]", "generated_queries[list_processors]", "refusal[batch-unknown]"):
        assert f"test_{name}" not in pairs
