"""Probes: a changed request counts only beside its valid control.

If the control was not accepted, the refusal of the changed request may have any cause, and nothing was established.
The control of a credential is every accepted request of its operation.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Probe, Refusal
from batchproof.history import TO_THE_CALLER, Exchange, has_body
from batchproof.judging.attribution import Attribution, answered_with
from batchproof.judging.evidence import Evidence
from batchproof.judging.words.requests import changed, of_probe
from batchproof.judging.words.values import any_of, described
from batchproof.judging.words.worded import worded

# what may be answered to another caller; 401 to a token that the user gives says that this token is not valid
_ABOUT_THE_CALLER: Mapping[str, Collection[int]] = {
    **dict.fromkeys(("none", "unknown", "malformed", "basic"), TO_THE_CALLER),
    "second": (403,),
}


def judge_probes(
    contract: Contract, exchanges: Sequence[Exchange], attribution: Attribution, evidence: Evidence
) -> None:
    """Judges every probe whose control was accepted at least once."""
    sent: dict[str, list[Exchange]] = defaultdict(list)
    accepted: dict[str, list[Exchange]] = defaultdict(list)
    of_operation: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        if exchange.probe is not None:
            sent[exchange.probe].append(exchange)
        elif _accepted(contract, exchange):
            for name in exchange.control_of:
                accepted[name].append(exchange)
            if exchange.auth is None and exchange.case is None:
                of_operation[exchange.operation or ""].append(exchange)
    for name, probe in contract.probes.items():
        controls = of_operation[probe.operation] if probe.generated else accepted[name]
        for exchange in sent[name] if controls else ():
            if attribution.passed(exchange):
                continue
            if attribution.belongs_to_probe(exchange, controls) or _foreseen(probe, exchange):
                _judge(contract, probe, controls[0], exchange, evidence)


def _accepted(contract: Contract, exchange: Exchange) -> bool:
    operation = contract.manifest.operations.get(exchange.operation or "")
    return (
        operation is not None
        and exchange.response is not None
        and exchange.response.status in operation.success.statuses
    )


def _foreseen(probe: Probe, exchange: Exchange) -> bool:
    """Whether the documentation speaks of an answer like this: a documented status, or one about a changed caller."""
    if exchange.response is None:
        return False
    documented = {status for statuses in probe.interpretations.values() for status in statuses}
    documented.update(probe.refused.statuses if probe.refused is not None else ())
    documented.update(_ABOUT_THE_CALLER.get(probe.change.auth or "", ()))
    return exchange.response.status in documented


def control_before(probe: Probe, exchange: Exchange, controls: Sequence[Exchange]) -> Exchange | None:
    """Of the accepted ``controls``, which are in order, the last one that had ended before ``exchange`` began.

    Controls that asked for the very same thing come first; a repeated request has no other ones.
    """
    before = [control for control in controls if control.end <= exchange.start]
    same = [control for control in before if _asked(control) == _asked(exchange)]
    if same:
        return same[-1]
    return before[-1] if before and not probe.change.repeat else None


def _asked(exchange: Exchange) -> tuple[str, Any, str | None]:
    request = exchange.request
    return request.url, request.body if has_body(request) else None, request.text


def _judge(
    contract: Contract, probe: Probe, control: Exchange, exchange: Exchange, evidence: Evidence
) -> None:
    success = contract.manifest.operations[probe.operation].success.statuses
    status = None if exchange.response is None else exchange.response.status
    if probe.change.auth == "limited" and status in success:
        # the quota has been renewed in the meantime: nothing of what follows its end can be seen
        return
    if probe.interpretations:
        _follow(probe, control, exchange, evidence)
        return
    right = probe.refused.statuses if probe.refused is not None else success
    evidence.observe(probe.requirement)
    if status not in right:
        kind = "invalid" if probe.refused is not None else "changed"
        evidence.contradict(
            probe.requirement,
            rule=f"probe:{probe.name}",
            message=f"the {kind} request ({probe.name}) {answered_with(exchange)}",
            expected=("refused with " if probe.refused is not None else "accepted with ")
            + " or ".join(map(str, right)),
            observed=status,
            exchanges=[exchange, control],
            words=partial(of_probe, probe, exchange, right),
        )
    elif (
        probe.refused is not None
        and probe.refused.codes
        and exchange.response is not None
        and has_body(exchange.response)
    ):
        _judge_code(probe, probe.refused, exchange.response.body, (exchange, control), evidence)


def _follow(probe: Probe, control: Exchange, exchange: Exchange, evidence: Evidence) -> None:
    """The interpretation that the answer follows; one that follows none of them contradicts all that is documented."""
    status = None if exchange.response is None else exchange.response.status
    followed = [
        interpretation for interpretation, statuses in probe.interpretations.items() if status in statuses
    ]
    for interpretation in followed:
        evidence.follow(probe.requirement, interpretation)
    if followed:
        return
    evidence.observe(probe.requirement)
    documented = sorted({item for statuses in probe.interpretations.values() for item in statuses})
    evidence.contradict(
        probe.requirement,
        rule=f"probe:{probe.name}:no interpretation",
        message=f"the changed request ({probe.name}) {answered_with(exchange)}, which follows no documented interpretation",
        expected="status " + " or ".join(map(str, documented)),
        observed=status,
        exchanges=[exchange, control],
        words=partial(of_probe, probe, exchange, documented),
    )


def _judge_code(
    probe: Probe, refused: Refusal, body: object, exchanges: tuple[Exchange, Exchange], evidence: Evidence
) -> None:
    code = pointer.first(body, refused.code_at)
    if isinstance(code, str) and code not in refused.codes:
        evidence.contradict(
            probe.requirement,
            rule=f"probe:{probe.name}:code",
            message=f"the invalid request ({probe.name}) was refused with another code",
            expected="code " + " or ".join(refused.codes),
            observed=code,
            exchanges=exchanges,
            pointer=refused.code_at,
            words=lambda: worded(
                f"{probe.operation}: a request {changed(probe.change, probe.name)} is refused with the code {described(code)}",
                f"code {described(code)}",
                any_of(refused.codes),
            ),
        )
