"""Why a law does not hold, in words."""

from typing import Any

from batchproof.contract import CompiledLaw, pointer
from batchproof.contract.model import Law
from batchproof.history import Exchange
from batchproof.judge.case import Case
from batchproof.judge.results import Shown
from batchproof.judge.words.functions import in_words
from batchproof.judge.words.rules import Reason, where, why_not
from batchproof.judge.words.values import told
from batchproof.judge.words.worded import Worded, worded

# a headline that is longer would be cut in the middle of its condition
_ROOM = 110
_OF_OBJECTS = frozenset({"sighting", "step", "comparison", "twin", "reference"})


def of_law(compiled: CompiledLaw, case: Case, observed: Any) -> Worded:
    """Words for a case in which a law does not hold; ``observed`` is what its function found wrong."""
    law = compiled.law
    subject = _subject(law, case)
    if law.function is not None:
        text = in_words(law.function, observed, law.arguments)
        return worded(f"{subject}: {text or 'a documented relation does not hold'}", _which(case))
    reason = why_not(law.rule or "", case.variables)
    chosen = where(law.when, case.variables) if law.when else ""
    if chosen and chosen not in reason.text and len(reason.text) + len(chosen) < _ROOM:
        reason = reason._replace(text=f"{reason.text} where {chosen}")
    if reason.change is not None and len(case.exchanges) > 1:
        return _changed(subject, reason, case)
    return worded(f"{subject}: {reason.text}", _which(case))


def of_interpretations(compiled: CompiledLaw, case: Case) -> Worded:
    """Words for a case of which each documented interpretation says something, and none of them holds."""
    reason = why_not(compiled.law.rule or "", case.variables)
    return worded(
        f"{_subject(compiled.law, case)}: {reason.text}, which follows no documented interpretation"
    )


def _changed(subject: str, reason: Reason, case: Case) -> Worded:
    assert reason.change is not None
    name, before, after = reason.change
    looks = [
        Shown(text=f"{name} was {before}", exchange=case.exchanges[0].id),
        Shown(text=after, exchange=case.exchanges[-1].id),
    ]
    return Worded(f"{subject}: {reason.text}", looks)


def _subject(law: Law, case: Case) -> str:
    """What a law speaks about: a resource, or an operation."""
    exchange = case.exchanges[-1] if case.exchanges else None
    asked = exchange.operation if isinstance(exchange, Exchange) else None
    if law.each == "delivery":
        event = pointer.first(case.variables.get("event"), "/eventType")
        return f"webhook {told(event)}" if isinstance(event, str) else "webhook"
    if law.each in _OF_OBJECTS:
        return law.on
    return asked or law.on if law.on == "*" or law.each == "pair" else law.on


def _which(case: Case) -> str:
    """The object that a law was judged on."""
    shown = case.variables.get("self", case.variables.get("row"))
    identifier = pointer.first(shown, "/id")
    return f"it has the id {told(identifier)}" if isinstance(identifier, str) else ""
