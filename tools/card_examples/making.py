"""Makes the example of a requirement: a case of a healthy run that keeps its rule, and the same with one value changed."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from batchproof.contract import CompiledInvariant, Contract
from batchproof.contract.expressions import Bindings, NotEvaluable
from batchproof.contract.model import Requirement
from batchproof.contract.reach import reach
from batchproof.judging.case import Case
from batchproof.judging.functions import FUNCTIONS
from batchproof.judging.wrong import Wrong
from batchproof.report.instances import of_bodies
from batchproof.report.pair import Instances

from .changing import changed, changes
from .evidence import Evidence
from .wording import in_words, tidy

_MOST_CASES = 4000
# cases that keep a rule, and changes of each, that are tried
_KEPT = 12
_MOST_CHANGES = 400
_CANDIDATES = 6
# cases that are changed so that a rule speaks about them
_MADE = 150
# what says little to a reader
_VAGUE = (
    "what it amounts to",
    "an object",
    "what not all may have",
    "what only one may have",
    "null is null",
    "is as it should be",
    '"other"',
    '"text"',
    " 7",
    " is missing",
    " an empty text",
    " null",
    '"-',
    "(-",
)
# what is longer than this takes more lines
_ROOM = 300
_LINE = 40
_UNKNOWN = object()


def example(evidence: Evidence, row: Requirement) -> Instances | None:
    """The plainest example that can be made for ``row``; None where no case of the evidence keeps its rule."""
    for compiled in evidence.contract.invariants:
        invariant = compiled.invariant
        if invariant.requirement != row.id or invariant.interpretation is not None:
            continue
        found = [
            made
            for case in islice(_kept(compiled, evidence), _KEPT)
            for made in islice(_examples(evidence.contract, compiled, case), _CANDIDATES)
        ]
        if found:
            # of several the first, which a server may well send
            return min(found, key=_vagueness)
    bodies = evidence.bodies_of(row.id)
    return next((tidy(made) for made in of_bodies(evidence.contract, row, bodies)), None)


def _kept(compiled: CompiledInvariant, evidence: Evidence) -> Iterator[Case]:
    """The cases that an invariant speaks about and that keep it; where there are none, those that a change makes so."""
    cases = [_sent_again(compiled, case) for case in islice(evidence.cases(compiled), _MOST_CASES)]
    kept = [case for case in cases if _outcome(compiled, case.variables) is True]
    # the shortest evidence says most
    yield from sorted(kept, key=lambda case: (_is_changed(case), len(case.exchanges), _size(case)))
    if kept or compiled.when is None:
        return
    known = _known(evidence.contract)
    for case in cases[:: max(1, len(cases) // _MADE)]:
        for change in islice(changes(compiled, case.variables, compiled.when.source, known), _MOST_CHANGES):
            variables = changed(case.variables, change)
            if _outcome(compiled, variables) is True:
                yield case._replace(variables=variables)
                break


def _sent_again(compiled: CompiledInvariant, case: Case) -> Case:
    """A delivery as if it came a second time, for a rule about that: a healthy server does not need to."""
    if compiled.invariant.each != "delivery" or "earlier" not in compiled.variables:
        return case
    return case._replace(variables={**case.variables, "earlier": case.variables["event"]})


def _is_changed(case: Case) -> bool:
    return any(getattr(item, "case", None) or getattr(item, "probe", None) for item in case.exchanges)


def _size(case: Case) -> int:
    rows = case.variables.get("rows")
    # a list of one shows no order, and a long one is hard to read
    return 0 if rows is None else abs(len(rows) - 2)


def _examples(contract: Contract, compiled: CompiledInvariant, case: Case) -> Iterator[Instances]:
    rule = compiled.invariant.rule or ""
    for change in islice(changes(compiled, case.variables, rule, _known(contract)), _MOST_CHANGES):
        variables = changed(case.variables, change)
        outcome = _outcome(compiled, variables)
        if outcome is None or outcome is True:
            continue
        observed = outcome.observed if isinstance(outcome, Wrong) else None
        yield in_words(contract, compiled, case, case._replace(variables=variables), observed)


def _known(contract: Contract) -> list[list[str]]:
    """The types of events, methods, media types, and the states of each life cycle."""
    webhooks = contract.manifest.webhooks
    events = [] if webhooks is None else list(webhooks.events)
    lifecycles = contract.manifest.lifecycles.values()
    return [
        events,
        ["POST", "PUT"],
        ["application/json", "text/html"],
        *([*reach(lifecycle).after] for lifecycle in lifecycles),
    ]


def _vagueness(made: Instances) -> tuple[int, int]:
    said = made.passes + made.fails
    return sum(said.count(word) for word in _VAGUE), max(0, len(said) - _ROOM) // _LINE


def _outcome(compiled: CompiledInvariant, variables: dict[str, Any]) -> bool | Wrong | None:
    """Whether an invariant holds, as the judge says it; None where it says nothing."""
    bindings = Bindings(variables)
    try:
        if compiled.when is not None and not compiled.when.holds(bindings):
            return None
        if compiled.rule is not None and not compiled.rule.holds(bindings):
            return False
        function = compiled.invariant.function
        return True if function is None else FUNCTIONS[function](variables, compiled.invariant.arguments)
    except NotEvaluable:
        return None
