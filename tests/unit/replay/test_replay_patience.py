"""Findings are sent again with the patience that the run's own objects asked for."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.replay.patience import patience


def look(build: ModuleType, at: float, status: str, identifier: str = "b_1") -> Any:
    return build.exchange("get_batch", at, body=build.batch(status), path={"id": identifier})


def test_three_times_as_long_as_the_slowest_object_took(build: ModuleType, acme: Contract) -> None:
    looks = [look(build, 0, "queued"), look(build, 40, "done"), look(build, 5, "queued", "b_2")]
    end = looks[1].end
    assert patience(acme, build.history(looks)) == pytest.approx(3 * end)


def test_what_reopens_and_never_rests_asks_for_no_more(build: ModuleType, acme: Contract) -> None:
    looks = [look(build, 0, "queued"), look(build, 1, "done"), look(build, 500, "running")]
    assert patience(acme, build.history(looks)) == 10.0


def test_run_in_which_nothing_ended(build: ModuleType, acme: Contract) -> None:
    assert patience(acme, build.history([look(build, 0, "queued"), look(build, 600, "running")])) == 10.0
