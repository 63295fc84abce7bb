"""The smallest change of an answer with which a finding would not be one: one other value, by what the judge says.

Values that come from the same evidence and from the contract are tried, nearest first. What none of them mends is left open.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from batchproof.contract import Contract, pointer
from batchproof.contract.reach import states_of
from batchproof.history import Exchange, has_body
from batchproof.judge import Finding, weigh
from batchproof.judge.judging import weigh_answer
from batchproof.report.printable import as_json

# judging is not free, least of all several exchanges together, and a page is to be there at once
_MOST_TRIALS = 120
_COST_TOGETHER = 20
_MOST_TRIALS_EACH = 12
_MOST_TOGETHER = 3
_LONGEST_BODY = 20_000
_LONGEST_VALUE = 120
_MISSING = object()

# a requirement, and the fingerprint of a finding on it
_Told = tuple[str, str]


class Change(NamedTuple):
    """One value of the answer ``exchange``, and the one with which it would pass, both as JSON."""

    exchange: str
    at: str
    before: str
    after: str


class _SpentError(Exception):
    """No more trials are left."""


class Mender:
    """Looks for such changes, within a number of trials for a whole report."""

    def __init__(self, contract: Contract, started_at: str) -> None:
        """``started_at`` is that of the history's header."""
        self._contract = contract
        self._started_at = started_at
        self._left = _MOST_TRIALS

    def change(self, requirement: str, finding: Finding, exchanges: Sequence[Exchange]) -> Change | None:
        """The first change that was found, or None; ``exchanges`` are those that show ``finding``, in order."""
        answers = [item for item in exchanges if _has_answer(item)]
        # those that were sent again have other names
        answers = [item for item in answers if item.id in finding.exchanges] or answers
        one_place = finding.pointer.startswith("/") and "*" not in finding.pointer
        if not one_place or not answers:
            return None
        last = answers[-1]
        before = _value(last, finding.pointer)
        if before is _MISSING:
            return None
        others = [item for item in exchanges if item is not last]
        found = (
            self._mended(evidence, last, (requirement, finding.fingerprint), finding.pointer, others)
            for evidence in ([last], list(exchanges))
            if evidence == [last] or 1 < len(evidence) <= _MOST_TOGETHER
        )
        try:
            after = next((value for value in found if value is not _MISSING), _MISSING)
        except _SpentError:
            return None
        if after is _MISSING:
            return None
        return Change(
            last.id, finding.pointer, as_json(before, _LONGEST_VALUE), as_json(after, _LONGEST_VALUE)
        )

    def _mended(
        self, evidence: Sequence[Exchange], last: Exchange, told: _Told, at: str, others: Sequence[Exchange]
    ) -> Any:
        """The value at ``at`` of ``last`` with which ``evidence`` does not show ``told``, and nothing new."""
        wrong = self._found(evidence)
        if told not in wrong:
            return _MISSING
        for value in self._nearest(_value(last, at), at, others):
            found = self._found([_with(item, at, value) if item is last else item for item in evidence])
            if found < wrong and told not in found:
                return value
        return _MISSING

    def _found(self, exchanges: Sequence[Exchange]) -> set[_Told]:
        """What the judge has against ``exchanges``. Raises ``_SpentError`` once the trials are spent."""
        alone = len(exchanges) == 1
        self._left -= 1 if alone else _COST_TOGETHER
        if self._left < 0:
            raise _SpentError
        ledger = (
            weigh_answer(self._contract, exchanges[0])
            if alone
            else weigh(self._contract, exchanges, started_at=self._started_at, counting=False)
        )
        return {
            (requirement, finding.fingerprint)
            for requirement in ledger.contradicted
            for finding in ledger.findings(requirement)
        }

    def _nearest(self, before: Any, at: str, others: Sequence[Exchange]) -> Iterator[Any]:
        """Values to try, each once, at most a few."""
        tried = [json.dumps(before, sort_keys=True)]
        for value in self._values(before, at, others):
            text = json.dumps(value, sort_keys=True)
            if text not in tried:
                tried.append(text)
                yield value
            if len(tried) > _MOST_TRIALS_EACH:
                return

    def _values(self, before: Any, at: str, others: Sequence[Exchange]) -> Iterator[Any]:
        shown = [_value(item, at) for item in reversed(others) if _has_answer(item)]
        yield from (value for value in shown if value is not _MISSING and type(value) is type(before))
        yield from _in_another_form(before)
        if isinstance(before, str) and at.endswith(self._statuses):
            for lifecycle in self._contract.manifest.lifecycles.values():
                yield from states_of(lifecycle)
        yield None

    @property
    def _statuses(self) -> tuple[str, ...]:
        resources = self._contract.manifest.resources.values()
        return tuple(resource.status for resource in resources if resource.status is not None)


def _in_another_form(value: Any) -> Iterator[Any]:
    """The same value, written in another way, or as much of it as there may be."""
    if isinstance(value, str):
        yield from (value.upper(), value.lower(), value.strip())
        try:
            yield json.loads(value)
        except ValueError:
            return
    elif isinstance(value, bool | int | float):
        yield json.dumps(value)
    elif isinstance(value, list):
        yield from (value[:-1], value[: len(value) // 2], value[:1], [])


def _has_answer(exchange: Exchange) -> bool:
    return (
        exchange.response is not None
        and has_body(exchange.response)
        and exchange.response.size <= _LONGEST_BODY
    )


def _value(exchange: Exchange, at: str) -> Any:
    return _MISSING if exchange.response is None else pointer.first(exchange.response.body, at, _MISSING)


def _with(exchange: Exchange, at: str, value: Any) -> Exchange:
    """``exchange``, with ``value`` at ``at`` in the body of its answer."""
    assert exchange.response is not None
    body = _replaced(exchange.response.body, pointer.parse(at), value)
    return msgspec.structs.replace(exchange, response=msgspec.structs.replace(exchange.response, body=body))


def _replaced(body: Any, steps: Sequence[str], value: Any) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(body, list):
        return [
            _replaced(item, rest, value) if number == int(step) else item for number, item in enumerate(body)
        ]
    return {**body, step: _replaced(body[step], rest, value)}
