"""Laws: relations between fields, between two looks at one object, between objects."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from batchproof.contract import CompiledLaw, Contract
from batchproof.contract.expressions import Bindings, NotEvaluable
from batchproof.contract.model import Law
from batchproof.contract.shapes import Shapes
from batchproof.judge.asked_once import AskedOnce, Wanted
from batchproof.judge.case import Case
from batchproof.judge.functions import FUNCTIONS
from batchproof.judge.law_cases import Seen, cases_of
from batchproof.judge.ledger import Ledger
from batchproof.judge.remembered import RememberedObjects
from batchproof.judge.results import BROKEN_LAW
from batchproof.judge.wall_time import WallTime, uses_wall_time
from batchproof.judge.words.laws import of_interpretations, of_law
from batchproof.judge.wrong import Wrong

_BEFORE = re.compile(r"\bbefore\s*[.\[]")
_AFTER = re.compile(r"\bafter\b")
_IN_A_ROW = 64


def judge_laws(contract: Contract, seen: Seen, ledger: Ledger, started_at: str | None = None) -> None:
    """Judges every law on every case that the history offers; without ``started_at`` no wall time is known."""
    wall_time = WallTime(started_at)
    for group in _groups_of(contract):
        # in a history that is judged once, what looks the same comes in a row
        same = RememberedObjects[_Outcomes](_IN_A_ROW, anew=False) if ledger.counting else group.same
        functions = RememberedObjects[bool | Wrong | None](anew=False) if ledger.counting else group.said
        asked = AskedOnce(group.wanted)
        held = [0] * len(group.laws)
        for found in cases_of(contract, group.laws[0].law, seen):
            case = found
            if group.timed:
                case = found._replace(variables={**found.variables, **wall_time.variables(found.asked)})
            outcomes = same.of(group.named(case.variables), partial(_outcomes, group, asked, case.variables))
            for at in outcomes.kept:
                held[at] += case.times
            for at, holds in outcomes.telling:
                said = _said(group, at, case, functions) if holds else False
                if said is not None:
                    _judge(group.laws[at], case, ledger, said)
            for row, readings in group.interpreted.items():
                of_readings = [(group.laws[at], outcomes.of_readings.get(at)) for at in readings]
                _judge_readings(row, of_readings, case, ledger)
        for compiled, times in zip(group.laws, held, strict=True):
            if times:
                ledger.observe(compiled.law.requirement, times)


def _interpreted(contract: Contract, laws: Sequence[CompiledLaw]) -> dict[str, list[int]]:
    """The rows of which these laws test every reading, with the places of their laws."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, compiled in enumerate(laws):
        if compiled.law.reading is not None and compiled.law.function is None:
            found[compiled.law.requirement].append(at)
    return {
        row: places
        for row, places in found.items()
        if {laws[at].law.reading for at in places} == set(contract.requirements[row].readings)
    }


def _judge_readings(
    row: str, outcomes: Sequence[tuple[CompiledLaw, bool | None]], case: Case, ledger: Ledger
) -> None:
    """Contradicts ``row`` where each of its readings says something of the case, and none of them holds."""
    if not case.certain or any(outcome is not False for _, outcome in outcomes):
        return
    first = outcomes[0][0]
    ledger.observe(row, case.times)
    ledger.contradict(
        row,
        rule=f"{first.name}:no reading",
        message="no documented interpretation holds",
        expected=" or ".join(compiled.law.rule or "" for compiled, _ in outcomes),
        observed=_telling(first, case.variables),
        exchanges=case.exchanges,
        pointer=case.pointer,
        words=partial(of_interpretations, first, case),
    )


class _Group(NamedTuple):
    """Laws that speak about the same cases; ``interpreted``: the places of those that test every reading of a row."""

    timed: bool
    laws: list[CompiledLaw]
    interpreted: dict[str, list[int]]
    names: frozenset[str]
    wanted: Wanted
    same: RememberedObjects["_Outcomes"]
    said: RememberedObjects[bool | Wrong | None]

    def named(self, variables: Mapping[str, Any]) -> list[Any]:
        """The values of those variables that the expressions name: nothing else decides what they say."""
        return [value for name, value in variables.items() if name in self.names]


class _Outcomes(NamedTuple):
    """What the expressions of a group say of one case, by the places of its laws.

    ``kept`` are those that hold, and there is no more to it; ``telling`` whether others do; ``of_readings`` of these, those
    of readings. Of all others nothing is said.
    """

    kept: list[int]
    telling: list[tuple[int, bool]]
    of_readings: dict[int, bool]


# by the shapes of a contract; of each set of its laws that was judged by, the groups
_GROUPS: WeakKeyDictionary[Shapes, list[tuple[tuple[CompiledLaw, ...], list[_Group]]]] = WeakKeyDictionary()


