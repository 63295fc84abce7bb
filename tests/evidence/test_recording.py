"""What is left out of a recorded history shows nothing that the rest does not show."""

from batchproof.contract import load_contract
from batchproof.history import Exchange, Request, Response
from tools.evidence.recording import thinned

CONTRACT = load_contract("talonic/v1")


def look(number, status, scenario="a"):
    return Exchange(
        id=f"{scenario}{number}",
        scenario=scenario,
        operation="get_batch",
        start=float(number),
        end=number + 0.5,
        request=Request(method="GET", url="/v1/batches/1", path={"id": "1"}),
        response=Response(status=200, headers={}, body={"id": "1", "status": status}),
    )


def test_only_the_middle_of_a_row_of_equal_looks_is_left_out():
    looks = [*(look(number, "submitted") for number in range(6)), look(6, "completed")]
    assert [item.id for item in thinned(CONTRACT, looks)] == ["a0", "a1", "a4", "a5", "a6"]


def test_looks_of_other_scenarios_stay():
    looks = [look(number, "submitted", scenario) for number in range(3) for scenario in "ab"]
    assert thinned(CONTRACT, looks) == looks
