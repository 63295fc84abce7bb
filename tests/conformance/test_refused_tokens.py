"""Valid tokens that get no work done: one over its limit, one of a customer without credits. What they are told is judged."""

import pytest

from batchproof.client import Call
from batchproof.contract.linked import Flow
from batchproof.contract.model import token_fixture
from batchproof.drive import Api, Unmet

MOST_REQUESTS = 20
TOO_MANY = 429


@pytest.mark.profile("full")
def test_token_over_its_limit(api: Api) -> None:
    _skip_unless_known(api, "limited")
    for _ in range(MOST_REQUESTS):
        exchange = api.send_as("limited", Call(operation=api.contract.manifest.preflight))
        if exchange.response is not None and exchange.response.status == TOO_MANY:
            return
    raise Unmet(f"{MOST_REQUESTS} requests with the token of {token_fixture('limited')} met no limit")


@pytest.mark.profile("full")
@pytest.mark.flow("create")
def test_customer_without_credits(api: Api, flow: Flow) -> None:
    _skip_unless_known(api, "unpaid")
    api.send_as("unpaid", api.requests.valid(flow.create))


def _skip_unless_known(api: Api, auth: str) -> None:
    if token_fixture(auth) not in api.contract.manifest.fixtures:
        pytest.skip(f"the contract knows no {token_fixture(auth)}")