def _groups_of(contract: Contract) -> list[_Group]:
    """The laws of a contract in groups; sorted once, since short histories are judged by the thousand."""
    known = _GROUPS.setdefault(contract.shapes, [])
    for laws, groups in known:
        if laws is contract.laws:
            return groups
    # a contract with some of the laws has some of the groups: what was found of one holds in the other
    before = {tuple(map(id, group.laws)): group for _, others in known for group in others}
    groups = [
        before.get(tuple(map(id, laws))) or _group(contract, laws, timed=timed)
        for timed, laws in _groups(contract)
    ]
    known.append((contract.laws, groups))
    return groups


def _group(contract: Contract, laws: list[CompiledLaw], *, timed: bool) -> _Group:
    return _Group(
        timed,
        laws,
        _interpreted(contract, laws),
        frozenset().union(*(compiled.variables for compiled in laws)),
        Wanted([compiled.when for compiled in laws]),
        RememberedObjects(),
        RememberedObjects(),
    )


def _groups(contract: Contract) -> Iterator[tuple[bool, list[CompiledLaw]]]:
    """Laws that speak about the same cases together, those that name the wall time apart."""
    groups: dict[tuple[Hashable, ...], list[CompiledLaw]] = {}
    for compiled in contract.laws:
        law, timed = compiled.law, uses_wall_time(compiled)
        groups.setdefault((timed, law.each, law.on, law.to, law.view, law.answered), []).append(compiled)
    return ((bool(key[0]), laws) for key, laws in groups.items())


def _outcomes(group: _Group, asked: AskedOnce, variables: Mapping[str, Any]) -> _Outcomes:
    bindings = Bindings(variables)
    found = _Outcomes([], [], {})
    for at in sorted(asked.speaking(bindings)):
        law, holds = group.laws[at].law, _outcome(group.laws[at], bindings)
        if holds is None:
            continue
        if holds and law.function is None and law.reading is None:
            found.kept.append(at)
            continue
        found.telling.append((at, holds))
        if law.reading is not None:
            found.of_readings[at] = holds
    return found


def _outcome(compiled: CompiledLaw, bindings: Bindings) -> bool | None:
    """Whether a law holds; None where it says nothing. What a function decides is left for each case: it sees all of it."""
    try:
        return compiled.rule is None or compiled.rule.holds(bindings)
    except NotEvaluable:
        return None


def _said(
    group: _Group, at: int, case: Case, functions: RememberedObjects[bool | Wrong | None]
) -> bool | Wrong | None:
    """What the function of a law says of a case where its expressions hold; None where it says nothing."""
    law = group.laws[at].law
    if law.function is None:
        return True
    ask = partial(_asked, law.function, law.arguments, case.variables)
    # the same two views of an object are compared time and again; lists and pages are other ones each time
    again = functions is group.said or law.each == "twin"
    return functions.of([at, *case.variables.values()], ask) if again else ask()


def _asked(function: str, arguments: Mapping[str, str], variables: Mapping[str, Any]) -> bool | Wrong | None:
    try:
        return FUNCTIONS[function](variables, arguments)
    except NotEvaluable:
        return None


def _judge(compiled: CompiledLaw, case: Case, ledger: Ledger, outcome: bool | Wrong) -> None:
    law = compiled.law
    if not outcome and not case.certain and _looks_before(law):
        return
    if law.reading is not None:
        if outcome:
            ledger.follow(law.requirement, law.reading)
        return
    ledger.observe(law.requirement, case.times)
    if not outcome:
        rule = law.rule or " ".join(
            [law.function or "", *(f"{name}={value}" for name, value in law.arguments.items())]
        )
        ledger.contradict(
            law.requirement,
            rule=compiled.name,
            message=f"{BROKEN_LAW}: {rule}",
            expected=rule + (f"  (where {law.when})" if law.when else ""),
            observed=outcome.observed if isinstance(outcome, Wrong) else _telling(compiled, case.variables),
            exchanges=case.exchanges,
            pointer=case.pointer,
            assumption=law.assumes is not None,
            words=partial(of_law, compiled, case, outcome.observed if isinstance(outcome, Wrong) else None),
        )


def _looks_before(law: Law) -> bool:
    """Whether a law rests on how an object was before a call, and does not say itself what the look ``after`` it may show."""
    text = f"{law.when or ''} {law.rule or ''}"
    return law.function is not None or (_BEFORE.search(text) is not None and _AFTER.search(text) is None)


def _telling(compiled: CompiledLaw, variables: Mapping[str, Any]) -> Any:
    """The variables that the rule names; of an object, only the properties that the rule names."""
    text = compiled.law.rule
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
