"""Invariants: relations between fields, between two looks at one object, between objects."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from batchproof.contract import CompiledInvariant, Contract
from batchproof.contract.expressions import Bindings, NotEvaluable
from batchproof.contract.kinds import KINDS
from batchproof.contract.model import Invariant
from batchproof.contract.shapes import Shapes
from batchproof.judging.asked_once import AskedOnce, Wanted
from batchproof.judging.case import Case
from batchproof.judging.evidence import Evidence
from batchproof.judging.functions import FUNCTIONS
from batchproof.judging.invariant_cases import Seen, cases_of
from batchproof.judging.memo import ObjectMemo
from batchproof.judging.results import BROKEN_INVARIANT
from batchproof.judging.wall_time import WallTime, uses_wall_time
from batchproof.judging.words.invariants import of_interpretations, of_invariant
from batchproof.judging.wrong import Wrong

_BEFORE = re.compile(r"\bbefore\s*[.\[]")
_AFTER = re.compile(r"\bafter\b")
_IN_A_ROW = 64


def judge_invariants(
    contract: Contract, seen: Seen, evidence: Evidence, started_at: str | None = None
) -> None:
    """Judges every invariant on every case that the history offers; without ``started_at`` no wall time is known."""
    wall_time = WallTime(started_at)
    for group in _groups_of(contract):
        # in a history that is judged once, what looks the same comes in a row
        same = ObjectMemo[_Outcomes](_IN_A_ROW, anew=False) if evidence.counting else group.same
        functions = ObjectMemo[bool | Wrong | None](anew=False) if evidence.counting else group.said
        asked = AskedOnce(group.wanted)
        held = [0] * len(group.invariants)
        for found in cases_of(contract, group.invariants[0].invariant, seen):
            case = found
            if group.timed:
                case = found._replace(variables={**found.variables, **wall_time.variables(found.asked)})
            outcomes = same.of(group.named(case.variables), partial(_outcomes, group, asked, case.variables))
            for at in outcomes.kept:
                held[at] += case.times
            for at, holds in outcomes.telling:
                said = _said(group, at, case, functions) if holds else False
                if said is not None:
                    _judge(group.invariants[at], case, evidence, said)
            for row, interpretations in group.interpreted.items():
                of_interpretations = [
                    (group.invariants[at], outcomes.of_interpretations.get(at)) for at in interpretations
                ]
                _judge_interpretations(row, of_interpretations, case, evidence)
        for compiled, times in zip(group.invariants, held, strict=True):
            if times:
                evidence.observe(compiled.invariant.requirement, times)


def _interpreted(contract: Contract, invariants: Sequence[CompiledInvariant]) -> dict[str, list[int]]:
    """The rows of which these invariants test every interpretation, with the places of their invariants."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, compiled in enumerate(invariants):
        if compiled.invariant.interpretation is not None and compiled.invariant.function is None:
            found[compiled.invariant.requirement].append(at)
    return {
        row: places
        for row, places in found.items()
        if {invariants[at].invariant.interpretation for at in places}
        == set(contract.requirements[row].interpretations)
    }


def _judge_interpretations(
    row: str, outcomes: Sequence[tuple[CompiledInvariant, bool | None]], case: Case, evidence: Evidence
) -> None:
    """Contradicts ``row`` where each of its interpretations says something of the case, and none of them holds."""
    if not case.certain or any(outcome is not False for _, outcome in outcomes):
        return
    first = outcomes[0][0]
    evidence.observe(row, case.times)
    evidence.contradict(
        row,
        rule=f"{first.name}:no interpretation",
        message="no documented interpretation holds",
        expected=" or ".join(compiled.invariant.rule or "" for compiled, _ in outcomes),
        observed=_telling(first, case.variables),
        exchanges=case.exchanges,
        pointer=case.pointer,
        words=partial(of_interpretations, first, case),
    )


class _Group(NamedTuple):
    """Invariants that speak about the same cases; ``interpreted``: the places of those that test every interpretation of a row."""

    timed: bool
    invariants: list[CompiledInvariant]
    interpreted: dict[str, list[int]]
    names: frozenset[str]
    wanted: Wanted
    same: ObjectMemo["_Outcomes"]
    said: ObjectMemo[bool | Wrong | None]

    def named(self, variables: Mapping[str, Any]) -> list[Any]:
        """The values of those variables that the expressions name: nothing else decides what they say."""
        return [value for name, value in variables.items() if name in self.names]


class _Outcomes(NamedTuple):
    """What the expressions of a group say of one case, by the places of its invariants.

    ``kept`` are those that hold, and there is no more to it; ``telling`` whether others do; ``of_interpretations`` of these, those
    of interpretations. Of all others nothing is said.
    """

    kept: list[int]
    telling: list[tuple[int, bool]]
    of_interpretations: dict[int, bool]


# by the shapes of a contract; of each set of its invariants that was judged by, the groups
_GROUPS: WeakKeyDictionary[Shapes, list[tuple[tuple[CompiledInvariant, ...], list[_Group]]]] = (
    WeakKeyDictionary()
)


