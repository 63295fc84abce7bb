"""Sends negative probes: the valid control, then the same request with one change."""

from collections import defaultdict
from contextlib import suppress

import msgspec

from batchproof.client import Call
from batchproof.contract import Contract
from batchproof.contract.model import Probe
from batchproof.contract.placeholders import may_pass
from batchproof.drive.api import Api
from batchproof.drive.errors import Stopped, Unmet, check_may_change, needing
from batchproof.drive.generation.paths import own_id
from batchproof.history import ELSEWHERE, INTERNAL, Exchange, Response

CHANCES = 3
# how often a request is sent that something other than the API may have answered, and how long is waited before
_TIMES = 3
_BEFORE_ANOTHER_S = 1.0


class Prober:
    """Sends probes for one scenario. Probes of a run that share their valid control share its exchange."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def send(self, name: str) -> None:
        """Sends one probe. Raises ``Unmet`` when something that it needs is missing, ``Stopped`` when no answer comes in time."""
        api = self._api
        probe = api.contract.probes[name]
        key = control_of(probe)
        with needing(probe=name):
            if probe.generated:
                control = api.requests.control(probe)
                if api.contract.operation(probe.operation).method == "GET":
                    # what was just shown to one caller may be kept for the next
                    api.send(control)
                else:
                    control = self._harmless(probe, control)
                if self._failed(self._send_changed(probe, control).response):
                    self._send_changed(probe, control)
                return
            control = self._shared_control(probe, key)
            in_time = False
            for _ in range(_TIMES):
                exchange = self._send_changed(probe, control)
                answer, failure = exchange.response, exchange.failure
                if api.broken or not (self._from_elsewhere(probe, answer) or self._failed(answer)):
                    return
                in_time = in_time or failure is None or failure.kind != "timeout"
                # whether the answer is about the change shows only beside a request without it
                api.pause(_BEFORE_ANOTHER_S)
                with suppress(Unmet):
                    control = self._sent_control(probe, key)
            if not in_time:
                raise Stopped(f"{name} was not answered in time, {_TIMES} times")

    def _harmless(self, probe: Probe, control: Call) -> Call:
        """``control`` about an object of this run: a server that takes any credential must not change anything else."""
        settings = self._api.settings
        check_may_change(settings)
        declared = self._api.contract.operation(probe.operation)
        if declared.request is not None or "id" not in control.path or settings.base_url is None:
            return control
        own = own_id(self._api, probe.operation)
        if own is None:
            raise Unmet("this run has made no object that a call without a valid token may change")
        return msgspec.structs.replace(control, path={**control.path, "id": own})

    def _send_changed(self, probe: Probe, control: Call) -> Exchange:
        return self._api.send(self._api.requests.changed(probe, control))

    @staticmethod
    def _from_elsewhere(probe: Probe, response: Response | None) -> bool:
        """Whether something other than the API may have answered."""
        documented = probe.refused.statuses if probe.refused is not None else ()
        return response is None or (response.status in ELSEWHERE and response.status not in documented)

    @staticmethod
    def _failed(response: Response | None) -> bool:
        """Whether the server failed, which may be an accident."""
        return response is not None and response.status >= INTERNAL

    def _shared_control(self, probe: Probe, key: str) -> Call:
        api = self._api.of(f"control of {self._sharing(key)[0]}")
        return api.shared.once(f"control {key}", lambda: Prober(api)._sent_control(probe, key))  # noqa: SLF001 - the same class

    def _sent_control(self, probe: Probe, key: str) -> Call:
        """The valid request, sent. An object on its way may have ended before that, so another one gets its chance."""
        api = self._api
        declared = api.contract.operation(probe.operation)
        for _ in range(CHANCES if may_pass(key) else 1):
            control = api.requests.control(probe)
            answer = api.send(msgspec.structs.replace(control, control_of=self._sharing(key))).response
            if answer is not None and declared.accepts(answer.status):
                break
        return control

    def _sharing(self, key: str) -> list[str]:
        return sharing(self._api.contract)[key]


def control_of(probe: Probe) -> str:
    """What probes with the same valid control have in common."""
    return repr((probe.operation, probe.control))


def sharing(contract: Contract) -> dict[str, list[str]]:
    """The names of the probes that share a valid control, in order, by ``control_of``; they share its exchange, too."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, probe in sorted(contract.probes.items()):
        found[control_of(probe)].append(name)
    return dict(found)
