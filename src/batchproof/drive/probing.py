"""Sends negative probes: the valid twin, then the same request with one change."""

import msgspec

from batchproof.contract.model import Probe
from batchproof.drive.api import Api
from batchproof.drive.errors import needing
from batchproof.history import Exchange


class Prober:
    """Sends probes for one worker. Probes that share their valid twin share its exchange."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._twins: dict[str, Exchange] = {}

    def send(self, name: str) -> None:
        """Sends one probe. Raises ``Unmet`` when something that it needs is missing."""
        api = self._api
        probe = api.contract.probes[name]
        key = _key(probe)
        with needing(probe=name):
            twin = api.requests.twin(probe)
            changed = api.requests.changed(probe, twin)
            if key not in self._twins:
                self._twins[key] = api.send(msgspec.structs.replace(twin, twin_of=self._sharing(key)))
            api.send(changed)

    def _sharing(self, key: str) -> list[str]:
        return sorted(name for name, probe in self._api.contract.probes.items() if _key(probe) == key)


def _key(probe: Probe) -> str:
    return repr((probe.operation, probe.twin))
