"""Sends negative probes: the valid twin, then the same request with one change."""

import msgspec

from batchproof.contract.model import Probe
from batchproof.drive.api import Api
from batchproof.drive.errors import needing
from batchproof.target import Call


class Prober:
    """Sends probes for one worker. Probes that share their valid twin share its exchange."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._twins: dict[str, Call] = {}

    def send(self, name: str) -> None:
        """Sends one probe. Raises ``Unmet`` when something that it needs is missing."""
        api = self._api
        probe = api.contract.probes[name]
        key = _key(probe)
        with needing(probe=name):
            if key not in self._twins:
                twin = api.requests.twin(probe)
                api.send(msgspec.structs.replace(twin, twin_of=self._sharing(key)))
                self._twins[key] = twin
            api.send(api.requests.changed(probe, self._twins[key]))

    def _sharing(self, key: str) -> list[str]:
        return sorted(name for name, probe in self._api.contract.probes.items() if _key(probe) == key)


def _key(probe: Probe) -> str:
    return repr((probe.operation, probe.twin))
