"""Generated requests: what a server may do with them, as far as the documentation says it.

* ``valid``: beside a control that was accepted, a refusal contradicts the requirement that promises the varied place.
* ``invalid``: an acceptance contradicts the requirement that says, by ``x-refused``, that the broken keyword is checked.
  Where nothing says so the case is open. Beside an accepted control, a refusal is an observation.
* ``open``: nothing is expected.
* Whatever the case, a server that answers with an internal error broke on it (``crash`` of the contract).
"""

from collections.abc import Mapping, Sequence, Sized
from functools import partial

from batchproof.contract import Contract, pointer
from batchproof.contract.keywords import owner_of, refused_by
from batchproof.contract.model import Operation
from batchproof.contract.placeholders import names_nothing
from batchproof.history import INTERNAL, Case, Exchange, has_body
from batchproof.judging.attribution import Attribution
from batchproof.judging.evidence import Evidence
from batchproof.judging.somebody_elses import is_somebody_elses
from batchproof.judging.words.requests import of_case

_SIZES = frozenset({"maxItems", "minItems", "maxLength", "minLength"})


def judge_generated_requests(
    contract: Contract, exchanges: Sequence[Exchange], attribution: Attribution, evidence: Evidence
) -> None:
    """Judges every generated request that was answered; those of somebody else promise nothing."""
    by_id = {exchange.id: exchange for exchange in exchanges}
    for exchange in exchanges:
        operation = contract.manifest.operations.get(exchange.operation or "")
        if exchange.case is None or exchange.response is None or operation is None:
            continue
        if is_somebody_elses(exchange):
            continue
        if not attribution.belongs(exchange) or (_is_a_read(exchange) and attribution.passed(exchange)):
            continue
        control = by_id.get(exchange.case.control or "")
        exchanges = [exchange] if control is None else [exchange, control]
        if exchange.response.status >= INTERNAL:
            _crashed(contract.manifest.crash, exchange.case, exchange.response.status, exchanges, evidence)
            continue
        if contract.manifest.crash is not None:
            evidence.observe(contract.manifest.crash)
        row = settled(contract, operation, exchange.operation or "", exchange.case)
        if row is None:
            continue
        accepted = 200 <= exchange.response.status < 300
        paired = _succeeded(control, operation)
        if (
            exchange.case.mode == "valid"
            and paired
            and (not accepted or _reaches(contract, operation, exchange))
        ):
            _judge(row, exchange.case, exchange.response.status, exchanges, evidence, right=accepted)
        if exchange.case.mode == "invalid" and (paired or accepted):
            _judge(row, exchange.case, exchange.response.status, exchanges, evidence, right=not accepted)


def settled(contract: Contract, operation: Operation, name: str, case: Case) -> str | None:
    """The requirement that settles what happens to the case; None where the documentation leaves it open."""
    if case.mode == "open" or case.place is None:
        return None
    part, _, location = case.place.partition("/")
    if part == "path":
        return _not_found(contract, name)
    file = {"body": operation.request.schema if operation.request else None, "query": operation.query}.get(
        part
    )
    if file is None:
        return None
    find = refused_by if case.mode == "invalid" else owner_of
    row = contract.requirements.get(find(contract.shapes, file, "/" + location if location else "") or "")
    return None if row is None or row.interpretations or row.untestable_because is not None else row.id


def _reaches(contract: Contract, operation: Operation, exchange: Exchange) -> bool:
    """False where the case varies a limited size below its limit: a batch of ten says nothing about a thousand."""
    assert exchange.case is not None
    part, *above, keyword = pointer.parse("/" + (exchange.case.place or ""))
    if part != "body" or keyword not in _SIZES or operation.request is None:
        return True
    limit = pointer.first(contract.shapes.document(operation.request.schema), pointer.join([*above, keyword]))
    at = ["0" if name == "items" else name for name in above if name != "properties"]
    value = pointer.first(exchange.request.body, pointer.join(at)) if has_body(exchange.request) else None
    return isinstance(value, Sized) and len(value) == limit


def is_settled_by(contract: Contract, exchange: Exchange, requirement: str) -> bool:
    """Whether ``requirement`` settles what happens to this generated request."""
    operation = contract.manifest.operations.get(exchange.operation or "")
    if operation is None or exchange.case is None:
        return False
    return settled(contract, operation, exchange.operation or "", exchange.case) == requirement


def _not_found(contract: Contract, name: str) -> str | None:
    """The requirement of the probe that names nothing in the path of the operation."""
    for probe in contract.probes.values():
        unknown = any(names_nothing(value) for value in (probe.change.path or {}).values())
        if probe.operation == name and unknown and probe.refused is not None and not probe.interpretations:
            return probe.requirement
    return None


def _is_a_read(exchange: Exchange) -> bool:
    """Whether the address says all that was asked for."""
    return exchange.request.method == "GET"


def _succeeded(control: Exchange | None, operation: Operation) -> bool:
    return (
        control is not None
        and control.response is not None
        and control.response.status in operation.success.statuses
    )


def _crashed(
    requirement: str | None, case: Case, status: int, exchanges: Sequence[Exchange], evidence: Evidence
) -> None:
    if requirement is None:
        return
    evidence.observe(requirement)
    evidence.contradict(
        requirement,
        rule=f"crash:{exchanges[0].operation}:{case.mode}",
        message=f"the {case.mode} request ({case.about}) was answered {status}",
        expected="an answer other than an internal error",
        observed=status,
        exchanges=exchanges,
        pattern=case.place or "",
        words=partial(of_case, case, exchanges[0]),
    )


_EXPECTED: Mapping[str, str] = {"valid": "accepted", "invalid": "refused with a status of 400 to 499"}


def _judge(
    row: str, case: Case, status: int, exchanges: Sequence[Exchange], evidence: Evidence, *, right: bool
) -> None:
    evidence.observe(row)
    if right:
        return
    evidence.contradict(
        row,
        rule=f"case:{exchanges[0].operation}:{case.mode}",
        message=f"the {case.mode} request ({case.about}) was answered {status}",
        expected=_EXPECTED[case.mode],
        observed=status,
        exchanges=exchanges,
        pattern=case.place or "",
        words=partial(of_case, case, exchanges[0]),
    )
