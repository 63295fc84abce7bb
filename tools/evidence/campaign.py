"""Judges the mutants of contracts, in two processes."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from .documented import is_must
from .drawing import PER_MILLE, drawn, is_drawn
from .judging import Bench, digest
from .looks import Healthy
from .mutants import Judged, Key, Mutant
from .of_answers import of_answers
from .of_lists import of_lists
from .of_properties import of_properties
from .of_sequences import of_sequences
from .openings import EXCUSED, Opening, needless
from .recording import record

_PROCESSES = 2
# smaller than what a process judges in all, so that none waits long for the other
_PARTS = 4


class Found(NamedTuple):
    """What became of the mutants that were judged, and the reasons that excuse none of all mutants."""

    judged: list[Judged]
    idle: list[Opening]


class _Task(NamedTuple):
    """One of the ``parts`` of a contract's mutants, or of a sample of them; of a sample also one part of the reasons."""

    contract: str
    openings: Sequence[Opening]
    per_mille: int
    number: int
    parts: int


def mutants(healthy: Healthy) -> Iterator[Mutant]:
    """Every mutant of a history, always in the same order. Some turn out to change nothing."""
    seen: set[Key] = set()
    for mutant in chain(
        of_answers(healthy), of_lists(healthy), of_sequences(healthy), of_properties(healthy)
    ):
        if mutant.key not in seen:
            seen.add(mutant.key)
            yield mutant


def judge_all(openings: Mapping[str, Sequence[Opening]], per_mille: int = PER_MILLE) -> dict[str, Found]:
    """The fate of every mutant of each contract, or of a sample: ``per_mille`` of a thousand, always the same ones.

    ``openings`` are by contract. Whether a reason excuses anything does not depend on the sample: where nothing in it tells,
    all that the reason covers is judged, until something is excused.
    """
    parts = _PARTS if per_mille == PER_MILLE else _PROCESSES
    tasks = [
        _Task(contract, openings[contract], per_mille, number, parts)
        for contract in openings
        for number in range(parts)
    ]
    judged: dict[str, list[Judged]] = {contract: [] for contract in openings}
    idle: dict[str, list[Opening]] = {contract: [] for contract in openings}
    with ProcessPoolExecutor(_PROCESSES) as pool:
        for task, found in zip(tasks, pool.map(_part, tasks), strict=True):
            judged[task.contract] += found.judged
            idle[task.contract] += found.idle
    if per_mille == PER_MILLE:
        idle = {contract: needless(items, openings[contract]) for contract, items in judged.items()}
    return {contract: Found(sorted(items), idle[contract]) for contract, items in judged.items()}


def _part(task: _Task) -> Found:
    bench = _bench(task.contract)
    found: list[Judged] = []
    seen: set[tuple[str, str, bytes]] = set()
    for mutant in mutants(bench.healthy):
        # mutants of one property are often the same, and judged once where they are judged together
        if drawn(mutant.key.property) % task.parts != task.number or not is_drawn(mutant.key, task.per_mille):
            continue
        changes = mutant.make()
        described = (mutant.key.property, mutant.key.operator, digest(changes))
        # a wider scope may reach no more than a narrower one
        if changes and described not in seen:
            seen.add(described)
            must = mutant.owner is not None and is_must(bench.healthy.contract, mutant.owner)
            found.append(Judged(mutant.key, bench.judged(mutant, changes), must, mutant.owner))
    if task.per_mille == PER_MILLE:
        return Found(found, [])
    return Found(found, _idle(bench, needless(found, task.openings[task.number :: task.parts])))


def _idle(bench: Bench, openings: Sequence[Opening]) -> list[Opening]:
    """Those of ``openings`` that excuse none of all mutants."""
    covered: list[list[Mutant]] = [[] for _ in openings]
    for mutant in mutants(bench.healthy) if openings else ():
        for number, opening in enumerate(openings):
            if opening.covers(mutant.key):
                covered[number].append(mutant)
    return [
        opening
        for opening, items in zip(openings, covered, strict=True)
        if not any(_is_excused(bench, item) for item in sorted(items, key=lambda item: drawn(*item.key)))
    ]


def _is_excused(bench: Bench, mutant: Mutant) -> bool:
    changes = mutant.make()
    return bool(changes) and bench.judged(mutant, changes) in EXCUSED


@lru_cache(maxsize=1)
def _bench(contract: str) -> Bench:
    return Bench(record(contract))
