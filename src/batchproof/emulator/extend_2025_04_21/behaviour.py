"""What faults and variants can change in this version's emulator, besides the hooks."""

from collections.abc import Callable

from batchproof.emulator.exchange import Answer, Call
from batchproof.emulator.extend_common import mail as common
from batchproof.emulator.extend_common.life import TERMINAL


class Behaviour(common.Behaviour):
    """The documented behaviour, until it is changed; a new run is PROCESSING at once (Run Processor)."""

    def __init__(self, step_ms: int) -> None:
        super().__init__(step_ms)
        self.pending_steps = 0
        self.uncancellable = TERMINAL
        self.requires_input = True
        self.requires_config_type = True
        self.filters_status = True
        self.deletes = True
        # How the event of a run is named, by how the run has ended.
        self.event_type: Callable[[str], str] = lambda ended: f"processor_run.{ended}"

    def refusal(self, status: int, message: str, call: Call) -> Answer:  # noqa: ARG002
        """Error Handling: the message beside `success`."""
        return Answer(status, {"success": False, "error": message})
