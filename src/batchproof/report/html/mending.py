"""The smallest change of an answer with which a finding would not be one: one other value, by what the judge says.

Values that come from the same evidence, from the contract and from its examples are tried, nearest first. What none of them mends
is left open.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from batchproof.contract import Contract, pointer
from batchproof.history import Exchange, has_body
from batchproof.json_values import Json
from batchproof.judging import Finding, weigh
from batchproof.judging.evidence import Evidence
from batchproof.judging.judging import weigh_answer
from batchproof.report.instances import examples
from batchproof.report.printable import as_json

# judging is not free, least of all several exchanges together, and a page is to be there at once
_MOST_TRIALS = 400
_COST_TOGETHER = 20
# what a rule says of one answer
_COST_OF_RULE = 5
_MOST_TRIALS_EACH = 12
_MOST_TOGETHER = 3
_LONGEST_BODY = 20_000
_LONGEST_VALUE = 120
_MISSING = object()
# what a rule names of the answer, or of the object that it is about
_NAMED = re.compile(r"\b(response|self)((?:\.[A-Za-z_]\w*)+)")
_ROW = re.compile(r"/\d+(?=/|$)")

# a requirement, and the fingerprint of a finding on it
_Described = tuple[str, str]


class Change(NamedTuple):
    """One value of the answer ``exchange``, and the one with which it would pass, both as JSON.

    ``at`` is empty where the value is the status; the body would be that of a documented error, too.
    """

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
        named = {item.exchange for item in finding.shown}
        described = [item for item in answers if item.id in named]
        if not answers:
            return None
        last = (described or answers)[-1]
        try:
            if not finding.pointer and last.response and finding.observed == last.response.status:
                return self._other_status((requirement, finding.fingerprint), last, exchanges)
            return self._other_value((requirement, finding.fingerprint), finding, last, described, exchanges)
        except _SpentError:
            return None

    def _other_value(
        self,
        described_of: _Described,
        finding: Finding,
        last: Exchange,
        described: Sequence[Exchange],
        exchanges: Sequence[Exchange],
    ) -> Change | None:
        together = [items for items in (described, list(exchanges)) if 1 < len(items) <= _MOST_TOGETHER]
        others = [item for item in exchanges if item is not last]
        for at in _places(finding, last):
            for evidence in ([last], *together):
                value = self._mended(evidence, last, described_of, at, others)
                if value is not _MISSING:
                    return Change(last.id, at, _shown(_value(last, at)), _shown(value))
        return None

    def _other_status(
        self, described_of: _Described, last: Exchange, exchanges: Sequence[Exchange]
    ) -> Change | None:
        """What has to be refused is answered with a documented error, of which there is an example."""
        operation = self._contract.operations.get(last.operation or "")
        if operation is None or len(exchanges) > _MOST_TOGETHER or last.response is None:
            return None
        body = next(
            (item.body for item in examples(self._contract) if item.file == self._contract.manifest.error),
            _MISSING,
        )
        wrong = self._found(exchanges)
        if body is _MISSING or described_of not in wrong:
            return None
        probe = self._contract.probes.get(last.probe or "")
        refused = (
            probe.refused.statuses
            if probe is not None and probe.refused is not None
            else operation.errors.statuses
        )
        for status in refused:
            answer = msgspec.structs.replace(last.response, status=status, body=body)
            changed = msgspec.structs.replace(last, response=answer)
            found = self._found([changed if item is last else item for item in exchanges])
            if found < wrong and described_of not in found:
                return Change(last.id, "", str(last.response.status), str(status))
        return None

    def _mended(
        self,
        evidence: Sequence[Exchange],
        last: Exchange,
        described: _Described,
        at: str,
        others: Sequence[Exchange],
    ) -> Json:
        """The value at ``at`` of ``last`` with which ``evidence`` does not show ``described``, and nothing new."""
        find = self._found
        wrong = find(evidence)
        if described not in wrong and len(evidence) == 1:
            # its shape is not what is wrong with it
            find = self._found_by_rules
            wrong = find(evidence)
        if described not in wrong:
            return _MISSING
        for value in self._nearest(last, at, others):
            found = find([_with(item, at, value) if item is last else item for item in evidence])
            if found < wrong and described not in found:
                return value
        return _MISSING

    def _found(self, exchanges: Sequence[Exchange]) -> set[_Described]:
        """What the judge has against ``exchanges``, or against the shape of one. Raises ``_SpentError`` once the trials are spent."""
        if len(exchanges) > 1:
            return self._weighed(exchanges, _COST_TOGETHER)
        self._spend(1)
        return _findings(weigh_answer(self._contract, exchanges[0]))

    def _found_by_rules(self, exchanges: Sequence[Exchange]) -> set[_Described]:
        return self._weighed(exchanges, _COST_OF_RULE)

    def _weighed(self, exchanges: Sequence[Exchange], cost: int) -> set[_Described]:
        self._spend(cost)
        return _findings(weigh(self._contract, exchanges, started_at=self._started_at, counting=False))

    def _spend(self, cost: int) -> None:
        self._left -= cost
        if self._left < 0:
            raise _SpentError

    def _nearest(self, last: Exchange, at: str, others: Sequence[Exchange]) -> Iterator[Json]:
        """Values to try, each once, at most a few."""
        before = _value(last, at)
        tried = [json.dumps(before, sort_keys=True)]
        for value in self._values(last, at, others):
            text = json.dumps(value, sort_keys=True)
            if text not in tried:
                tried.append(text)
                yield value
            if len(tried) > _MOST_TRIALS_EACH:
                return

    def _values(self, last: Exchange, at: str, others: Sequence[Exchange]) -> Iterator[Json]:
        before = _value(last, at)
        shown = [_value(item, at) for item in reversed(others) if _has_answer(item)]
        yield from (value for value in shown if value is not _MISSING and type(value) is type(before))
        yield from _in_another_form(before)
        if isinstance(before, str) and at.endswith(self._statuses):
            for lifecycle in self._contract.lifecycles.values():
                yield from lifecycle.states
        yield None
        yield from self._documented(last, at)

    def _documented(self, last: Exchange, at: str) -> Iterator[Json]:
        """What examples of such an answer have in this place; of rows, the first."""
        operation = self._contract.operations.get(last.operation or "")
        if operation is None:
            return
        files = {operation.success.schema, self._contract.manifest.error}
        place = _ROW.sub("/0", at)
        for example in examples(self._contract):
            if example.file in files:
                value = pointer.first(example.body, place, _MISSING)
                if value is not _MISSING:
                    yield value

    @property
    def _statuses(self) -> tuple[str, ...]:
        resources = self._contract.resources.values()
        return tuple(resource.status for resource in resources if resource.status is not None)


def _findings(evidence: Evidence) -> set[_Described]:
    return {
        (requirement, finding.fingerprint)
        for requirement in evidence.contradicted
        for finding in evidence.findings(requirement)
    }


def _places(finding: Finding, last: Exchange) -> Iterator[str]:
    """Where the value may stand that is wrong: where the finding says, or what its rule names."""
    if finding.by_expression:
        for word, names in _NAMED.findall(finding.expected):
            at = finding.pointer if word == "self" else ""
            for name in names.split(".")[1:]:
                inside = at + pointer.join([name])
                if _value(last, inside) is _MISSING:
                    break
                at = inside
            if at not in ("", finding.pointer):
                yield at
    elif (
        finding.pointer.startswith("/")
        and "*" not in finding.pointer
        and _value(last, finding.pointer) is not _MISSING
    ):
        yield finding.pointer


def _shown(value: Json) -> str:
    """``value`` in a line: of a long list how long it is."""
    if isinstance(value, list) and len(json.dumps(value)) > _LONGEST_VALUE:
        return f"{len(value)} element{'' if len(value) == 1 else 's'}"
    return as_json(value, _LONGEST_VALUE)


def _in_another_form(value: Json) -> Iterator[Json]:
    """The same value, written in another way, or as much of it as there may be."""
    if isinstance(value, str):
        yield from (value.upper(), value.lower(), value.strip())
        try:
            yield json.loads(value)
        except ValueError:
            return
    elif isinstance(value, bool):
        yield from (not value, json.dumps(value))
    elif isinstance(value, int | float):
        yield json.dumps(value)
    elif isinstance(value, list):
        yield from (value[:-1], value[: len(value) // 2], value[:1], [])


def _has_answer(exchange: Exchange) -> bool:
    return (
        exchange.response is not None
        and has_body(exchange.response)
        and exchange.response.size <= _LONGEST_BODY
    )


def _value(exchange: Exchange, at: str) -> Json:
    return _MISSING if exchange.response is None else pointer.first(exchange.response.body, at, _MISSING)


def _with(exchange: Exchange, at: str, value: Json) -> Exchange:
    """``exchange``, with ``value`` at ``at`` in the body of its answer."""
    assert exchange.response is not None
    body = pointer.put(exchange.response.body, at, value)
    return msgspec.structs.replace(exchange, response=msgspec.structs.replace(exchange.response, body=body))
