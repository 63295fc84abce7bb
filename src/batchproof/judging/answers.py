"""Answers: statuses and bodies of single exchanges, by what their operation documents."""

from functools import partial

from batchproof.contract import Contract
from batchproof.history import GATEWAY_STATUSES, TO_THE_CALLER, Exchange, has_body
from batchproof.judging.attribution import Attribution, answered_with
from batchproof.judging.evidence import Evidence
from batchproof.judging.shape import judge_shape
from batchproof.judging.words import Worded
from batchproof.judging.words.requests import answered, changed
from batchproof.judging.words.values import any_of, described
from batchproof.judging.words.worded import worded


def judge_answer(
    contract: Contract, exchange: Exchange, evidence: Evidence, attribution: Attribution | None = None
) -> None:
    """Judges status and body of one exchange. An exchange that got no answer says nothing.

    Without ``attribution`` every answer counts as that of the API.
    """
    response = exchange.response
    if exchange.operation is None or response is None:
        return
    operation = contract.manifest.operations.get(exchange.operation)
    if operation is None or response.status in GATEWAY_STATUSES:
        return
    success, errors = operation.success, operation.errors
    if left_open(exchange) and not (response.status in success.statuses and has_body(response)):
        return
    if response.status in success.statuses:
        if not has_body(response):
            _not_json(success.requirement, exchange, evidence)
            return
        judge_shape(contract.shapes, success.schema, response.body, exchange, evidence, success.requirement)
    elif 200 <= response.status < 300:
        evidence.observe(success.requirement)
        evidence.contradict(
            success.requirement,
            rule="status",
            message=f"answered {response.status}",
            expected=f"status {success.described}",
            observed=response.status,
            exchanges=[exchange],
            words=partial(_answered, contract, exchange, success.described),
        )
    else:
        # who asks with another credential is told so by the API
        refused = exchange.auth is not None and response.status in TO_THE_CALLER
        own = attribution is None or refused or attribution.belongs(exchange)
        _judge_error(contract, exchange, evidence, response.status, errors.requirement, own=own)


def left_open(exchange: Exchange) -> bool:
    """Whether the documentation leaves open how a request like this is answered: only what an answer shows counts."""
    case = exchange.case
    return case is not None and (case.mode == "open" or (case.place or "").startswith(("path", "headers")))


def _judge_error(
    contract: Contract, exchange: Exchange, evidence: Evidence, status: int, requirement: str, *, own: bool
) -> None:
    assert exchange.operation is not None
    assert exchange.response is not None
    errors = contract.manifest.operations[exchange.operation].errors
    evidence.observe(requirement)
    if status not in errors.statuses:
        evidence.contradict(
            requirement,
            rule=f"undocumented:{status}",
            message=f"answered {status}, which is not documented for {exchange.operation}",
            expected="one of " + ", ".join(map(str, errors.statuses)),
            observed=status,
            exchanges=[exchange],
            words=partial(_answered, contract, exchange, any_of([str(item) for item in errors.statuses])),
        )
        return
    if status in errors.open:
        return
    root = _root_requirement(contract)
    if not has_body(exchange.response):
        if own:
            _not_json(root or requirement, exchange, evidence)
        return
    judge_shape(
        contract.shapes,
        contract.manifest.error,
        exchange.response.body,
        exchange,
        evidence,
        root or requirement,
    )


def _root_requirement(contract: Contract) -> str | None:
    owner = contract.shapes.owner(contract.shapes.uri(contract.manifest.error) + "#")
    if isinstance(owner, dict):
        return owner.get("type") or owner.get("*")
    return owner


def _not_json(requirement: str, exchange: Exchange, evidence: Evidence) -> None:
    assert exchange.response is not None
    text = exchange.response.text or ""
    evidence.observe(requirement)
    evidence.contradict(
        requirement,
        rule="json",
        message="the body is not JSON",
        expected="a JSON body",
        observed=text,
        exchanges=[exchange],
        words=lambda: worded(
            f"{exchange.operation}: the body of an answer is not JSON",
            f"the body is {described(text)}" if text else "",
        ),
    )


def _answered(contract: Contract, exchange: Exchange, documented: str) -> Worded:
    probe = contract.probes.get(exchange.probe or "")
    change = "" if probe is None else f" {changed(probe.change, probe.name)}"
    return worded(
        f"{exchange.operation}: a request{change} {answered_with(exchange)}, which is not documented",
        answered(exchange),
        documented,
    )
