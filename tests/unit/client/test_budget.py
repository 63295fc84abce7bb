"""The limits of a run hold, whatever happens at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchproof.client import Budget, BudgetError


@given(
    st.integers(0, 20), st.integers(0, 20), st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=40)
)
def test_limits_hold_and_refusals_take_nothing(
    requests: int, runs: int, steps: list[tuple[int, bool]]
) -> None:
    budget = Budget(requests, runs)
    sent = processed = 0
    for documents, refused_by_the_server in steps:
        fits = sent < requests and processed + documents <= runs
        try:
            budget.spend(documents)
        except BudgetError:
            assert not fits
            continue
        assert fits
        sent += 1
        processed += documents
        if refused_by_the_server:
            budget.give_back(documents)
            processed -= documents
        assert (budget.requests, budget.runs) == (sent, processed)


@pytest.mark.parametrize(
    ("requests", "runs", "expected"), [(500, 10_000, (500, 1_000)), (10_000, 301, (150, 300))]
)
def test_limits_hold_under_eight_threads(requests: int, runs: int, expected: tuple[int, int]) -> None:
    budget = Budget(requests, runs)
    together = threading.Barrier(8)

    def spend() -> int:
        together.wait()
        accepted = 0
        for _ in range(200):
            try:
                budget.spend(2)
                accepted += 1
            except BudgetError:
                pass
        return accepted

    with ThreadPoolExecutor(8) as pool:
        accepted = sum(future.result() for future in [pool.submit(spend) for _ in range(8)])
    assert (accepted, budget.requests, budget.runs) == (expected[0], *expected)


def test_refusal_names_the_option_that_would_help() -> None:
    described = []
    for budget, documents in ((Budget(10, 0), 3), (Budget(10, 2), 3), (Budget(0, 10), 1)):
        with pytest.raises(BudgetError) as refused:
            budget.spend(documents)
        described.append(
            (
                str(refused.value),
                refused.value.option.split()[-1 if documents == 1 else 1],
                refused.value.spent,
            )
        )
    assert described == [
        ("3 more document(s) would be processed, 0 of 0 are left", "3", False),
        ("3 more document(s) would be processed, 2 of 2 are left", "3", True),
        ("all 0 requests are spent", "0", True),
    ]


def test_nothing_to_process_needs_no_runs() -> None:
    budget = Budget(1, 0)
    budget.spend(0)
    assert (budget.requests, budget.runs) == (1, 0)


def test_what_fits_once_another_request_is_refused_waits_for_it() -> None:
    budget = Budget(10, 1_100)
    budget.reserve(1_001)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(budget.reserve, 1_001)
        while not budget._lock._waiters and not other.done():
            pass
        budget.settle(1_001, 0)
    assert (other.exception(), budget.requests, budget.runs) == (None, 2, 1_001)


def test_what_does_not_fit_either_way_waits_for_nobody() -> None:
    budget = Budget(10, 1_100)
    budget.reserve(200)
    budget.settle(200, 200)
    budget.reserve(1)
    with pytest.raises(BudgetError):
        budget.reserve(1_001)
    assert (budget.requests, budget.runs) == (2, 201)


def test_what_is_sent_is_on_record_before_and_what_waits_is_not() -> None:
    described: list[tuple[int, int]] = []
    budget = Budget(
        10, 20, requests=4, runs=6, record=lambda requests, runs: described.append((requests, runs))
    )
    budget.reserve(3)
    budget.reserve(2)
    assert described == []
    budget.send(3)
    assert described == [(5, 9)]
    # one has not been sent after all, and the other was refused
    budget.settle(2, 0, requests=1)
    budget.settle(3, 0)
    assert (described, budget.requests, budget.runs) == ([(5, 9), (5, 6)], 5, 6)
    budget.reserve(1)
    budget.send(1)
    budget.settle(1, 1)
    assert (described[2:], budget.requests, budget.runs) == ([(6, 7)], 6, 7)


def test_what_cannot_be_put_on_record_is_not_sent() -> None:
    def full(requests: int, runs: int) -> None:
        raise OSError(f"{requests} {runs}")

    budget = Budget(10, 20, record=full)
    budget.reserve(3)
    for _ in range(2):
        with pytest.raises(OSError, match="1 3"):
            budget.send(3)
    budget.settle(3, 0)
    assert (budget.requests, budget.runs) == (1, 0)
