"""Moments that touch, and values that are not of the kind that is documented."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.contract.model import Change
from batchproof.judging import weigh
from batchproof.judging.probes import control_before
from batchproof.judging.snapshots import collect, in_order
from batchproof.judging.transitions import transitions
from batchproof.judging.traversals import Traversal, find_traversals


def page(build: ModuleType, at: float, following: Any, after: str | None = None, **about: Any) -> Any:
    query = {} if after is None else {"after": after}
    body = {"documents": about.pop("documents", [build.document()]), "next": following}
    return build.exchange("list_documents", at, body=body, query=query, **about)


def traversals(contract: Contract, *exchanges: Any) -> list[Traversal]:
    ordered = in_order(exchanges)
    return list(find_traversals(contract, ordered, collect(contract, ordered)))


def test_page_that_is_asked_for_as_the_one_before_ends_belongs_to_the_traversal(
    build: ModuleType, acme: Contract
) -> None:
    (traversal,) = traversals(acme, page(build, 1, "2"), page(build, 1.5, None, "2"))
    assert traversal.sizes == [1, 1]


@pytest.mark.parametrize("token", [5, True, ["2"], {}])
def test_token_that_is_no_text_ends_a_traversal(build: ModuleType, acme: Contract, token: Any) -> None:
    (traversal,) = traversals(acme, page(build, 1, token))
    assert traversal.sizes == [1]


@pytest.mark.parametrize("documents", [None, {}, "d_1", 5])
def test_rows_that_are_no_array_are_no_rows(build: ModuleType, acme: Contract, documents: Any) -> None:
    (traversal,) = traversals(acme, page(build, 1, None, documents=documents))
    assert (traversal.rows, traversal.sizes) == ([], [0])


def times(build: ModuleType, acme: Contract, *looks: tuple[float, str | None]) -> list[tuple[str, int]]:
    exchanges = [
        build.exchange("get_batch", at, body={**build.batch(), "status": status}, path={"id": "b_1"})
        for at, status in looks
    ]
    (work,) = transitions(acme, collect(acme, in_order(exchanges)))
    assert work.lifecycle == "work"
    return [(f"{edge.before}-{edge.after}", edge.seen) for edge in work.edges + work.longer if edge.seen]


def test_step_between_looks_that_touch_is_seen(build: ModuleType, acme: Contract) -> None:
    assert times(build, acme, (0, "queued"), (0.5, "running")) == [("queued-running", 1)]


@pytest.mark.parametrize("between", [(0.25, "done"), (1, None)], ids=["overlapping", "without-a-status"])
def test_look_that_orders_nothing_hides_no_step(build: ModuleType, acme: Contract, between: Any) -> None:
    assert times(build, acme, (0, "queued"), between, (2, "running"), (3, "failed")) == [
        ("queued-running", 1),
        ("running-failed", 1),
    ]


def test_longer_steps_are_sorted(build: ModuleType, acme: Contract) -> None:
    exchanges = [
        build.exchange("get_batch", at, body=build.batch(status, id=name), path={"id": name})
        for name, last in (("b_1", "failed"), ("b_2", "done"))
        for at, status in ((0, "queued"), (1, last))
    ]
    (work,) = transitions(acme, collect(acme, in_order(exchanges)))
    assert [(edge.before, edge.after, edge.seen) for edge in work.longer] == [
        ("queued", "done", 1),
        ("queued", "failed", 1),
    ]


def controls(build: ModuleType, *asked: tuple[float, Any]) -> list[Any]:
    return [build.exchange("submit_batch", at, 201, sent=sent, body=build.batch()) for at, sent in asked]


def before(acme: Contract, exchange: Any, candidates: list[Any], *, repeat: bool) -> str | None:
    probe = acme.probes["submit-again"]
    if not repeat:
        probe = msgspec.structs.replace(probe, change=Change(inputs=0))
    found = control_before(probe, exchange, candidates)
    return found.id if found is not None else None


def test_control_before_a_probe(build: ModuleType, acme: Contract) -> None:
    probe = build.exchange("submit_batch", 4, 201, sent="same", body=build.batch())
    candidates = controls(
        build, (0, "same"), (1, "same"), (2, "other"), (3, "another"), (3.25, "third"), (5, "same")
    )
    assert before(acme, probe, candidates, repeat=True) == "x1"
    assert before(acme, probe, candidates, repeat=False) == "x1"
    others = [control for control in candidates if control.id not in ("x0", "x1")]
    assert before(acme, probe, others, repeat=False) == "x3.25"
    assert before(acme, probe, others, repeat=True) is None
    assert before(acme, probe, candidates[5:], repeat=False) is None


def test_control_that_ends_as_the_probe_begins_came_before(build: ModuleType, acme: Contract) -> None:
    probe = build.exchange("submit_batch", 1.5, 201, sent="same", body=build.batch())
    assert before(acme, probe, controls(build, (1, "same")), repeat=True) == "x1"
    assert before(acme, probe, controls(build, (1.01, "same")), repeat=True) is None


def test_findings_on_a_probe_name_all_that_is_allowed(build: ModuleType, acme: Contract) -> None:
    probe = acme.probes["unknown-batch"]
    refused = msgspec.structs.replace(probe.refused, statuses=[400, 404], codes=["invalid", "not_found"])
    contract = dataclasses.replace(acme, probes={probe.name: msgspec.structs.replace(probe, refused=refused)})
    control = build.exchange("get_batch", 1, body=build.batch(), control_of=[probe.name])

    def expected(status: int, body: Any) -> list[str]:
        changed = build.exchange("get_batch", 2, status, body=body, probe=probe.name)
        return [
            finding.expected for finding in weigh(contract, [control, changed]).findings(probe.requirement)
        ]

    error = {"error": {"code": "version", "message": ""}}
    assert expected(200, build.batch()) == ["refused with 400 or 404"]
    assert expected(404, error) == ["code invalid or not_found"]
