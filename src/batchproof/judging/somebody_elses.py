"""Requests that somebody else made, and batchproof only saw: they may be wrong, and other clients may be at work beside them."""

from batchproof.history import TRAFFIC, Exchange, History


def is_somebody_elses(exchange: Exchange) -> bool:
    """Whether the request was not made from the contract."""
    return exchange.scenario == TRAFFIC


def is_recorded(history: History) -> bool:
    """Whether a history is of somebody else's traffic."""
    return bool(history.exchanges) and is_somebody_elses(history.exchanges[0])


def may_be_refused(exchange: Exchange) -> bool:
    """Whether the request was refused and may have been wrong: then its refusal says nothing of what it asked for."""
    response = exchange.response
    return is_somebody_elses(exchange) and response is not None and 400 <= response.status < 500
