"""Life cycles in a random order of requests: many batches and runs at a time, looked at, listed, cancelled and deleted."""

import pytest

from batchproof.drive import Api
from batchproof.drive.courses import Course
from batchproof.drive.machine import size_of, travel


@pytest.mark.profile("core")
def test_random_order(api: Api, course: Course) -> None:
    travel(api, course, size_of(api.settings))
