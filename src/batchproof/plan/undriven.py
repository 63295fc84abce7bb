"""Operations of a contract that no scenario drives."""

from batchproof.contract import Contract
from batchproof.contract.linked import Operation
from batchproof.plan.scenarios import scenarios_of


def undriven(contract: Contract) -> list[str]:
    """The operations that no scenario, no probe and no look for fixtures sends, in the order of the contract."""
    manifest = contract.manifest
    probes = {probe.operation for probe in contract.probes.values() if not probe.generated}
    found = {
        fixture.discover.operation for fixture in manifest.fixtures.values() if fixture.discover is not None
    }
    driven = probes | found | {manifest.preflight}
    for scenario in scenarios_of(contract):
        driven.update(scenario.operations)
        driven.update(str(value) for value in scenario.values.values() if isinstance(value, str | Operation))
    return [name for name in manifest.operations if name not in driven]
