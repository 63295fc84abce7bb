"""The pace of a run: whole milliseconds, whatever the rate."""

import pytest

from batchproof.target.pacing import limiter

RATES = [0.1, 0.5, 1, 3, 5, 7.5, 19, 20, 21, 33, 50, 99, 100, 130, 200, 333, 500, 999, 1000]


@pytest.mark.parametrize("per_second", RATES)
def test_rate_is_that_of_the_settings_within_a_hundredth(per_second: float) -> None:
    rates = [rate for bucket in limiter(per_second).buckets() for rate in bucket.rates]
    assert len(rates) == 1
    assert 1000 * rates[0].limit / rates[0].interval == pytest.approx(per_second, rel=0.01)


def test_a_wait_is_no_longer_than_it_has_to_be() -> None:
    assert limiter(5.0).buffer_ms == 0
