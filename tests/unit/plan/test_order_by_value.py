"""The order of a plan: most for its cost first, and room for what must be allowed many documents."""

import time
from typing import Any

from batchproof.drive import Unmet
from batchproof.plan import Cost, Prepared, Priced, Scenario
from batchproof.plan.value import by_value


def priced(name: str, needs: tuple[str, ...] = (), **cost: int) -> Priced:
    scenario = Scenario(name, print, {}, "steady")
    return Priced(scenario=scenario, cost=Cost(**cost), needs=frozenset(needs), uses=frozenset())


def names(
    items: list[tuple[Priced, str]], *, max_runs: int = 10_000, free: bool = False, **made: Cost
) -> list[str]:
    prepared = {name: Prepared(cost=cost) for name, cost in made.items()}
    found = [item for item, _ in items]
    shown = [frozenset(rows.split()) for _, rows in items]
    order = by_value(found, shown, prepared, max_runs=max_runs, free=free)
    return [found[at].scenario.name for at in order]


def test_most_for_its_cost_comes_first() -> None:
    dear, cheap = priced("dear", requests=100), priced("cheap", requests=1)
    assert names([(dear, "a b c"), (cheap, "a")]) == ["cheap", "dear"]


def test_what_adds_nothing_comes_last_and_the_cheapest_of_that_first() -> None:
    items = [
        (priced("dear", requests=9), ""),
        (priced("cheap", requests=1), ""),
        (priced("big", requests=50), "a"),
    ]
    assert names(items) == ["big", "cheap", "dear"]


def test_what_was_shown_before_is_worth_less() -> None:
    items = [
        (priced("one", requests=1), "a b"),
        (priced("two", requests=1), "a b"),
        (priced("other", requests=2), "c"),
    ]
    assert names(items) == ["one", "other", "two"]


def test_what_is_made_for_others_is_paid_for_once() -> None:
    items = [
        (priced("first", ("rows",), requests=1), "a b c"),
        (priced("second", ("rows",), requests=1), "d"),
        (priced("alone", requests=5), "e"),
    ]
    assert names(items, rows=Cost(requests=4)) == ["first", "second", "alone"]


def test_documents_cost_something_unless_they_are_free() -> None:
    items = [(priced("billed", requests=1, documents=5), "a"), (priced("read", requests=4), "b")]
    assert names(items) == ["read", "billed"]
    assert names(items, free=True) == ["billed", "read"]


def test_room_is_kept_for_what_must_be_allowed_many_documents() -> None:
    items: list[tuple[Priced, Any]] = [
        (priced("good", requests=1, documents=60), "a b c d e f g h i j k l m n o p q r s t u v w x y z"),
        (priced("large", requests=100, headroom=1_001), "aa"),
    ]
    assert names(items, max_runs=1_100) == ["good", "large"]
    assert names(items, max_runs=1_050) == ["large", "good"]


def test_three_hundred_scenarios_are_ordered_in_an_instant() -> None:
    items = [
        (
            priced(f"s{number}", requests=number % 17 + 1),
            " ".join(f"r{number * step % 600}" for step in range(80)),
        )
        for number in range(300)
    ]
    start = time.process_time()
    assert names(items) == names(items)
    assert (time.process_time() - start) / 2 < 0.25


def test_headroom_of_two_is_that_of_the_larger() -> None:
    both = Cost(requests=1, documents=2, headroom=5) + Cost(requests=2, waits=1, headroom=3)
    assert both == Cost(requests=3, documents=2, waits=1, headroom=5)


def test_what_is_lacked_is_told() -> None:
    assert Priced(
        scenario=Scenario("s", print, {}, "steady"),
        cost=Cost(),
        needs=frozenset(),
        uses=frozenset(),
        lacks=Unmet("nothing is given"),
    ).does_anything
