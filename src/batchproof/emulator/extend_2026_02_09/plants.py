"""The registry of this contract's faults and variants."""

from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.registry import Registry

registry: Registry[Behaviour] = Registry()
