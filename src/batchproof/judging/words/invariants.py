"""Why an invariant does not hold, in words."""

from typing import Any

from batchproof.contract import CompiledInvariant, pointer
from batchproof.contract.kinds import KINDS
from batchproof.contract.kinds.kind import About
from batchproof.contract.model import Invariant
from batchproof.history import Exchange
from batchproof.judging.case import Case
from batchproof.judging.results import Shown
from batchproof.judging.words.functions import in_words
from batchproof.judging.words.rules import Reason, where, why_not
from batchproof.judging.words.values import described
from batchproof.judging.words.worded import Worded, worded

# a headline that is longer would be cut in the middle of its condition
_ROOM = 110


def of_invariant(compiled: CompiledInvariant, case: Case, observed: Any) -> Worded:
    """Words for a case in which an invariant does not hold; ``observed`` is what its function found wrong."""
    invariant = compiled.invariant
    subject = _subject(invariant, case)
    if invariant.function is not None:
        text = in_words(invariant.function, observed, invariant.arguments)
        return worded(f"{subject}: {text or 'a documented relation does not hold'}", _which(case))
    reason = why_not(invariant.rule or "", case.variables)
    chosen = where(invariant.when, case.variables) if invariant.when else ""
    if chosen and chosen not in reason.text and len(reason.text) + len(chosen) < _ROOM:
        reason = reason._replace(text=f"{reason.text} where {chosen}")
    if reason.change is not None and len(case.exchanges) > 1:
        return _changed(subject, reason, case)
    return worded(f"{subject}: {reason.text}", _which(case))


def of_interpretations(compiled: CompiledInvariant, case: Case) -> Worded:
    """Words for a case of which each documented interpretation says something, and none of them holds."""
    reason = why_not(compiled.invariant.rule or "", case.variables)
    return worded(
        f"{_subject(compiled.invariant, case)}: {reason.text}, which follows no documented interpretation"
    )


def _changed(subject: str, reason: Reason, case: Case) -> Worded:
    assert reason.change is not None
    name, before, after = reason.change
    looks = [
        Shown(text=f"{name} was {before}", exchange=case.exchanges[0].id),
        Shown(text=after, exchange=case.exchanges[-1].id),
    ]
    return Worded(f"{subject}: {reason.text}", looks)


def _subject(invariant: Invariant, case: Case) -> str:
    """What an invariant speaks about: a resource, or an operation."""
    exchange = case.exchanges[-1] if case.exchanges else None
    asked = exchange.operation if isinstance(exchange, Exchange) else None
    return KINDS[invariant.each].subject(About(invariant.on, asked, case.variables, described))


def _which(case: Case) -> str:
    """The object that an invariant was judged on."""
    shown = case.variables.get("self", case.variables.get("row"))
    identifier = pointer.first(shown, "/id")
    return f"it has the id {described(identifier)}" if isinstance(identifier, str) else ""
