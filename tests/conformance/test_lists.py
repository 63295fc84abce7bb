"""Lists: page sizes and the documented values of every query parameter."""

import pytest

from batchproof.contract.linked import Listing
from batchproof.drive import Api

SMALL_PAGES = 20
LARGE_PAGES = 50
FEW_PAGES = 10
AFTER_A_CHANGE_S = 1.5


def test_first_page(api: Api, listing: Listing) -> None:
    api.page(listing)


@pytest.mark.profile("core")
def test_page_sizes(api: Api, listing: Listing) -> None:
    size = listing.pages.size
    for value in ("1", "2", *api.requests.largest(listing, size)) if size else ():
        api.page(listing, **{size: value})


@pytest.mark.profile("core")
def test_documented_parameter_values(api: Api, listing: Listing) -> None:
    api.supply.populate(listing)
    size = listing.pages.size
    # what has ended has to be found, once no replica is behind
    api.pause(AFTER_A_CHANGE_S)
    for query in api.requests.documented_queries(listing):
        api.page(listing, **({size: str(LARGE_PAGES)} if size else {}) | query)
    api.pause(AFTER_A_CHANGE_S)
    api.supply.look_again(listing)


@pytest.mark.profile("core")
def test_whole_list(api: Api, listing: Listing) -> None:
    api.supply.populate(listing)
    rows = api.traverse(listing, size=SMALL_PAGES, most=FEW_PAGES)
    if 1 < len(rows) <= SMALL_PAGES:
        # a short list has a second page only when the pages are made for it
        api.traverse(listing, size=(len(rows) + 1) // 2, most=FEW_PAGES)
    api.pause(AFTER_A_CHANGE_S)
    api.supply.look_again(listing)
