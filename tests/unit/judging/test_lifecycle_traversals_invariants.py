"""Rules about several looks: life cycles, lists of several pages, invariants."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.contract.expressions import NotEvaluable
from batchproof.contract.model import Lifecycle
from batchproof.contract.reach import reach
from batchproof.judging import weigh
from batchproof.judging.functions import adds_up, sorted_by_time
from batchproof.judging.snapshots import collect, in_order
from batchproof.judging.traversals import Traversal, find_traversals

ORDER, TERMINAL = "status.order", "status.terminal"


def looks(build: ModuleType, *states: str, lasts: float = 0.5, apart: float = 1.0) -> list[Any]:
    return [
        build.exchange("get_batch", at * apart, body=build.batch(state), path={"id": "b_1"}, lasts=lasts)
        for at, state in enumerate(states)
    ]


def messages(acme: Contract, exchanges: list[Any], requirement: str) -> list[str]:
    return [finding.message for finding in weigh(acme, exchanges).findings(requirement)]


@pytest.mark.parametrize(
    "states",
    [
        ("queued", "running", "done"),
        ("queued", "done"),
        ("queued", "failed", "failed"),
        ("running", "running"),
        ("queued", "paused", "running", "paused", "done"),
        ("queued", "lost", "done"),
    ],
)
def test_documented_steps_are_legal(build: ModuleType, acme: Contract, states: tuple[str, ...]) -> None:
    exchanges = looks(build, *states)
    assert messages(acme, exchanges, ORDER) + messages(acme, exchanges, TERMINAL) == []
    assert weigh(acme, exchanges).observations[ORDER] > 0


def test_step_back_is_a_finding(build: ModuleType, acme: Contract) -> None:
    exchanges = looks(build, "queued", "running", "queued")
    assert messages(acme, exchanges, ORDER) == ["batch went from running to queued"]
    assert messages(acme, exchanges, TERMINAL) == []


def test_step_out_of_a_terminal_state_is_a_finding(build: ModuleType, acme: Contract) -> None:
    exchanges = looks(build, "running", "done", "failed")
    assert messages(acme, exchanges, TERMINAL) == ["batch went from done to failed"]
    assert messages(acme, exchanges, ORDER) == []


def test_step_back_across_a_tolerated_state_is_a_finding(build: ModuleType, acme: Contract) -> None:
    assert messages(acme, looks(build, "running", "paused", "queued"), ORDER) == [
        "batch went from running to queued"
    ]


@pytest.mark.parametrize("state", ["paused", "lost", "running", "failed"])
def test_end_is_left_for_any_other_state(build: ModuleType, acme: Contract, state: str) -> None:
    exchanges = looks(build, "done", state)
    assert messages(acme, exchanges, TERMINAL) == [f"batch went from done to {state}"]
    assert messages(acme, exchanges, ORDER) == []


def test_unknown_and_tolerated_states_establish_nothing(build: ModuleType, acme: Contract) -> None:
    observations = weigh(acme, looks(build, "paused", "lost", "paused")).observations
    assert (observations[ORDER], observations[TERMINAL]) == (0, 0)


def test_overlapping_looks_prove_nothing(build: ModuleType, acme: Contract) -> None:
    exchanges = looks(build, "running", "queued", lasts=2.0)
    assert messages(acme, exchanges, ORDER) == []
    assert weigh(acme, exchanges).observations[ORDER] == 0


def test_looks_that_touch_are_ordered(build: ModuleType, acme: Contract) -> None:
    assert messages(acme, looks(build, "running", "queued", lasts=1.0), ORDER) == [
        "batch went from running to queued"
    ]


def test_looks_at_different_objects_are_not_compared(build: ModuleType, acme: Contract) -> None:
    one = build.exchange("get_batch", 1, body=build.batch("done", id="b_1"))
    other = build.exchange("get_batch", 2, body=build.batch("queued", id="b_2"))
    assert messages(acme, [one, other], TERMINAL) == []


def test_looks_in_a_list_count(build: ModuleType, acme: Contract) -> None:
    one = build.exchange("get_document", 1, body=build.detail("done"))
    other = build.exchange("list_documents", 2.5, body={"documents": [build.document("running")]})
    (finding,) = weigh(acme, [one, other]).findings(TERMINAL)
    assert (finding.message, finding.pointer) == ("document went from done to running", "/documents/0/status")


@pytest.mark.parametrize(
    ("first", "then", "requirement"), [("done", "running", TERMINAL), ("running", "queued", ORDER)]
)
def test_another_view_may_be_a_moment_behind(
    build: ModuleType, acme: Contract, first: str, then: str, requirement: str
) -> None:
    one = build.exchange("get_document", 1, body=build.detail(first))

    def behind(at: float) -> int:
        row = build.exchange("list_documents", at, body={"documents": [build.document(then)]})
        evidence = weigh(acme, [one, row])
        return evidence.observations[requirement] + len(evidence.findings(requirement))

    assert (behind(1.5), behind(2.49), behind(2.5)) == (0, 0, 2)


def test_same_view_is_conclusive_whatever_another_one_showed(build: ModuleType, acme: Contract) -> None:
    def row(at: float, state: str) -> Any:
        return build.exchange("list_documents", at, body={"documents": [build.document(state)]})

    one = build.exchange("get_document", 1, body=build.detail("done"))
    (finding,) = weigh(acme, [one, row(1.5, "done"), row(2.0, "running")]).findings(TERMINAL)
    assert finding.exchanges == ["x1.5", "x2"]


def test_answers_that_were_not_accepted_show_nothing(build: ModuleType, acme: Contract) -> None:
    exchanges = [
        build.exchange("get_batch", 1, body=build.batch("done")),
        build.exchange("get_batch", 2, 202, body=build.batch("queued")),
    ]
    assert messages(acme, exchanges, TERMINAL) == []


def test_without_an_order_only_the_end_is_judged(build: ModuleType, acme: Contract) -> None:
    lifecycles = {
        name: msgspec.structs.replace(lifecycle, requirement=None)
        for name, lifecycle in acme.manifest.lifecycles.items()
    }
    free = dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, lifecycles=lifecycles))
    weighed = weigh(free, looks(build, "running", "queued", "done", "running"))
    assert (weighed.findings(ORDER), weighed.observations[ORDER]) == ([], 0)
    assert len(weighed.findings(TERMINAL)) == 1


@pytest.mark.parametrize(("after_b", "orders"), [(["c"], True), (["a", "c"], False)])
def test_order_says_nothing_where_every_state_leads_to_every_other(
    after_b: list[str], *, orders: bool
) -> None:
    lifecycle = Lifecycle(edges={"a": ["b"], "b": after_b}, terminal=["c"], terminal_requirement="t")
    assert reach(lifecycle).orders is orders


def test_reach_of_states() -> None:
    lifecycle = Lifecycle(
        edges={"a": ["b"], "b": ["c", "a"]}, terminal=["c", "d"], requirement="o", terminal_requirement="t"
    )
    assert reach(lifecycle).after == {
        "a": {"a", "b", "c"},
        "b": {"a", "b", "c"},
        "c": {"c"},
        "d": {"d"},
    }


# traversals


def page(
    build: ModuleType, at: float, ids: list[int], after: str | None, following: str | None, **about: Any
) -> Any:
    query = {"batch": "b_1", **about.pop("query", {}), **({"after": after} if after else {})}
    rows = [
        build.document("done", id=f"d_{number}", created_at=f"2026-01-01T00:00:{60 - number:02}Z")
        for number in ids
    ]
    return build.exchange(
        "list_documents", at, body={"documents": rows, "next": following}, query=query, **about
    )


def traversals(acme: Contract, exchanges: list[Any]) -> list[Traversal]:
    ordered = in_order(exchanges)
    return list(find_traversals(acme, ordered, collect(acme, ordered)))


def test_traversal_follows_the_tokens(build: ModuleType, acme: Contract) -> None:
    pages = [
        page(build, 1, [1, 2], None, "2"),
        page(build, 2, [3, 4], "2", "4"),
        page(build, 3, [5], "4", None),
    ]
    (traversal,) = traversals(acme, pages)
    assert [row["id"] for row in traversal.rows] == ["d_1", "d_2", "d_3", "d_4", "d_5"]
    assert (traversal.sizes, traversal.query, traversal.pages) == ([2, 2, 1], {"batch": "b_1"}, tuple(pages))


def test_list_of_one_page_is_a_traversal(build: ModuleType, acme: Contract) -> None:
    for end in (None, ""):
        (traversal,) = traversals(acme, [page(build, 1, [1], None, end)])
        assert traversal.sizes == [1]


@pytest.mark.parametrize(
    ("at", "after", "about"),
    [
        (2, "3", {}),
        (2, "2", {"scenario": "other"}),
        (2, "2", {"query": {"size": "1"}}),
        (2, "2", {"query": {"batch": "b_2"}}),
        (0, "2", {}),
    ],
    ids=["another-token", "another-scenario", "another-size", "another-filter", "asked-before"],
)
def test_traversal_that_was_not_made_to_its_end_is_none(
    build: ModuleType, acme: Contract, at: float, after: str, about: dict[str, Any]
) -> None:
    assert (
        traversals(acme, [page(build, 1, [1], None, "2"), page(build, at, [2], after, None, **about)]) == []
    )


def test_traversal_without_its_last_page_is_none(build: ModuleType, acme: Contract) -> None:
    assert traversals(acme, [page(build, 1, [1], None, "2"), page(build, 2, [2], "2", "4")]) == []


def test_token_that_repeats_is_no_traversal(build: ModuleType, acme: Contract) -> None:
    assert traversals(acme, [page(build, 1, [1], None, "2"), page(build, 2, [2], "2", "2")]) == []


def test_refused_page_ends_no_traversal(build: ModuleType, acme: Contract) -> None:
    refused = build.exchange("list_documents", 2, 422, query={"batch": "b_1", "after": "2"})
    assert traversals(acme, [page(build, 1, [1], None, "2"), refused]) == []


def test_owner_is_the_last_look_before_the_traversal_began(build: ModuleType, acme: Contract) -> None:
    exchanges = [
        build.exchange("submit_batch", 0, 201, body=build.batch(count=5), sent={"documents": [{}]}),
        build.exchange("get_batch", 1, body=build.batch("running", count=6)),
        build.exchange("get_batch", 2.8, body=build.batch("done", count=7)),
        page(build, 3, [1], None, None),
        build.exchange("get_batch", 4, body=build.batch("done", count=8)),
    ]
    (traversal,) = traversals(acme, exchanges)
    assert traversal.owner is not None
    assert (traversal.owner.value["count"], traversal.request) == (6, {"documents": [{}]})


@pytest.mark.parametrize(("at", "known"), [(2.4, False), (2.5, True)])
def test_owner_is_not_known_where_a_replica_of_the_list_may_be_behind(
    build: ModuleType, acme: Contract, at: float, *, known: bool
) -> None:
    owner = build.exchange("get_batch", 1, body=build.batch("done"))
    (traversal,) = traversals(acme, [owner, page(build, at, [1], None, None)])
    assert (traversal.owner is not None) is known


def test_traversal_over_everything_has_no_owner(build: ModuleType, acme: Contract) -> None:
    (traversal,) = traversals(acme, [build.exchange("list_documents", 1, body={"documents": []})])
    assert (traversal.owner, traversal.request, traversal.query) == (None, None, {})


def test_incomplete_traversal_proves_nothing(build: ModuleType, acme: Contract) -> None:
    whole = [page(build, 1, [1], None, "2"), page(build, 2, [2], "2", None)]
    owner = build.exchange("get_batch", -1, body=build.batch("done", count=3))
    lists = [weigh(acme, [owner, *pages]) for pages in (whole, whole[:1])]
    described = [
        (evidence.observations["list_documents.complete"], len(evidence.findings("list_documents.complete")))
        for evidence in lists
    ]
    assert described == [(1, 1), (0, 0)]


# invariants


def outcome(acme: Contract, requirement: str, *exchanges: Any) -> tuple[int, int]:
    """Observations and findings."""
    evidence = weigh(acme, exchanges)
    return evidence.observations[requirement], sum(
        finding.count for finding in evidence.findings(requirement)
    )


def submitted(build: ModuleType, count: int, documents: int, at: float = 0) -> Any:
    sent = {"documents": [{"name": "a"}] * documents}
    return build.exchange("submit_batch", at, 201, body=build.batch(count=count), sent=sent)


def test_invariant_about_a_snapshot(build: ModuleType, acme: Contract) -> None:
    # the keyword that states the type of the count is one observation, the invariant another
    assert outcome(acme, "batch.count", submitted(build, 2, 2)) == (2, 0)
    assert outcome(acme, "batch.count", submitted(build, 2, 3)) == (2, 1)


def test_later_look_is_compared_with_the_request_that_created_the_object(
    build: ModuleType, acme: Contract
) -> None:
    later = build.exchange("get_batch", 1, body=build.batch(count=4))
    assert outcome(acme, "batch.count", submitted(build, 2, 2), later) == (4, 1)
    assert outcome(acme, "batch.count", later) == (1, 0)


def test_invariant_about_a_step(build: ModuleType, acme: Contract) -> None:
    times = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"]
    exchanges = [
        build.exchange("get_batch", at, body=build.batch(created_at=time)) for at, time in enumerate(times)
    ]
    evidence = weigh(acme, exchanges)
    (finding,) = evidence.findings("batch.created_at")
    assert (finding.count, finding.exchanges) == (1, ["x1", "x2"])
    assert outcome(acme, "batch.created_at", *exchanges[:2]) == (3, 0)


def test_step_needs_looks_one_after_the_other(build: ModuleType, acme: Contract) -> None:
    exchanges = [
        build.exchange("get_batch", at, body=build.batch(created_at=f"2026-01-01T00:00:0{at}Z"), lasts=5.0)
        for at in range(2)
    ]
    assert outcome(acme, "batch.created_at", *exchanges) == (2, 0)


def listed(build: ModuleType, at: float, times: list[str], query: dict[str, str]) -> Any:
    rows = [build.document(id=f"d_{number}", created_at=time) for number, time in enumerate(times)]
    return build.exchange("list_documents", at, body={"documents": rows, "next": "x"}, query=query)


NEW, OLD = "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"


def test_invariant_about_an_exchange(build: ModuleType, acme: Contract) -> None:
    invariant = "list_documents.size"
    assert outcome(acme, invariant, listed(build, 1, [NEW, OLD], {"size": "2"})) == (1, 0)
    assert outcome(acme, invariant, listed(build, 1, [NEW, OLD], {"size": "1"})) == (1, 1)


def test_invariant_is_observed_only_where_its_condition_holds(build: ModuleType, acme: Contract) -> None:
    assert outcome(acme, "list_documents.size", listed(build, 1, [NEW, OLD], {})) == (0, 0)


def test_invariant_that_cannot_be_evaluated_observes_nothing(build: ModuleType, acme: Contract) -> None:
    assert outcome(acme, "list_documents.size", listed(build, 1, [NEW], {"size": "many"})) == (0, 0)


def test_invariant_about_errors(build: ModuleType, acme: Contract) -> None:
    answers = {
        code: build.exchange("get_batch", 1, 401, body={"error": {"code": code, "message": ""}})
        for code in ("unauthorized", "invalid")
    }
    described = {code: outcome(acme, "error.code", answer) for code, answer in answers.items()}
    assert described == {"unauthorized": (2, 0), "invalid": (2, 1)}


def test_invariant_with_a_function(build: ModuleType, acme: Contract) -> None:
    invariant = "list_documents.order"
    assert outcome(acme, invariant, listed(build, 1, [NEW, OLD], {})) == (1, 0)
    assert outcome(acme, invariant, listed(build, 1, [OLD, NEW], {})) == (1, 1)
    assert outcome(acme, invariant, listed(build, 1, ["yesterday"], {})) == (0, 0)


def test_invariant_about_a_traversal(build: ModuleType, acme: Contract) -> None:
    invariant = "list_documents.complete"
    owner = build.exchange("get_batch", -1, body=build.batch("done", count=2))
    assert outcome(acme, invariant, owner, page(build, 1, [1, 2], None, None)) == (1, 0)
    assert outcome(acme, invariant, owner, page(build, 1, [1], None, None)) == (1, 1)
    assert outcome(acme, invariant, owner, page(build, 1, [1, 1], None, None)) == (1, 1)
    assert outcome(acme, invariant, page(build, 1, [1], None, None)) == (0, 0)


def test_invariant_about_a_row_and_its_detail(build: ModuleType, acme: Contract) -> None:
    def controls(row: dict[str, Any], detail: dict[str, Any]) -> tuple[int, int]:
        seen = build.exchange("list_documents", 1, body={"documents": [row]})
        return outcome(acme, "document.name", seen, build.exchange("get_document", 2, body=detail))

    assert controls(build.document("done"), build.detail("done")) == (1, 0)
    assert controls(build.document("done"), build.detail("done", name="other")) == (1, 1)
    assert controls(build.document("running"), build.detail("running", name="other")) == (0, 0)
    assert controls(build.document("done"), build.detail("failed", name="other")) == (0, 0)
    assert controls(build.document("done"), build.detail("done", id="d_2", name="other")) == (0, 0)


def test_reading_is_counted_and_never_a_finding(build: ModuleType, acme: Contract) -> None:
    bodies = [build.detail(), build.detail(language=None), build.detail(language="en")]
    evidence = weigh(acme, [build.exchange("get_document", at, body=body) for at, body in enumerate(bodies)])
    interpretations = {
        name: evidence.interpretations["document.language", name] for name in ("null", "absent")
    }
    assert (interpretations, evidence.findings("document.language")) == ({"null": 2, "absent": 1}, [])


# functions


def response(*times: Any) -> dict[str, Any]:
    return {"response": {"rows": [{"at": time} for time in times]}}


@pytest.mark.parametrize(
    ("times", "direction", "expected"),
    [
        ((OLD, NEW), "asc", True),
        ((OLD, NEW), "desc", False),
        ((NEW, OLD), "desc", True),
        ((OLD, OLD), "desc", True),
        ((), "asc", True),
        (("2026-01-01T01:00:00+02:00", "2026-01-01T00:00:00Z"), "asc", True),
        (("2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.0Z"), "asc", False),
        (("2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00Z"), "asc", True),
    ],
)
def test_sorted_by_time(times: tuple[str, ...], direction: str, expected: bool) -> None:
    arguments = {"rows": "/rows", "by": "/at", "direction": direction}
    assert bool(sorted_by_time(response(*times), arguments)) is expected


@pytest.mark.parametrize("time", [None, 5, "soon", "2026-01-01"])
def test_sorted_by_time_needs_moments(time: Any) -> None:
    with pytest.raises(NotEvaluable):
        sorted_by_time(response(OLD, time), {"rows": "/rows", "by": "/at", "direction": "asc"})


PARTS = {"at": "/costs/*", "parts": "/parts/*/n", "total": "/total"}


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([{"total": 3, "parts": [{"n": 1}, {"n": 2}]}], True),
        ([{"total": 0.3, "parts": [{"n": 0.1}, {"n": 0.2}]}], True),
        ([{"total": 4, "parts": [{"n": 1}, {"n": 2}]}], False),
        ([{"total": 3, "parts": [{"n": 3}]}, {"total": 1, "parts": [{"n": 2}]}], False),
        ([{"total": 7, "parts": []}], True),
        ([], True),
    ],
)
def test_adds_up(costs: list[Any], expected: bool) -> None:
    assert bool(adds_up({"self": {"costs": costs}}, PARTS)) is expected


@pytest.mark.parametrize(
    "cost", [{"parts": [{"n": 1}]}, {"total": "1", "parts": [{"n": 1}]}, {"total": 1, "parts": [{"n": True}]}]
)
def test_adds_up_needs_numbers(cost: Any) -> None:
    with pytest.raises(NotEvaluable):
        adds_up({"self": {"costs": [cost]}}, PARTS)
