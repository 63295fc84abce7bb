"""How long a status is waited for when findings are sent again: not for ever because one object never comes to rest."""

from batchproof.contract import Contract
from batchproof.history import History
from batchproof.replay.script import status_shown

_TIMES = 3
_AT_LEAST_S = 10.0


def patience(contract: Contract, history: History) -> float:
    """Seconds: three times as long as the run saw an object take from its first read to an end, and ten at least."""
    begun: dict[tuple[str, str], float] = {}
    ended: dict[tuple[str, str], float] = {}
    for exchange in history.exchanges:
        status = status_shown(contract, exchange)
        resource = contract.operation(exchange.operation or "").reads if status is not None else None
        if resource is None or resource.lifecycle is None:
            continue
        key = resource.name, exchange.request.path.get("id", "")
        begun.setdefault(key, exchange.start)
        if status in resource.lifecycle.terminal:
            ended.setdefault(key, exchange.end)
    return max(_AT_LEAST_S, _TIMES * max((end - begun[key] for key, end in ended.items()), default=0.0))
