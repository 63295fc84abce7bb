"""Which codes the errors of an operation may have: what a contract lists, as far as its invariants let a status have it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from batchproof.contract import CompiledInvariant, Contract
from batchproof.contract.expressions import Bindings, NotEvaluable
from batchproof.contract.kinds import KINDS
from batchproof.json_values import Json
from batchproof.upgrade.examples import nested
from batchproof.upgrade.fields import Field, fields

_KNOWN = frozenset({"status", "response", "headers"})
_OTHER = "…"


class Code(NamedTuple):
    """A code with the statuses that it comes with by an invariant; with none where no invariant binds it to one. ``at`` is its field."""

    at: str
    text: str
    statuses: tuple[int, ...]


def listed_codes(contract: Contract) -> list[str]:
    """The codes that the contract lists for its errors: the words of fields that have a list of values."""
    return list(dict.fromkeys(code for _, code in _listed(contract)))


def codes_at(contract: Contract, operation: str) -> list[Code]:
    """The codes that an error of ``operation`` may have, by their statuses; those that no invariant binds to one come last."""
    invariants = [invariant for invariant in contract.invariants if _is_of_errors(invariant, operation)]
    shape = fields(contract.shapes, contract.manifest.error)
    statuses = contract.manifest.operations[operation].errors.statuses
    every = {
        status for described in contract.manifest.operations.values() for status in described.errors.statuses
    }
    found = []
    for at, text in _listed(contract):
        bound = [status for status in sorted(every) if _names(invariants, shape, at, text, status)]
        own = tuple(status for status in bound if status in statuses)
        # a code that is bound to other statuses is none of this operation
        if own or not bound:
            found.append(Code(at, text, own))
    return sorted(found, key=lambda code: code.statuses or (max(every, default=0) + 1,))


def code_of(contract: Contract, operation: str, status: int) -> Code | None:
    """The code of an error with this status; that of a refused token where several statuses refuse one."""
    refused = contract.manifest.auth.refused if contract.manifest.auth is not None else []
    alike = (status, *refused) if status in refused else (status,)
    codes = codes_at(contract, operation)
    return next((code for one in alike for code in codes if one in code.statuses), None)


def _listed(contract: Contract) -> Iterator[tuple[str, str]]:
    for at, field in fields(contract.shapes, contract.manifest.error).items():
        yield from ((at, value) for value in field.values or () if isinstance(value, str))


def _is_of_errors(compiled: CompiledInvariant, operation: str) -> bool:
    invariant = compiled.invariant
    return (
        KINDS[invariant.each].example == "answer"
        and invariant.on in ("*", operation)
        and invariant.answered != "success"
        # one of several interpretations settles nothing
        and invariant.interpretation is None
        and compiled.rule is not None
        and compiled.rule.variables <= _KNOWN
        and (compiled.when is None or compiled.when.variables <= _KNOWN)
    )


def _names(
    invariants: Iterable[CompiledInvariant], shape: dict[str, Field], at: str, code: str, status: int
) -> bool:
    """Whether an invariant wants this code of an error with this status, or this status of this code, and none forbids it."""
    named = False
    for invariant in invariants:
        said, other = (_said(invariant, status, nested(at, value, shape)) for value in (code, _OTHER))
        if said is False:
            return False
        named = named or (said is True and other is not True)
    return named


def _said(invariant: CompiledInvariant, status: int, body: Json) -> bool | None:
    """Whether an error keeps an invariant; None where the invariant says nothing of it."""
    bindings = Bindings({"status": status, "response": body, "headers": {}})
    try:
        if invariant.rule is None or (invariant.when is not None and not invariant.when.holds(bindings)):
            return None
        return invariant.rule.holds(bindings)
    except NotEvaluable:
        return None
