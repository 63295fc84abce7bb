"""Sends negative probes: the valid twin, then the same request with one change."""

import msgspec

from batchproof.contract.model import Probe
from batchproof.drive.api import Api
from batchproof.drive.errors import needing
from batchproof.target import Call

_CHANCES = 3


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
                self._twins[key] = self._sent_twin(probe, key)
            api.send(api.requests.changed(probe, self._twins[key]))

    def _sent_twin(self, probe: Probe, key: str) -> Call:
        """The valid request, sent. An object on its way may have ended before that, so another one gets its chance."""
        api = self._api
        success = api.contract.manifest.operations[probe.operation].success.status
        for _ in range(_CHANCES if "$working" in key else 1):
            twin = api.requests.twin(probe)
            answer = api.send(msgspec.structs.replace(twin, twin_of=self._sharing(key))).response
            if answer is not None and answer.status == success:
                break
        return twin

    def _sharing(self, key: str) -> list[str]:
        return sorted(name for name, probe in self._api.contract.probes.items() if _key(probe) == key)


def _key(probe: Probe) -> str:
    return repr((probe.operation, probe.twin))
