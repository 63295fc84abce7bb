"""Judges the mutants of contracts, in two processes."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from .documented import is_must
from .judging import Bench, digest
from .looks import Healthy
from .mutants import Fate, Key, Mutant
from .of_answers import of_answers
from .of_lists import of_lists
from .of_properties import of_properties
from .of_sequences import of_sequences
from .recording import record

_PROCESSES = 2
# smaller than what a process judges in all, so that none waits long for the other
_PARTS = 4
_PER_MILLE = 1000


class Judged(NamedTuple):
    """What became of a mutant; ``must``: a MUST row documents the property."""

    key: Key
    fate: Fate
    must: bool
    owner: str | None


def mutants(healthy: Healthy) -> Iterator[Mutant]:
    """Every mutant of a history, always in the same order. Some turn out to change nothing."""
    seen: set[Key] = set()
    for mutant in chain(
        of_answers(healthy), of_lists(healthy), of_sequences(healthy), of_properties(healthy)
    ):
        if mutant.key not in seen:
            seen.add(mutant.key)
            yield mutant


def judge_all(contracts: Sequence[str], per_mille: int = _PER_MILLE) -> dict[str, list[Judged]]:
    """The fate of every mutant of each contract, or of a sample: ``per_mille`` of a thousand, always the same ones."""
    parts = _PARTS if per_mille == _PER_MILLE else 1
    tasks = [(contract, per_mille, number, parts) for contract in contracts for number in range(parts)]
    found: dict[str, list[Judged]] = {contract: [] for contract in contracts}
    with ProcessPoolExecutor(_PROCESSES) as pool:
        for (contract, *_), items in zip(tasks, pool.map(_part, tasks), strict=True):
            found[contract] += items
    return {contract: sorted(items) for contract, items in found.items()}


def _part(task: tuple[str, int, int, int]) -> list[Judged]:
    contract, per_mille, number, parts = task
    bench = _bench(contract)
    found: list[Judged] = []
    seen: set[tuple[str, str, bytes]] = set()
    for mutant in mutants(bench.healthy):
        # mutants of one property are often the same, and judged once where they are judged together
        if _draw(mutant.key.property) % parts != number:
            continue
        if _draw("|".join(mutant.key)) % _PER_MILLE >= per_mille:
            continue
        changes = mutant.make()
        told = (mutant.key.property, mutant.key.operator, digest(changes))
        # a wider scope may reach no more than a narrower one
        if changes and told not in seen:
            seen.add(told)
            must = mutant.owner is not None and is_must(bench.healthy.contract, mutant.owner)
            found.append(Judged(mutant.key, bench.judged(mutant, changes), must, mutant.owner))
    return found


@lru_cache(maxsize=1)
def _bench(contract: str) -> Bench:
    return Bench(record(contract))


def _draw(text: str) -> int:
    """A number that depends on nothing but the text: the sample stays, whatever else comes or goes."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
