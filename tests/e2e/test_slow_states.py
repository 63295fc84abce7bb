"""A healthy server passes, however long each state of its objects lasts."""

from collections.abc import Callable
from typing import Any

import pytest

from batchproof import emulator


@pytest.mark.parametrize("step_ms", [50, 2_000])
def test_states_of_any_length(judged: Callable[..., Any], step_ms: int) -> None:
    with emulator.Server(emulator.create_app("extend/2026-02-09", step_ms=step_ms)) as server:
        run = judged(server.url, "--profile", "quick")
    assert (run.code, run.results["gave_up"], run.rows("failed")) == (0, [], [])
