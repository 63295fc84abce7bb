"""Pairs: a changed request counts only beside its valid twin.

If the twin was not accepted, the refusal of the changed request may have any cause, and nothing was established.
"""

from collections.abc import Sequence

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Probe, Refusal
from batchproof.history import Exchange, has_body
from batchproof.judge.answers import ELSEWHERE
from batchproof.judge.ledger import Ledger


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
                _judge(probe, success, accepted[0], exchange, ledger)


def _judge(probe: Probe, success: int, twin: Exchange, exchange: Exchange, ledger: Ledger) -> None:
    response = exchange.response
    if response is None:
        return
    status = response.status
    right = probe.refused.statuses if probe.refused is not None else [success]
    if status in ELSEWHERE and status not in right:
        return
    if probe.change.auth == "limited" and status == success:
        # the quota has been renewed in the meantime: nothing of what follows its end can be seen
        return
    if probe.readings:
        for reading, statuses in probe.readings.items():
            if status in statuses:
                ledger.follow(probe.requirement, reading)
        return
    ledger.observe(probe.requirement)
    if status not in right:
        kind = "invalid" if probe.refused is not None else "changed"
        ledger.contradict(
            probe.requirement,
            rule=f"probe:{probe.name}",
            message=f"the {kind} request ({probe.name}) was answered {status}",
            expected=("refused with " if probe.refused is not None else "accepted with ")
            + " or ".join(map(str, right)),
            observed=status,
            exchanges=[exchange, twin],
        )
    elif probe.refused is not None and probe.refused.codes and has_body(response):
        _judge_code(probe, probe.refused, response.body, (exchange, twin), ledger)


def _judge_code(
    probe: Probe, refused: Refusal, body: object, exchanges: tuple[Exchange, Exchange], ledger: Ledger
) -> None:
    code = pointer.first(body, refused.code_at)
    if isinstance(code, str) and code not in refused.codes:
        ledger.contradict(
            probe.requirement,
            rule=f"probe:{probe.name}:code",
            message=f"the invalid request ({probe.name}) was refused with another code",
            expected="code " + " or ".join(refused.codes),
            observed=code,
            exchanges=exchanges,
            pointer=refused.code_at,
        )
