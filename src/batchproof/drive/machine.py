"""State machines: everything that a user may do with batches and runs, in a random order, many of them at a time.

Hypothesis chooses the steps. Nothing here decides what is right: a failure is found later, in the history, so a machine
never fails and Hypothesis never shrinks. What is drawn never depends on what the server has answered, since Hypothesis
takes a second run of the same choices for the first.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from batchproof.client import Settings
from batchproof.contract.linked import Creating, Flow, Submitting
from batchproof.drive.api import Api
from batchproof.drive.choosing import choosing
from batchproof.drive.errors import Stopped, Unmet, needing
from batchproof.drive.random_walks import RandomWalk
from batchproof.drive.refs import Ref
from batchproof.drive.workflows import Workflow

# not st.integers: of those Hypothesis takes some from the source code of whatever modules happen to be loaded
_PICK = st.tuples(*[st.booleans()] * 14).map(lambda bits: sum(bit << at for at, bit in enumerate(bits)))
# at how many objects a scenario looks back in its end
LOOKED_BACK_AT = 16
_KINDS = (
    ("document",),
    ("document", "failing"),
    ("document", "document", "document"),
    ("document", "failing", "document"),
    ("failing",),
)

T = TypeVar("T")
F = TypeVar("F", bound=Flow)


class Size(NamedTuple):
    """Through how many scenarios a workflow is driven, and of how many steps each."""

    scenarios: int
    steps: int


def size_of(settings: Settings) -> Size:
    """Large where nothing costs anything, small on a server that may charge for every document, or if time is short."""
    if settings.profile != "full":
        return Size(1, 20)
    return Size(2, 50) if settings.base_url is None else Size(4, 40)


def random_walk(api: Api, workflow: Workflow, size: Size) -> None:
    """Drives the operations of a workflow in a random order; the same seed gives the same one.

    Raises ``Unmet`` when a limit or a missing fixture ended it before its time.
    """
    journey = _Journey(api, workflow)
    for number in range(size.scenarios):
        journey.begun = 0
        # a run of its own for each scenario: within one, Hypothesis repeats itself
        _run(journey, f"{api.settings.seed}/{number}", size.steps)
        if journey.unmet is not None:
            with needing(workflow.operations):
                raise journey.unmet


def _run(journey: "_Journey", seed: str, steps: int) -> None:
    class Scenario(_Machine):
        def __init__(self) -> None:
            super().__init__(journey)

    run_state_machine_as_test(
        hypothesis.seed(seed)(Scenario),
        settings=choosing(2, steps=steps),
    )


class _Journey:
    """What all scenarios of a workflow share. ``unmet`` is what ended them before their time."""

    def __init__(self, api: Api, workflow: Workflow) -> None:
        self.api = api
        self.workflow = workflow
        self.begun = 0
        self.unmet: Unmet | None = None
        with needing(workflow.operations):
            self.submits = self._ways(Submitting)
            self.creates = self._ways(Creating)
            self.filters = {
                listing: [query for query in api.requests.documented_queries(listing) if len(query) == 1]
                for listing in workflow.listings
            }

    def _ways(self, begins: type[F]) -> list[tuple[F, tuple[str, ...]]]:
        """The flows that begin like that, each with the kinds of documents that can be given to it."""
        known = {"document", *self.api.contract.manifest.inputs}
        ways: list[tuple[F, tuple[str, ...]]] = []
        for flow in self.workflow.flows:
            if isinstance(flow, begins):
                ways += [(flow, kinds) for kinds in _KINDS if set(kinds) <= known]
        return ways


class _Machine(RuleBasedStateMachine):
    """One scenario. The first of each run of Hypothesis is the dullest that there is, and is left out."""

    def __init__(self, journey: _Journey) -> None:
        super().__init__()
        self._journey = journey
        self._idle = journey.begun == 0
        journey.begun += 1
        self._random_walk = RandomWalk(journey.api, journey.workflow)
        self._met = False
        self._asked: Counter[str] = Counter()

    @rule(action=_PICK, pick=_PICK, other=_PICK)
    def step(self, action: int, pick: int, other: int) -> None:
        """One step. An unexpected answer ends the step, what is unmet ends the journey."""
        if self._idle or self._journey.unmet is not None:
            return
        try:
            if not self._met:
                self._met = True
                self._random_walk.meet()
            self._act(action, pick, other)
        except Stopped:
            return
        except Unmet as unmet:
            self._journey.unmet = unmet

    def teardown(self) -> None:
        """Looks back at what ended, when every replica has heard of it."""
        if self._idle or self._journey.unmet is not None or not self._random_walk.objects:
            return
        try:
            self._random_walk.wait_a_moment()
            met = dict.fromkeys(
                [*self._random_walk.objects, *self._random_walk.ended, *self._random_walk.gone]
            )
            for ref in list(met)[-LOOKED_BACK_AT:]:
                with suppress(Stopped):
                    self._random_walk.look(ref)
        except Unmet as unmet:
            self._journey.unmet = unmet

    def _act(self, action: int, pick: int, other: int) -> None:
        journey, random_walk = self._journey, self._random_walk
        room = random_walk.may_make
        actions: list[tuple[int, object, Callable[[], None]]] = [
            (3, journey.submits and room, lambda: self._submit(pick, other)),
            (2, journey.creates and room, lambda: self._create(pick, other)),
            (3, random_walk.objects, lambda: random_walk.look(_recent(random_walk.objects, pick))),
            (4, random_walk.focus, random_walk.look_around),
            (2, random_walk.on_the_way, lambda: random_walk.settle(_recent(random_walk.on_the_way, pick))),
            (
                3,
                random_walk.ended,
                lambda: random_walk.look(_recent(random_walk.ended, pick), 1 << other % 4),
            ),
            (6, journey.workflow.listings, lambda: self._list(pick, other)),
            (2, random_walk.pages, lambda: random_walk.page_on(_one(random_walk.pages, pick))),
            (
                2,
                random_walk.owned,
                lambda: random_walk.traverse(*_recent(random_walk.owned, pick), size=other % 3),
            ),
            (3, random_walk.to_cancel, lambda: self._cancel(_recent(random_walk.to_cancel, pick), other)),
            (2, journey.creates and room, lambda: self._create_and_cancel(pick, other)),
            (2, random_walk.too_late, lambda: self._cancel(_recent(random_walk.too_late, pick), other)),
            (2, random_walk.to_delete, lambda: self._delete(pick, other)),
            (2, random_walk.gone, lambda: random_walk.look(_recent(random_walk.gone, pick))),
            (1, random_walk.to_refresh, lambda: random_walk.refresh(_recent(random_walk.to_refresh, pick))),
            (1, True, lambda: random_walk.wait(1 + other % 3)),
        ]
        chosen = [act for weight, able, act in actions if able for _ in range(weight)]
        _one(chosen, action)()

    def _submit(self, pick: int, other: int) -> None:
        self._random_walk.submit(*_one(self._journey.submits, pick))
        if not self._random_walk.owned or other % 4 == 0:
            return
        before = len(self._random_walk.objects)
        self._random_walk.traverse(*self._random_walk.owned[-1], size=0)
        runs = [ref for ref in self._random_walk.objects[before:] if ref in self._random_walk.to_cancel]
        if runs and other % 4 > 1:
            self._cancel(_one(runs, pick), other)

    def _list(self, pick: int, other: int) -> None:
        random_walk = self._random_walk
        listing = _one(self._journey.workflow.listings, pick)
        filters = self._journey.filters[listing]
        # a filter says most where something passes it and something does not
        telling = [chosen for chosen in filters if random_walk.statuses & set(chosen.values())]
        seldom = min((self._asked[_key(chosen)] for chosen in telling), default=0)
        telling = [chosen for chosen in telling if self._asked[_key(chosen)] == seldom]
        chosen: dict[str, str] = {}
        if other % 4 and filters:
            chosen = _one(telling if telling and other % 4 > 1 else filters, other // 4)
            self._asked[_key(chosen)] += 1
        batch = _recent(random_walk.batches, pick) if random_walk.batches and other % 5 > 1 else None
        random_walk.list_rows(listing, chosen, batch, size=pick % 4 if batch is not None else 0)
        if pick % 8:
            random_walk.look_around()

    def _create(self, pick: int, other: int) -> None:
        self._random_walk.create(*_one(self._journey.creates, pick))
        if other % 3 == 0:
            self._random_walk.settle(self._random_walk.objects[-1])

    def _create_and_cancel(self, pick: int, other: int) -> None:
        self._random_walk.create(*_one(self._journey.creates, pick))
        made = self._random_walk.objects[-1]
        if made in self._random_walk.to_cancel:
            self._cancel(made, other)

    def _cancel(self, ref: Ref, other: int) -> None:
        with suppress(Stopped):
            self._random_walk.cancel(ref)
        if other % 4:
            self._random_walk.look_around()

    def _delete(self, pick: int, other: int) -> None:
        ref = _recent(self._random_walk.to_delete, pick)
        if self._journey.creates and self._random_walk.may_make and other % 2:
            self._random_walk.create(*_one(self._journey.creates, pick))
        self._random_walk.delete(ref)
        self._random_walk.look_around()
        if ref in self._random_walk.gone:
            self._random_walk.look(ref)


def _key(query: dict[str, str]) -> str:
    return urlencode(sorted(query.items()))


def _one(choices: Sequence[T], pick: int) -> T:
    return choices[pick % len(choices)]


def _recent(choices: Sequence[T], pick: int) -> T:
    """Any of ``choices``, but every other time one of the last few."""
    return _one(choices if pick % 2 else choices[-4:], pick // 2)
