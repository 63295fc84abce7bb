"""Calls that come too late: time passes between a look and an act."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.judging import weigh

OPERATION = """
  stop_batch:
    method: POST
    path: /batches/{id}/stop
    document: reference
    reads: batch
    success: {status: 200, schema: resources/batch.json, requirement: submit_batch.success}
    errors: {statuses: [401, 404, 409], requirement: errors.documented}

flows:"""
# a look shows surely what a call left behind from a second after that on
FIRST_LOOK, A_MOMENT_LATER = 4, 3
ROW, EXISTS, DECIDES = "auth.separate", "version.required", "auth.required"
INVARIANTS = f"""
- {{requirement: {ROW}, each: call, on: stop_batch, when: "before.status in ['queued', 'done', 'odd']", rule: status == 200}}
- {{requirement: {EXISTS}, each: call, on: stop_batch, when: before != null, rule: status == 200}}
- {{requirement: {DECIDES}, each: call, on: stop_batch, when: "before.status == 'queued' && after.status != 'done'", rule: status == 200}}
- {{requirement: {ROW}, each: call, on: get_batch, when: before.status == 'running', rule: status == 200}}
"""


@pytest.fixture(scope="module")
def stopping(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    folder = build.copy_of_acme(tmp_path_factory.mktemp("stopping"))
    manifest = (folder / "contract.yaml").read_text("utf-8")
    (folder / "contract.yaml").write_text(manifest.replace("\nflows:", OPERATION), "utf-8")
    with (folder / "invariants.yaml").open("a", encoding="utf-8") as invariants:
        invariants.write(INVARIANTS)
    return load_contract(str(folder))


@pytest.fixture
def outcome(build: ModuleType, stopping: Contract) -> Callable[..., tuple[int, int]]:
    """Observations and findings where the batch was in one state before a call, and in others after it."""

    def weighed(
        before: str,
        status: int,
        *after: str,
        row: str = ROW,
        operation: str = "stop_batch",
        since: int = FIRST_LOOK,
    ) -> Any:
        looks = [
            build.exchange("get_batch", at, body=build.batch(state), path={"id": "b_1"})
            for at, state in [(1, before), *enumerate(after, since)]
        ]
        body = build.batch(before) if status == 200 else {"error": {"code": "not_found", "message": ""}}
        call = build.exchange(operation, 2, status, path={"id": "b_1"}, body=body, id="call")
        evidence = weigh(stopping, [*looks, call])
        return evidence.observations[row], sum(finding.count for finding in evidence.findings(row))

    return weighed


@pytest.mark.parametrize(
    ("before", "status", "after", "expected"),
    [
        ("queued", 200, (), (1, 0)),
        ("queued", 409, ("queued",), (1, 1)),
        ("queued", 409, ("queued", "done"), (1, 1)),
        ("queued", 409, ("failed", "queued"), (0, 0)),
        ("queued", 409, ("done",), (0, 0)),
        ("queued", 409, (), (0, 0)),
        ("odd", 409, (), (0, 0)),
        ("odd", 409, ("odd",), (1, 1)),
        ("done", 409, (), (1, 1)),
        ("done", 409, ("queued",), (1, 1)),
    ],
    ids=["kept", "still", "still-at-first", "moved", "ended", "unknown-afterwards", "odd", "still-odd",
         "at-its-end", "reopened"],
)  # fmt: skip
def test_refused_call_is_a_finding_only_if_the_object_had_not_moved(
    outcome: Any, before: str, status: int, after: tuple[str, ...], expected: tuple[int, int]
) -> None:
    assert outcome(before, status, *after) == expected


def test_look_right_after_a_call_may_be_behind(outcome: Any) -> None:
    assert outcome("queued", 409, "queued", since=A_MOMENT_LATER) == (0, 0)
    assert outcome("queued", 409, "queued", "done", since=A_MOMENT_LATER) == (0, 0)


def test_invariant_that_only_asks_for_existence_is_judged_whatever_the_state(outcome: Any) -> None:
    assert outcome("queued", 409, "done", row=EXISTS) == (1, 1)


def test_read_does_not_come_too_late(outcome: Any) -> None:
    assert outcome("running", 404, "done", operation="get_batch") == (2, 1)


@pytest.mark.parametrize(
    ("after", "expected"), [((), (0, 0)), (("done",), (0, 0)), (("failed",), (1, 1)), (("queued",), (1, 1))]
)
def test_invariant_may_say_itself_what_excuses_a_refusal(
    outcome: Any, after: tuple[str, ...], expected: tuple[int, int]
) -> None:
    assert outcome("queued", 409, *after, row=DECIDES) == expected


def test_look_that_settles_it_is_evidence(build: ModuleType, stopping: Contract) -> None:
    looks = [
        build.exchange("get_batch", at, body=build.batch(), path={"id": "b_1"}, id=f"look{at}")
        for at in (1, 4)
    ]
    call = build.exchange("stop_batch", 2, 409, path={"id": "b_1"}, body={}, id="call")
    (finding,) = weigh(stopping, [*looks, call]).findings(ROW)
    assert finding.exchanges == ["look1", "call", "look4"]