def _groups_of(contract: Contract) -> list[_Group]:
    """The invariants of a contract in groups; sorted once, since short histories are judged by the thousand."""
    known = _GROUPS.setdefault(contract.shapes, [])
    for invariants, groups in known:
        if invariants is contract.invariants:
            return groups
    # a contract with some of the invariants has some of the groups: what was found of one holds in the other
    before = {tuple(map(id, group.invariants)): group for _, others in known for group in others}
    groups = [
        before.get(tuple(map(id, invariants))) or _group(contract, invariants, timed=timed)
        for timed, invariants in _groups(contract)
    ]
    known.append((contract.invariants, groups))
    return groups


def _group(contract: Contract, invariants: list[CompiledInvariant], *, timed: bool) -> _Group:
    return _Group(
        timed,
        invariants,
        _interpreted(contract, invariants),
        frozenset().union(*(compiled.variables for compiled in invariants)),
        Wanted([compiled.when for compiled in invariants]),
        ObjectMemo(),
        ObjectMemo(),
    )


def _groups(contract: Contract) -> Iterator[tuple[bool, list[CompiledInvariant]]]:
    """Invariants that speak about the same cases together, those that name the wall time apart."""
    groups: dict[tuple[Hashable, ...], list[CompiledInvariant]] = {}
    for compiled in contract.invariants:
        invariant, timed = compiled.invariant, uses_wall_time(compiled)
        groups.setdefault(
            (timed, invariant.each, invariant.on, invariant.to, invariant.view, invariant.answered), []
        ).append(compiled)
    return ((bool(key[0]), invariants) for key, invariants in groups.items())


def _outcomes(group: _Group, asked: AskedOnce, variables: Mapping[str, Any]) -> _Outcomes:
    bindings = Bindings(variables)
    found = _Outcomes([], [], {})
    for at in sorted(asked.speaking(bindings)):
        invariant, holds = group.invariants[at].invariant, _outcome(group.invariants[at], bindings)
        if holds is None:
            continue
        if holds and invariant.function is None and invariant.interpretation is None:
            found.kept.append(at)
            continue
        found.telling.append((at, holds))
        if invariant.interpretation is not None:
            found.of_interpretations[at] = holds
    return found


def _outcome(compiled: CompiledInvariant, bindings: Bindings) -> bool | None:
    """Whether an invariant holds; None where it says nothing. What a function decides is left for each case: it sees all of it."""
    try:
        return compiled.rule is None or compiled.rule.holds(bindings)
    except NotEvaluable:
        return None


def _said(
    group: _Group, at: int, case: Case, functions: ObjectMemo[bool | Wrong | None]
) -> bool | Wrong | None:
    """What the function of an invariant says of a case where its expressions hold; None where it says nothing."""
    invariant = group.invariants[at].invariant
    if invariant.function is None:
        return True
    ask = partial(_asked, invariant.function, invariant.arguments, case.variables)
    # the same two views of an object are compared time and again; lists and pages are other ones each time
    again = functions is group.said or KINDS[invariant.each].repeats
    return functions.of([at, *case.variables.values()], ask) if again else ask()


def _asked(function: str, arguments: Mapping[str, str], variables: Mapping[str, Any]) -> bool | Wrong | None:
    try:
        return FUNCTIONS[function](variables, arguments)
    except NotEvaluable:
        return None


def _judge(compiled: CompiledInvariant, case: Case, evidence: Evidence, outcome: bool | Wrong) -> None:
    invariant = compiled.invariant
    if not outcome and not case.certain and _looks_before(invariant):
        return
    if invariant.interpretation is not None:
        if outcome:
            evidence.follow(invariant.requirement, invariant.interpretation)
        return
    evidence.observe(invariant.requirement, case.times)
    if not outcome:
        rule = invariant.rule or " ".join(
            [invariant.function or "", *(f"{name}={value}" for name, value in invariant.arguments.items())]
        )
        evidence.contradict(
            invariant.requirement,
            rule=compiled.name,
            message=f"{BROKEN_INVARIANT}: {rule}",
            expected=rule + (f"  (where {invariant.when})" if invariant.when else ""),
            observed=outcome.observed if isinstance(outcome, Wrong) else _telling(compiled, case.variables),
            exchanges=case.exchanges,
            pointer=case.pointer,
            assumption=invariant.assumes is not None,
            words=partial(
                of_invariant, compiled, case, outcome.observed if isinstance(outcome, Wrong) else None
            ),
        )


def _looks_before(invariant: Invariant) -> bool:
    """Whether an invariant rests on how an object was before a call, and does not say itself what the look ``after`` it may show."""
    text = f"{invariant.when or ''} {invariant.rule or ''}"
    return invariant.function is not None or (
        _BEFORE.search(text) is not None and _AFTER.search(text) is None
    )


def _telling(compiled: CompiledInvariant, variables: Mapping[str, Any]) -> Any:
    """The variables that the rule names; of an object, only the properties that the rule names."""
    text = compiled.invariant.rule
    if text is None:
        return {name: variables[name] for name in sorted(variables)}
    shown: dict[str, Any] = {}
    for name in sorted(variables):
        if compiled.rule is None or name not in compiled.rule.variables:
            continue
        value = variables[name]
        if isinstance(value, dict):
            value = {
                key: item for key, item in value.items() if f".{key}" in text or f'"{key}"' in text
            } or value
        if isinstance(value, list) and f"size({name})" in text:
            value = f"{len(value)} elements"
        if isinstance(value, datetime):
            value = value.isoformat()
        shown[name] = value
    return shown
