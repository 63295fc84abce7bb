"""Where a statement stands, as a link."""

from collections.abc import Mapping
from typing import NamedTuple

from batchproof.contract.model import Document, Source
from batchproof.report.markup import web_address


class Cited(NamedTuple):
    """A page and its section; ``url`` is empty where the page has no address on the web."""

    title: str
    url: str
    section: str


def cited(source: Source, documents: Mapping[str, Document]) -> Cited:
    """The page of ``source``, by its name where nothing else is known."""
    page = documents.get(source.document)
    if page is None:
        return Cited(source.document, "", source.section)
    return Cited(page.title, web_address(page.url), source.section)
