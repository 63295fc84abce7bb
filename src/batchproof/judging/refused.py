"""A token that is refused from the middle of a run on: whatever comes afterwards says nothing about anything else."""

from collections.abc import Sequence

import msgspec

from batchproof.contract import Contract
from batchproof.history import Exchange, Halt
from batchproof.judging.results import TokenRefused

# fewer refusals may be about what was asked
_OFTEN = 5


def token_refused(contract: Contract, exchanges: Sequence[Exchange]) -> TokenRefused | None:
    """Since when every answer to the run's own token refused it; None where the run ended with one that did not.

    ``exchanges`` are in order. A token that was refused from the beginning is another matter.
    """
    auth = contract.manifest.auth
    if auth is None:
        return None
    answered = [
        exchange
        for exchange in exchanges
        if exchange.auth is None and exchange.probe is None and exchange.response
    ]
    last = next(
        (
            number
            for number in range(len(answered) - 1, -1, -1)
            if (response := answered[number].response) is not None and response.status not in auth.refused
        ),
        None,
    )
    refused = answered[last + 1 :] if last is not None else []
    if len(refused) < _OFTEN:
        return None
    first = refused[0]
    assert first.response is not None
    return TokenRefused(
        since_s=first.end, exchange=first.id, status=first.response.status, count=len(refused)
    )


def agreeing(halt: Halt | None, refused: TokenRefused | None) -> Halt | None:
    """``halt``, which tells of a token that is refused what ``refused`` does.

    While a run goes on, it counts other answers than can be counted once it has ended.
    """
    if halt is None or refused is None or halt.why != "token_refused":
        return halt
    return msgspec.structs.replace(
        halt,
        since_s=refused.since_s,
        exchange=refused.exchange,
        count=refused.count,
        answer=f"status {refused.status}",
    )
