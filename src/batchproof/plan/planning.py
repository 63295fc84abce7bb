"""Which scenarios a run drives, and in which order."""

from collections.abc import Iterable, Iterator, Sequence

from batchproof.contract import Contract
from batchproof.contract.model import PROFILES
from batchproof.plan.scenarios import Scenario, scenarios_of
from batchproof.target import Settings


def plan(contract: Contract, settings: Settings) -> list[Scenario]:
    """The scenarios of a run, in order: all that ``contract`` has something for and the profile of ``settings`` drives.

    Of a shard, its share of them.
    """
    return shared_out(settings, ordered(contract, planned(contract, settings, scenarios_of(contract))))


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


def ordered(contract: Contract, scenarios: Iterable[Scenario]) -> list[Scenario]:
    """What must be allowed most comes first, while the limit is still untouched; what is generated comes last."""
    return sorted(scenarios, key=lambda item: (item.group == "generated", -item.inputs_at_stake(contract)))


def _is_owed(contract: Contract, settings: Settings, scenario: Scenario) -> bool:
    probe = contract.probes.get(scenario.values.get("probe_name", ""))
    # on the embedded emulator nothing costs anything
    free = settings.base_url is None and settings.profile == "core"
    if probe is None or settings.profile == "full" or free:
        return True
    return PROFILES.index(contract.requirements[probe.requirement].set) <= PROFILES.index(settings.profile)
