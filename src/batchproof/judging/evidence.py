"""Collects observations and findings while rules look at a history."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

import msgspec

from batchproof.contract import first_names
from batchproof.contract.pointer import without_indices
from batchproof.contract.webhooks import RECEIVER
from batchproof.history import Exchange, Recorded
from batchproof.judging.exercised import Rows
from batchproof.judging.results import Finding
from batchproof.judging.words import Worded

_KEPT_EXCHANGES = 5
_KEPT_CHARACTERS = 300


class Evidence:
    """Per requirement: how often it was exercised, what contradicted it, which interpretations were seen."""

    def __init__(
        self, *, counting: bool = True, again: bool = True, operations: Collection[str] | None = None
    ) -> None:
        """Without ``counting``, what shapes exercise is not worked out: findings are all that is wanted.

        They are looked for in the very same bodies ``again`` and again, unless said otherwise. Nothing is found that rests
        on an answer of another operation than ``operations``, if they are given.
        """
        self.counting = counting
        self.again = again
        self.operations = operations
        # what was found of the very rows of this history
        self.rows: Rows = {}
        self.observations: Counter[str] = Counter()
        self.interpretations: Counter[tuple[str, str]] = Counter()
        self._findings: dict[str, dict[str, Finding]] = defaultdict(dict)

    def counts(self, evidence: Recorded) -> bool:
        """Whether something may be found in ``evidence``: nobody claims otherwise of what is no operation of the contract."""
        operation = evidence.operation if isinstance(evidence, Exchange) else RECEIVER
        return self.operations is None or operation is None or operation in self.operations

    def observe(self, requirement: str, times: int = 1) -> None:
        """``requirement`` was exercised."""
        self.observations[requirement] += times

    def follow(self, requirement: str, interpretation: str) -> None:
        """The server was seen to follow one interpretation of a contradiction."""
        self.observations[requirement] += 1
        self.interpretations[requirement, interpretation] += 1

    def contradict(
        self,
        requirement: str,
        *,
        rule: str,
        message: str,
        expected: str,
        observed: Any,
        exchanges: Iterable[Recorded],
        pointer: str = "",
        pattern: str | None = None,
        assumption: bool = False,
        times: int = 1,
        words: Worded | Callable[[], Worded] | None = None,
    ) -> None:
        """An observation contradicts ``requirement``; with an ``assumption``, unless something happened that nobody saw.

        ``rule`` and ``pattern`` (the pointer without anything that belongs to one run) make the fingerprint;
        observations with the same one are counted, not repeated. These are ``times`` at once. ``words`` are looked for once.
        """
        general = without_indices(pointer) if pattern is None else pattern
        fingerprint = hashlib.sha256(
            f"{requirement}|{first_names.rule(rule)}|{general}".encode()
        ).hexdigest()[:16]
        rests_on = list(exchanges)
        if not all(map(self.counts, rests_on)):
            return
        evidence = [exchange.id for exchange in rests_on]
        earlier = self._findings[requirement].get(fingerprint)
        if earlier is None:
            said = words() if callable(words) else words or Worded(message)
            self._findings[requirement][fingerprint] = Finding(
                fingerprint=fingerprint,
                blame="server",
                message=message,
                pointer=pointer,
                expected=expected,
                observed=_short(observed),
                exchanges=evidence[:_KEPT_EXCHANGES],
                count=times,
                assumption=assumption,
                headline=_cut(said.headline),
                shown=[msgspec.structs.replace(item, text=_cut(item.text)) for item in said.shown],
            )
            return
        fresh = [item for item in evidence if item not in earlier.exchanges]
        self._findings[requirement][fingerprint] = msgspec.structs.replace(
            earlier, exchanges=(earlier.exchanges + fresh)[:_KEPT_EXCHANGES], count=earlier.count + times
        )

    def findings(self, requirement: str) -> list[Finding]:
        """The findings on ``requirement``, by fingerprint."""
        return [finding for _, finding in sorted(self._findings.get(requirement, {}).items())]

    @property
    def contradicted(self) -> list[str]:
        """The requirements on which there are findings."""
        return [requirement for requirement, found in self._findings.items() if found]

    @property
    def finding_count(self) -> int:
        """How many different findings there are so far."""
        return sum(len(found) for found in self._findings.values())


def _cut(text: str) -> str:
    return text if len(text) <= _KEPT_CHARACTERS else text[:_KEPT_CHARACTERS] + "…"


def _short(value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=True, default=str)
    if len(text) <= _KEPT_CHARACTERS:
        return value
    return text[:_KEPT_CHARACTERS] + "…"
