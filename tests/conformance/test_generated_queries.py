"""Lists asked with generated queries: every combination that the documentation allows is a fair question."""

from contextlib import suppress

import pytest

from batchproof.drive import Api, Stopped
from batchproof.drive.generation import for_each_query

QUERIES = 10


@pytest.mark.profile("core")
def test_generated_queries(api: Api, listing: str) -> None:
    def send(query: dict[str, str]) -> None:
        with suppress(Stopped):
            api.page(listing, **query)

    api.supply.populate(listing)
    for_each_query(api.contract, listing, count=QUERIES, seed=api.settings.seed, send=send)
