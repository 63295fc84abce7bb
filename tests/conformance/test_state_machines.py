"""Life cycles in a random order of requests: many batches and runs at a time, looked at, listed, cancelled and deleted."""

import pytest

from batchproof.drive import Api
from batchproof.drive.machine import random_walk, size_of
from batchproof.drive.workflows import Workflow


@pytest.mark.profile("core")
def test_random_order(api: Api, workflow: Workflow) -> None:
    random_walk(api, workflow, size_of(api.settings))
