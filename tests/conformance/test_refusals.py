"""Requests that the documentation says are refused, each beside its valid control."""

import pytest

from batchproof.drive import Prober


@pytest.mark.usefixtures("api")
def test_refusal(prober: Prober, probe_name: str) -> None:
    prober.send(probe_name)
