"""What is on record of a scenario that ended early, and what that makes of a run in which all else is well."""

import pytest

from batchproof.contract import Contract
from batchproof.drive import Stopped, Unmet
from batchproof.drive.errors import event_of
from batchproof.history import History
from batchproof.judging import judge

FLOW = ["get_batch", "submit_batch"]


@pytest.mark.parametrize(
    "error",
    [
        Stopped("list_documents was not answered as documented: status 500"),
        Unmet(
            "batch did not end within 3 s", reason="target_error", option="raise poll_timeout_s in [limits]"
        ),
    ],
    ids=["precondition", "time"],
)
def test_what_the_server_kept_a_scenario_from_keeps_a_run_from_passing(
    acme: Contract, recorded: History, error: Unmet | Stopped
) -> None:
    event = event_of(error, "test_batch", FLOW)
    results = judge(acme, recorded._replace(unmet=(event,)))
    assert (event.reason, event.operations) == ("target_error", FLOW)
    (described,) = results.gave_up
    assert (results.exit_code, described.scenario, described.detail) == (3, "test_batch", str(error))


def test_what_the_user_did_not_give_does_not(acme: Contract, recorded: History) -> None:
    event = event_of(Unmet("the fixture language is not given"), "test_batch", FLOW)
    results = judge(acme, recorded._replace(unmet=(event,)))
    assert (event.operations, results.gave_up, results.exit_code) == ([], [], 0)
