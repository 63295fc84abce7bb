"""Answers that say nothing of an object, and looks that are worth another one."""

from batchproof.history import GATEWAY_STATUSES, TOO_MANY_REQUESTS, Exchange


def may_pass(exchange: Exchange) -> bool:
    """Whether no answer came, or one of a gateway or a rate limit: the next one may be that of the API."""
    if exchange.response is not None:
        return exchange.response.status in GATEWAY_STATUSES | {TOO_MANY_REQUESTS}
    return exchange.failure is not None and exchange.failure.kind in ("timeout", "connect", "protocol")
