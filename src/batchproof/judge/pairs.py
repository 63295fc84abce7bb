"""Pairs: an invalid request counts only beside its valid twin.

If the twin was not accepted as well, the refusal may have any cause, and nothing was established.
"""

from collections.abc import Sequence

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Probe
from batchproof.history import Exchange, has_body
from batchproof.judge.answers import GATEWAY_STATUSES
from batchproof.judge.ledger import Ledger

# answers that come before a server looks at the request itself
_ELSEWHERE = frozenset({401, 402, 403, 407, 429}) | GATEWAY_STATUSES


def judge_pairs(contract: Contract, exchanges: Sequence[Exchange], ledger: Ledger) -> None:
    """Judges every probe whose twin was accepted at least once."""
    for name, probe in contract.probes.items():
        success = contract.manifest.operations[probe.operation].success.status
        accepted = [
            exchange
            for exchange in exchanges
            if name in exchange.twin_of
            and exchange.response is not None
            and exchange.response.status == success
        ]
        if not accepted:
            continue
        for exchange in exchanges:
            if exchange.probe == name:
                _judge(probe, accepted[0], exchange, ledger)


def _judge(probe: Probe, twin: Exchange, exchange: Exchange, ledger: Ledger) -> None:
    response = exchange.response
    if response is None:
        return
    status = response.status
    if status in _ELSEWHERE and status not in probe.refused.statuses:
        return
    ledger.observe(probe.requirement)
    if status not in probe.refused.statuses:
        ledger.contradict(
            probe.requirement,
            rule=f"probe:{probe.name}",
            message=f"the invalid request ({probe.name}) was answered {status}",
            expected="refused with " + " or ".join(map(str, probe.refused.statuses)),
            observed=status,
            exchanges=[exchange, twin],
        )
        return
    if not probe.refused.codes or not has_body(response):
        return
    code = pointer.first(response.body, probe.refused.code_at)
    if isinstance(code, str) and code not in probe.refused.codes:
        ledger.contradict(
            probe.requirement,
            rule=f"probe:{probe.name}:code",
            message=f"the invalid request ({probe.name}) was refused with another code",
            expected="code " + " or ".join(probe.refused.codes),
            observed=code,
            exchanges=[exchange, twin],
            pointer=probe.refused.code_at,
        )
