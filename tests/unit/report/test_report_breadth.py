"""How broad the run was, for people."""

from collections.abc import Callable

import pytest

from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import Breadth, OperationBreadth
from batchproof.report.breadth import breadth_lines, breadth_table


def operation(generated: int) -> OperationBreadth:
    return OperationBreadth(
        sent=10,
        valid=generated,
        invalid=0,
        open=0,
        request_keywords=4,
        request_keywords_broken=1,
        response_keywords=9,
        response_keywords_exercised=5,
    )


@pytest.fixture
def broad(row: Callable[..., RequirementResult], results: Callable[..., Results]) -> Callable[[int], Results]:
    def make(generated: int) -> Results:
        both = {"get_batch": operation(0), "submit": operation(generated)}
        return results(row("batch.id"), breadth=Breadth(operations=both))

    return make


def test_lines_add_the_operations_up(broad: Callable[[int], Results]) -> None:
    assert list(breadth_lines(broad(3))) == [
        "20 requests answered; generated: 3 valid, 0 invalid, 0 left open",
        "keywords of requests broken: 2 of 8; of answers exercised: 10 of 18",
    ]


def test_nothing_generated_nothing_told(broad: Callable[[int], Results]) -> None:
    assert list(breadth_lines(broad(0))) == []


def test_table(broad: Callable[[int], Results]) -> None:
    lines = list(breadth_table(broad(3)))
    assert lines[2] == "| `get_batch` | 10 | 0 | 0 | 0 | 1 of 4 | 5 of 9 |"
