"""What two recorded runs of the same scenarios, one under each version, show to have changed: a pure function of both."""

from batchproof.upgrade.wire.observation import Observation, Rehearsal
from batchproof.upgrade.wire.observing import observe
from batchproof.upgrade.wire.steps import AGAIN
from batchproof.upgrade.wire.variants import variant_of

__all__ = ["AGAIN", "Observation", "Rehearsal", "observe", "variant_of"]
