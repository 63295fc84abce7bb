"""Lists asked with generated queries: every combination that the documentation allows is a fair question."""

import pytest

from batchproof.client import Call
from batchproof.contract.linked import Listing
from batchproof.drive import Api
from batchproof.drive.generation import for_each_query
from batchproof.history import INTERNAL, Case

QUERIES = 10
GENERATED = Case(mode="valid", about="a generated query")


@pytest.mark.profile("core")
def test_generated_queries(api: Api, listing: Listing) -> None:
    def send(query: dict[str, str]) -> None:
        call = Call(operation=listing.name, query=query, case=GENERATED)
        answer = api.send(call).response
        if answer is not None and answer.status >= INTERNAL:
            api.send(call)

    api.supply.populate(listing)
    for_each_query(api.contract, listing.name, count=QUERIES, seed=api.settings.seed, send=send)
