"""Answers that say nothing of an object, and looks that are worth another one."""

from batchproof.client import is_lost
from batchproof.history import TOO_MANY_REQUESTS, Exchange


def may_pass(exchange: Exchange) -> bool:
    """Whether no answer came, or one of a gateway or a rate limit: the next one may be that of the API."""
    too_often = exchange.response is not None and exchange.response.status == TOO_MANY_REQUESTS
    return too_often or is_lost(exchange)
