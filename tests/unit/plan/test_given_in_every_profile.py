"""What the user gives is watched to its end, and read, in every profile of every contract."""

from collections.abc import Callable
from types import ModuleType

import pytest

from batchproof.contract import Contract
from batchproof.contract.linked import Reader
from batchproof.contract.model import PROFILES, Profile
from batchproof.plan import plan, scenarios_of


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", ["extend/2026-02-09", "extend/2025-04-21", "talonic/v1"])
def test_every_reader_of_given_objects_is_driven(
    build: ModuleType, installed: Callable[[str], Contract], name: str, profile: Profile
) -> None:
    contract = installed(name)
    readers = {item for item in contract.operations.values() if isinstance(item, Reader)}
    planned = plan(contract, build.settings(contract, profile=profile, max_runs=0)).items
    driven = {
        item.scenario.values["reader"]
        for item in planned
        if item.scenario.run.__name__ == "test_given_objects_are_watched_to_their_end"
    }
    assert driven == readers
    # and nothing is given that none of them reads
    given = {fixture.resource for fixture in contract.manifest.fixtures.values() if fixture.resource}
    assert given <= {reader.reads.name for reader in readers}


@pytest.mark.parametrize("name", ["extend/2026-02-09", "extend/2025-04-21", "talonic/v1"])
def test_scenarios_name_operations_only(installed: Callable[[str], Contract], name: str) -> None:
    contract = installed(name)
    named = {operation for scenario in scenarios_of(contract) for operation in scenario.operations}
    assert named - contract.operations.keys() == set()
