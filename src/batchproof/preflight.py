"""The first look at a server: whether it can be tested at all, and why not."""

from batchproof.client import Call, RunClock, wait_asked_for
from batchproof.contract import Contract
from batchproof.drive import Api, Unmet
from batchproof.history import INTERNAL, Exchange
from batchproof.history.events import OWN_LIMITS

_LOOKS_AGAIN = 3


def trouble_of(api: Api, label: str, clock: RunClock) -> str | None:
    """Why the server, which is called ``label``, cannot be tested at all, in one line; None when it can.

    What may pass is looked at again, after pauses of ``retry_wait_s`` at most in all. Raises ``Unmet`` when not
    even one request can be sent.
    """
    call = Call(operation=api.contract.manifest.preflight)
    patience = api.settings.retry_wait_s
    exchange = api.send(call)
    trouble = _trouble(api.contract, label, exchange)
    for _ in range(_LOOKS_AGAIN):
        asked = wait_asked_for(
            {} if exchange.response is None else exchange.response.headers, api.contract.manifest.rate_limit
        )
        patience -= asked
        if trouble is None or not _may_pass(exchange) or patience < 0:
            break
        clock.pause(asked)
        try:
            exchange = api.send(call)
        except Unmet:
            break
        trouble = _trouble(api.contract, label, exchange)
    return trouble


def _may_pass(exchange: Exchange) -> bool:
    """Whether it was the server that broke, or something before it, in a way that nobody has to mend."""
    failure, response = exchange.failure, exchange.response
    if response is not None:
        return response.status >= INTERNAL
    return failure is not None and failure.kind not in OWN_LIMITS and not _names_a_remedy(failure.message)


def _names_a_remedy(message: str) -> bool:
    return "; " in message


def _trouble(contract: Contract, label: str, exchange: Exchange) -> str | None:
    failure, response = exchange.failure, exchange.response
    if response is None:
        assert failure is not None
        if failure.kind in OWN_LIMITS:
            return f"{label} answers with more than batchproof reads: {failure.message}"
        hint = "" if _names_a_remedy(failure.message) else "; is the address right, and the server up?"
        return f"{label} does not answer: {failure.message}{hint}"
    if failure is not None:
        kind = response.headers.get("content-type", "no content type")
        return (
            f"{label} answers {response.status} with {kind}, not JSON; is this the base address of the API?"
        )
    if contract.manifest.auth is not None and response.status in contract.manifest.auth.refused:
        return f"{label} refuses the token (status {response.status}); is it valid for this server?"
    return None
