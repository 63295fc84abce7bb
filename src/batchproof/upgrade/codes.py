"""Which codes the errors of an operation may have: what a contract lists, as far as its laws let a status have it."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from batchproof.contract import CompiledInvariant, Contract
from batchproof.contract.expressions import Bindings, NotEvaluable
from batchproof.upgrade.examples import nested
from batchproof.upgrade.fields import Field, fields

_KNOWN = frozenset({"status", "response", "headers"})
_OTHER = "…"


class Code(NamedTuple):
    """A code with the statuses that it comes with by a law; with none where no law binds it to one. ``at`` is its field."""

    at: str
    text: str
    statuses: tuple[int, ...]


def listed_codes(contract: Contract) -> list[str]:
    """The codes that the contract lists for its errors: the words of fields that have a list of values."""
    return list(dict.fromkeys(code for _, code in _listed(contract)))


def codes_at(contract: Contract, operation: str) -> list[Code]:
    """The codes that an error of ``operation`` may have, by their statuses; those that no law binds to one come last."""
    laws = [law for law in contract.invariants if _is_of_errors(law, operation)]
    shape = fields(contract.shapes, contract.manifest.error)
    statuses = contract.manifest.operations[operation].errors.statuses
    every = {
        status for described in contract.manifest.operations.values() for status in described.errors.statuses
    }
    found = []
    for at, text in _listed(contract):
        bound = [status for status in sorted(every) if _names(laws, shape, at, text, status)]
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


def _is_of_errors(law: CompiledInvariant, operation: str) -> bool:
    invariant = law.invariant
    return (
        invariant.each == "exchange"
        and invariant.on in ("*", operation)
        and invariant.answered != "success"
        # one of several readings settles nothing
        and invariant.interpretation is None
        and law.rule is not None
        and law.rule.variables <= _KNOWN
        and (law.when is None or law.when.variables <= _KNOWN)
    )


def _names(
    laws: Iterable[CompiledInvariant], shape: dict[str, Field], at: str, code: str, status: int
) -> bool:
    """Whether a law wants this code of an error with this status, or this status of this code, and none forbids it."""
    told = False
    for law in laws:
        said, other = (_said(law, status, nested(at, value, shape)) for value in (code, _OTHER))
        if said is False:
            return False
        told = told or (said is True and other is not True)
    return told


def _said(law: CompiledInvariant, status: int, body: Any) -> bool | None:
    """Whether an error keeps a law; None where the law says nothing of it."""
    bindings = Bindings({"status": status, "response": body, "headers": {}})
    try:
        if law.rule is None or (law.when is not None and not law.when.holds(bindings)):
            return None
        return law.rule.holds(bindings)
    except NotEvaluable:
        return None
