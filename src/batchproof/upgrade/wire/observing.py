"""Compares two recorded runs: what is different step by step, and for each difference whether the paper knows it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from batchproof.contract.linked import Operation
from batchproof.history import START, History, has_body
from batchproof.upgrade.change import Upgrade
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import Grade, Sight
from batchproof.upgrade.wire.answers import FIRST_ERROR, headers, outcomes, status_of, succeeded
from batchproof.upgrade.wire.bodies import Bodies, Sides
from batchproof.upgrade.wire.documents import documents
from batchproof.upgrade.wire.life_differences import life_differences
from batchproof.upgrade.wire.lists import page_differences
from batchproof.upgrade.wire.observation import ADDED, PRESENCE, Observation, Rehearsal, Seen
from batchproof.upgrade.wire.owned import owned
from batchproof.upgrade.wire.paper import Paper
from batchproof.upgrade.wire.positions import Layout, Reading, layout
from batchproof.upgrade.wire.renames import with_renames
from batchproof.upgrade.wire.steps import AGAIN, Beside, beside
from batchproof.upgrade.wire.words import what

# an accident does not come back
TWICE = 2
_SHOWN = 3


def observe(mapped: Map, described: Upgrade, older: History, newer: History, variant: str) -> Rehearsal:
    """What two recorded runs of the same scenarios show to have changed; ``described`` are the changes on paper."""
    paper = Paper(mapped, described, variant)
    pairs = beside(mapped, variant, older, newer)
    comparison = _Comparison(mapped, variant, paper, older, newer)
    found = [
        *(seen for pair in pairs for seen in comparison.of(pair)),
        *comparison.headers(pairs),
        *life_differences(mapped, variant, paper, older, newer),
    ]
    observations, once = _twice(mapped, found)
    return Rehearsal(
        variant=variant,
        older_sha256=older.sha256,
        newer_sha256=newer.sha256,
        scenarios=len({pair.scenario.removesuffix(AGAIN) for pair in pairs}),
        steps=len(pairs),
        once=once,
        observations=observations,
        left_out=[*_left_out(mapped.older.id, older), *_left_out(mapped.newer.id, newer)],
        profile=older.header.profile,
    )


def _left_out(contract: str, history: History) -> Iterator[str]:
    """Why scenarios ended early, the most frequent reasons first."""
    reasons = Counter((unmet.detail, unmet.option) for unmet in history.unmet if unmet.scenario != START)
    for (detail, option), count in reasons.most_common(_SHOWN):
        yield f"{contract}: {count} times {detail}" + (f" ({option})" if option else "")


class _Comparison:
    """Compares the steps of two runs."""

    def __init__(self, mapped: Map, variant: str, paper: Paper, older: History, newer: History) -> None:
        self._mapped = mapped
        self._variant = variant
        self._paper = paper
        self._own = owned(mapped.older, older), owned(mapped.newer, newer)
        self._layouts: dict[str, Layout | None] = {}

    def _layout(self, file: str) -> Layout | None:
        if file not in self._layouts:
            self._layouts[file] = layout(self._mapped, self._variant, file)
        return self._layouts[file]

    def of(self, pair: Beside) -> Iterator[Seen]:
        """Every difference between two steps but that of headers."""
        mapped = self._mapped
        yield from outcomes(mapped.older, mapped.newer, self._paper, pair)
        if succeeded(mapped.older, pair.older.last) and succeeded(mapped.newer, pair.newer.last):
            yield from self._shown(pair)
        elif min(status_of(pair.older.last), status_of(pair.newer.last)) >= FIRST_ERROR:
            yield from self._refusals(pair)

    def _shown(self, pair: Beside) -> Iterator[Seen]:
        operation = self._mapped.older.operation(pair.operation)
        found = self._layout(operation.success.schema)
        if found is None:
            return
        bodies = Bodies(
            self._mapped,
            self._variant,
            self._paper,
            found,
            "response",
            self._left_alone(operation, found),
        )
        before = documents(self._mapped.older, self._own[0], pair.older)
        after = documents(self._mapped.newer, self._own[1], pair.newer)
        for state in sorted({item.state for item in before} & {item.state for item in after}):
            sides = Sides(
                [Reading(item.body, frozenset(found.positions)) for item in before if item.state == state],
                [Reading(item.body, frozenset(found.newer)) for item in after if item.state == state],
            )
            yield from bodies.differences(sides, pair.operation, (pair.older.last.id, pair.newer.last.id))
        yield from page_differences(self._mapped.older, self._mapped.newer, self._paper, found, pair)

    def _refusals(self, pair: Beside) -> Iterator[Seen]:
        found = self._layout(self._mapped.older.manifest.error)
        answers = pair.older.last.response, pair.newer.last.response
        if found is None or not all(answer is not None and has_body(answer) for answer in answers):
            return
        one, two = (answer.body for answer in answers if answer is not None)
        sides = Sides([Reading(one, frozenset(found.positions))], [Reading(two, frozenset(found.newer))])
        bodies = Bodies(self._mapped, self._variant, self._paper, found, "error", frozenset())
        yield from bodies.differences(sides, pair.operation, (pair.older.last.id, pair.newer.last.id))

    def _left_alone(self, operation: Operation, found: Layout) -> frozenset[str]:
        """What depends on the moment of the look: statuses of what an answer shows, and whether a page is the last one."""
        places = {view.at + (view.resource.status or "") for view in operation.success.shows}
        if operation.pages is not None:
            places.add(operation.pages.next)
        return frozenset(places & set(found.positions))

    def headers(self, pairs: Iterable[Beside]) -> Iterator[Seen]:
        """Headers that all answers of an operation have under one version, and none under the other."""
        by_operation: dict[str, list[Beside]] = defaultdict(list)
        for pair in pairs:
            by_operation[pair.operation].append(pair)
        for operation, each in by_operation.items():
            was = [headers(pair.older.last) for pair in each]
            now = [headers(pair.newer.last) for pair in each]
            lost = set.intersection(*was) - set().union(*now)
            new = set.intersection(*now) - set().union(*was)
            for name in sorted(lost | new):
                kind: Sight = "header-absent" if name in lost else "header-new"
                known = self._paper.stated(name, kind)
                for pair in each:
                    yield Seen(
                        subject=name,
                        about="header",
                        kind=kind,
                        before="there" if name in lost else "absent",
                        after="absent" if name in lost else "there",
                        operation=operation,
                        exchanges=(pair.older.last.id, pair.newer.last.id),
                        known=known,
                    )


def _twice(mapped: Map, found: Iterable[Seen]) -> tuple[list[Observation], int]:
    """What showed at least twice, the unknown first; and how much showed only once."""
    grouped: dict[tuple[object, ...], list[Seen]] = defaultdict(list)
    for seen in found:
        values = ("", "") if seen.kind in PRESENCE else (seen.before, seen.after)
        key = (seen.subject, seen.about, seen.kind, *values, seen.known, seen.documented, seen.open)
        grouped[key].append(seen)
    kept = [each for each in grouped.values() if len({seen.exchanges for seen in each}) >= TWICE]
    once = sum(not each[0].open for each in grouped.values()) - sum(not each[0].open for each in kept)
    row = mapped.migration.allowed.property
    observations = [_observation(each, "compatible" if row else "risky") for each in with_renames(kept)]
    return sorted(observations, key=lambda item: (not item.unknown, item.id)), once


def _observation(each: list[Seen], addition: Grade) -> Observation:
    first = each[0]
    pairs = list(dict.fromkeys(seen.exchanges for seen in each))
    return Observation(
        id=f"{first.subject}.{first.kind}",
        about=first.about,
        kind=first.kind,
        grade=addition if first.kind in ADDED else "breaking",
        what=what(first),
        before=first.before,
        after=first.after,
        operations=sorted({seen.operation for seen in each}),
        seen=len(pairs),
        exchanges=pairs[:_SHOWN],
        changes=list(first.known),
        documented=first.documented,
    )
