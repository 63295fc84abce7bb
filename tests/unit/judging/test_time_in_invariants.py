"""Time in invariants: the run's own clock, what it created, and steps between views."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.judging import judge, weigh

ROW = "auth.separate"
START = "2026-01-01T00:00:00Z"


@pytest.fixture
def ruled(build: ModuleType, tmp_path: Any) -> Any:
    """Makes the invented vendor's contract with one more invariant."""

    def make(**invariant: str) -> Contract:
        folder = build.copy_of_acme(tmp_path)
        with (folder / "invariants.yaml").open("a", encoding="utf-8") as invariants:
            pairs = ", ".join(f'{key}: "{value}"' for key, value in invariant.items())
            invariants.write(f"- {{requirement: {ROW}, {pairs}}}\n")
        return load_contract(str(folder))

    return make


def outcome(contract: Contract, *exchanges: Any, started_at: str | None = START) -> tuple[int, int]:
    evidence = weigh(contract, exchanges, started_at=started_at)
    return evidence.observations[ROW], sum(finding.count for finding in evidence.findings(ROW))


CREATED = {
    "each": "snapshot",
    "on": "batch",
    "when": "created",
    "rule": "moment(self.created_at) >= started_at - duration('1h')"
    " && moment(self.created_at) <= answered_at + duration('1h')",
}


@pytest.mark.parametrize(
    ("created_at", "findings"),
    [
        ("2026-01-01T00:00:01Z", 0),
        ("20251231T230001", 0),
        ("2026-01-01T01:00:01+00:00", 0),
        ("2025-12-31T22:59:59Z", 1),
        ("1970-01-01T00:00:00Z", 1),
        ("2026-01-01T01:00:02Z", 1),
    ],
)
def test_creation_is_compared_with_the_clock_of_the_run(
    build: ModuleType, ruled: Any, created_at: str, findings: int
) -> None:
    created = build.exchange("submit_batch", 1, 201, body=build.batch(created_at=created_at))
    assert outcome(ruled(**CREATED), created) == (1, findings)


def test_object_that_another_run_created_may_be_old(build: ModuleType, ruled: Any) -> None:
    contract = ruled(**CREATED)
    assert outcome(contract, build.exchange("get_batch", 1, body=build.batch())) == (0, 0)


@pytest.mark.parametrize("started_at", [None, "yesterday", "0001-01-01T00:00:00+01:00"])
def test_without_a_start_the_wall_time_says_nothing(
    build: ModuleType, ruled: Any, started_at: str | None
) -> None:
    created = build.exchange("submit_batch", 1, 201, body=build.batch(created_at="1970-01-01T00:00:00Z"))
    assert outcome(ruled(**CREATED), created, started_at=started_at) == (0, 0)


def test_history_says_when_its_run_began(build: ModuleType, ruled: Any) -> None:
    created = build.exchange("submit_batch", 1, 201, body=build.batch(created_at="1970-01-01T00:00:00Z"))
    (finding,) = build.row(judge(ruled(**CREATED), build.history([created])), ROW).findings
    assert finding.observed == {
        "self": {"created_at": "1970-01-01T00:00:00Z"},
        "started_at": "2026-01-01T00:00:00+00:00",
        "answered_at": "2026-01-01T00:00:01.500000+00:00",
    }


@pytest.mark.parametrize("side", ["asked_at", "answered_at"])
def test_step_has_the_time_of_the_later_look(build: ModuleType, ruled: Any, side: str) -> None:
    second = {"asked_at": "05", "answered_at": "05.5"}[side]
    contract = ruled(
        each="step", on="batch", view="detail", rule=f"{side} == timestamp('2026-01-01T00:00:{second}Z')"
    )
    looks = [build.exchange("get_batch", at, body=build.batch()) for at in (1, 5)]
    assert outcome(contract, *looks) == (1, 0)


@pytest.mark.parametrize(
    ("each", "on", "operation"),
    [
        ("exchange", "get_batch", "get_batch"),
        ("call", "get_batch", "get_batch"),
        ("traversal", "list_documents", ""),
    ],
)
def test_exchanges_calls_and_traversals_have_their_times(
    build: ModuleType, ruled: Any, each: str, on: str, operation: str
) -> None:
    rule = "asked_at == timestamp('2026-01-01T00:00:01Z') && answered_at > asked_at && started_at < asked_at"
    look = build.exchange("get_batch", 1, body=build.batch(), path={"id": "b_1"})
    if not operation:
        look = build.exchange("list_documents", 1, body={"documents": [], "next": None})
    assert outcome(ruled(each=each, on=on, rule=rule), look) == (1, 0)


def test_steps_between_views_need_a_moment(build: ModuleType, ruled: Any) -> None:
    contract = ruled(each="step", on="document", rule="self.name == oldSelf.name")

    def row(at: float, name: str) -> Any:
        return build.exchange("list_documents", at, body={"documents": [build.document(name=name)]})

    detail = build.exchange("get_document", 1, body=build.detail())
    assert outcome(contract, detail, row(2.49, "other")) == (0, 0)
    assert outcome(contract, detail, row(2.5, "other")) == (1, 1)
    assert outcome(contract, row(0, "paper-1"), detail, row(1.5, "other")) == (1, 1)
