"""Requests that nobody wrote: valid, invalid and hostile ones, each beside a hand-written valid request."""

import pytest

from batchproof.contract.linked import Listing
from batchproof.drive import Api
from batchproof.drive.generation import Generator


@pytest.mark.generated
@pytest.mark.profile("core")
def test_valid_requests(api: Api, requested: str) -> None:
    Generator(api).send_valid(requested)


@pytest.mark.generated
@pytest.mark.profile("core")
def test_invalid_requests(api: Api, requested: str) -> None:
    Generator(api).send_invalid(requested)


@pytest.mark.generated
@pytest.mark.profile("core")
def test_hostile_paths(api: Api, addressed: str) -> None:
    Generator(api).send_hostile_paths(addressed)


@pytest.mark.generated
@pytest.mark.profile("core")
def test_odd_headers(api: Api, listing: Listing) -> None:
    Generator(api).send_odd_headers(listing.name)
