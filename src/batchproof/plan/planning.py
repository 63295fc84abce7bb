"""Which scenarios a run drives, and in which order."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from batchproof.client import Settings
from batchproof.contract import Contract
from batchproof.contract.model import PROFILES
from batchproof.history import START
from batchproof.plan.costs import Priced, first_calls, priced, start
from batchproof.plan.scenarios import Scenario, scenarios_of
from batchproof.plan.showing import Showing
from batchproof.plan.tally import Common, Cost, Prepared, Tally
from batchproof.plan.value import by_value

_WHAT_WAS_THERE = "test_existing_object_is_read_twice"


class Item(Struct, frozen=True, kw_only=True):
    """A scenario in a plan: its cost without what is made for others as well, and the requirements that it can establish.

    ``lost`` are those that it could establish, were it not for what it lacks.
    """

    priced: Priced
    establishes: frozenset[str]
    lost: frozenset[str] = frozenset()

    @property
    def scenario(self) -> Scenario:
        """What is driven."""
        return self.priced.scenario


class Plan(Struct, frozen=True, kw_only=True):
    """The scenarios of a run, in order; what is made once for them, by name; and the requirements that the run owes.

    ``at_once`` are those of them that the first look around can establish.
    """

    items: list[Item]
    prepared: dict[str, Prepared]
    owed: frozenset[str]
    at_once: frozenset[str]

    @property
    def steps(self) -> Iterator[tuple[Item, Cost]]:
        """The scenarios, each with its cost together with all that nobody made before."""
        made = {START}
        for item in self.items:
            fresh = item.priced.needs - made
            made |= fresh
            yield item, sum((self.prepared[name].cost for name in sorted(fresh)), item.priced.cost)

    @property
    def cost(self) -> Cost:
        """What the run costs at most, preparations included."""
        parts = [item.priced.cost for item in self.items] + [made.cost for made in self.prepared.values()]
        return sum(parts, Cost())

    @property
    def documents_needed(self) -> int:
        """How many documents must be allowed, so that no scenario is short of them."""
        large = [item.priced for item in self.items if item.priced.is_large]
        made = frozenset().union(*(item.needs for item in large))
        room = max((item.cost.headroom for item in large), default=0)
        room += sum(self.prepared[name].cost.documents for name in made)
        rest = max((item.priced.cost.headroom for item in self.items if not item.priced.is_large), default=0)
        return max(self.cost.documents + rest, room)


def plan(contract: Contract, settings: Settings) -> Plan:
    """The plan of a run: all that ``contract`` has something for and the profile of ``settings`` drives.

    Of a shard, its share of them.
    """
    return plan_of(contract, settings, planned(contract, settings, scenarios_of(contract)))


def shared_out(settings: Settings, scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Those of ``scenarios`` that fall to the shard of ``settings``: each to one, whatever their order."""
    shard = settings.shard
    if shard is None:
        return list(scenarios)
    names = set(sorted(scenario.name for scenario in scenarios)[shard.number - 1 :: shard.of])
    return [scenario for scenario in scenarios if scenario.name in names]


def planned(contract: Contract, settings: Settings, scenarios: Iterable[Scenario]) -> Iterator[Scenario]:
    """Those of ``scenarios`` that the profile drives."""
    for scenario in scenarios:
        if PROFILES.index(scenario.profile) <= PROFILES.index(settings.profile) and _is_owed(
            contract, settings, scenario
        ):
            yield scenario


def plan_of(contract: Contract, settings: Settings, scenarios: Iterable[Scenario]) -> Plan:
    """``scenarios`` with what they cost and can establish, in the order of what they establish for what they cost.

    Of a shard, its share of them.
    """
    common = Common(contract, settings)
    showing = Showing(contract, settings)
    Tally(common).apart(START, start)
    found = [priced(common, scenario) for scenario in shared_out(settings, list(scenarios))]
    nothing: frozenset[str] = frozenset()
    could = [showing.of(item.scenario, item.uses) if item.does_anything else nothing for item in found]
    shown = [nothing if item.lacks else rows for item, rows in zip(found, could, strict=True)]
    order = by_value(
        found,
        shown,
        common.prepared,
        max_runs=settings.max_runs,
        free=settings.base_url is None,
        # later, lists would show what the run has made
        first=[at for at, item in enumerate(found) if item.scenario.run.__name__ == _WHAT_WAS_THERE],
    )
    needed = frozenset({START}).union(*(item.needs for item in found))
    return Plan(
        items=[
            Item(
                priced=found[at],
                establishes=shown[at] & showing.owed,
                lost=(could[at] - shown[at]) & showing.owed,
            )
            for at in order
        ],
        prepared={name: made for name, made in common.prepared.items() if name in needed},
        owed=showing.owed,
        at_once=showing.of_calls(first_calls(contract, settings)) & showing.owed,
    )


def _is_owed(contract: Contract, settings: Settings, scenario: Scenario) -> bool:
    probe = contract.probes.get(scenario.values.get("probe_name", ""))
    # on the embedded emulator nothing costs anything
    free = settings.base_url is None and settings.profile == "core"
    if probe is None or settings.profile == "full" or free:
        return True
    return PROFILES.index(contract.requirements[probe.requirement].set) <= PROFILES.index(settings.profile)
