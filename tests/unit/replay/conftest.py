"""What the tests of replays share."""

import pytest

from batchproof.judging import Finding


@pytest.fixture
def finding() -> Finding:
    """A finding that the server is to blame for; which exchanges show it is up to the test."""
    return Finding(
        fingerprint="0123456789abcdef",
        blame="server",
        message="went back",
        pointer="",
        expected="forward",
        observed=None,
        exchanges=[],
        count=1,
    )
