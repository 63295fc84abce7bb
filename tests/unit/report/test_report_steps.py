"""Transition coverage in the reports."""

from collections.abc import Callable

from batchproof.judging import Results
from batchproof.judging.results import EdgeSeen, LifecycleSeen
from batchproof.report.steps import table, terminal_lines

SEEN = LifecycleSeen(
    lifecycle="batch",
    edges=[
        EdgeSeen(before="A", after="B", seen=3),
        EdgeSeen(before="B", after="C", seen=0),
        EdgeSeen(before="B", after="D|E", seen=0),
    ],
    longer=[EdgeSeen(before="A", after="C", seen=2)],
)


def test_terminal_tells_how_many_steps_were_seen(results: Callable[..., Results]) -> None:
    assert list(terminal_lines(results(transitions=[SEEN]))) == [
        "1 of 3 documented steps of life cycles were seen",
        "not seen: batch B → C, batch B → D|E",
    ]


def test_terminal_names_only_the_first_few(results: Callable[..., Results]) -> None:
    many = LifecycleSeen(
        lifecycle="x", edges=[EdgeSeen(before=str(n), after="E", seen=0) for n in range(9)], longer=[]
    )
    assert list(terminal_lines(results(transitions=[many])))[1] == (
        "not seen: x 0 → E, x 1 → E, x 2 → E and 6 more (results.json)"
    )


def test_table_has_a_row_for_each_life_cycle(results: Callable[..., Results]) -> None:
    assert list(table(results(transitions=[SEEN])))[2:] == [
        "| `batch` | `A → B (3)` | `B → C, B → D\\|E` | `A → C (2)` |"
    ]


def test_contract_without_life_cycles_has_no_table(results: Callable[..., Results]) -> None:
    assert (list(table(results())), list(terminal_lines(results()))) == ([], [])
