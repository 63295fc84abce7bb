"""Records both runs: what the older version was asked, the newer one is asked, scenario by scenario, everything twice."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from batchproof import engine
from batchproof.client import Settings
from batchproof.contract import Contract
from batchproof.folders import HISTORY, fresh
from batchproof.history import History, read_history
from batchproof.leaks import check
from batchproof.plan import Cost, Scenario, plan_of, planned, scenarios_of
from batchproof.rehearsal.matching import Matched, matched
from batchproof.resuming import tidy
from batchproof.session import Endpoint, Session, foreseen
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.wire import AGAIN, variant_of

BEFORE, AFTER = "before", "after"
_TIMES = 2

Described = Callable[[str], object]
Only = Callable[[Scenario], bool]


class Side(NamedTuple):
    """One of the two versions, and how it is asked."""

    contract: Contract
    settings: Settings


class Plan(NamedTuple):
    """What a rehearsal drives, and what that costs at most under each version."""

    scenarios: list[Scenario]
    older: Cost
    newer: Cost

    @property
    def documents(self) -> int:
        """How many documents may be processed, and billed, under both versions together."""
        return _TIMES * (self.older.documents + self.newer.documents)


def plan_rehearsal(mapped: Map, older: Side, newer: Side, only: Only = lambda _: True) -> Plan:
    """The scenarios of the older contract that have a counterpart, what establishes most for its cost first.

    ``only`` chooses among them.
    """
    each = [_planned(side, only) for side in (older, newer)]
    pairs = {variant: matched(mapped, variant, *each) for variant in mapped.variants}
    names = {pair.older.name for found in pairs.values() for pair in found}
    chosen = [scenario for scenario in each[0] if scenario.name in names]
    first = plan_of(older.contract, foreseen(older.contract, older.settings), chosen)
    settings = foreseen(newer.contract, newer.settings)
    costs = [
        plan_of(newer.contract, settings, [pair.newer for pair in found]).cost for found in pairs.values()
    ]
    return Plan(
        [item.scenario for item in first.items],
        first.cost,
        max(costs, key=lambda cost: cost.documents, default=Cost()),
    )


def _planned(side: Side, only: Only) -> list[Scenario]:
    settings = foreseen(side.contract, side.settings)
    return [item for item in planned(side.contract, settings, scenarios_of(side.contract)) if only(item)]


def record(
    mapped: Map,
    sides: tuple[Side, Side],
    endpoints: tuple[Endpoint, Endpoint],
    plan: Plan,
    folder: Path,
    say: Described,
) -> tuple[History, History, list[str]]:
    """Drives both versions, and returns what was recorded, and why either server could not be tested at all, if so.

    Raises ``ConfigError`` where the folder cannot be used, ``LeakError``, and ``OSError``.
    """
    older, newer = sides
    troubles: list[str] = []
    with ExitStack() as stack:
        for name in (BEFORE, AFTER):
            fresh(str(folder / name), [], stack)
        say(f"{older.contract.id}: {_TIMES * len(plan.scenarios)} scenarios")
        troubles += _drive(older, endpoints[0], folder / BEFORE, _twice(plan.scenarios))
        before = read_history(folder / BEFORE / HISTORY)
        pairs = matched(mapped, variant_of(mapped, before), plan.scenarios, _planned(newer, lambda _: True))
        say(f"{newer.contract.id}: {_TIMES * len(pairs)} scenarios")
        troubles += _drive(newer, endpoints[1], folder / AFTER, _twice(map(_named, pairs)))
        after = read_history(folder / AFTER / HISTORY)
        for endpoint, side, name in zip(endpoints, sides, (BEFORE, AFTER), strict=True):
            tidy(folder / name, before if name == BEFORE else after)
            check(folder / name, endpoint.applied(side.settings).secrets)
    return before, after, troubles


def _named(pair: Matched) -> Scenario:
    """The newer scenario under the name of the older one: that is what seeds and labels of requests are made from."""
    return pair.newer._replace(name=pair.older.name)


def _twice(scenarios: Iterable[Scenario]) -> list[Scenario]:
    return [
        one for scenario in scenarios for one in (scenario, scenario._replace(name=scenario.name + AGAIN))
    ]


def _drive(side: Side, endpoint: Endpoint, folder: Path, scenarios: list[Scenario]) -> list[str]:
    settings = msgspec.structs.replace(side.settings, max_runs=side.settings.max_runs // _TIMES)
    session = Session(side.contract, settings, folder, endpoint)
    interrupted = True
    try:
        session.start(scenarios=[scenario.name for scenario in scenarios])
        session.look_around()
        if session.trouble is None:
            for ended in engine.run(session, scenarios, settings.workers):
                if ended.error is not None:
                    raise session.unwritable or ended.error
        interrupted = False
    finally:
        session.close(interrupted=interrupted)
    return [] if session.trouble is None else [f"{side.contract.id}: {session.trouble}"]
