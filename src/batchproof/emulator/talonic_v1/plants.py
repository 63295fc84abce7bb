"""The registry of this contract's faults and variants."""

from batchproof.emulator import odd_json
from batchproof.emulator.registry import Registry

from .behaviour import Behaviour

registry: Registry[Behaviour] = Registry()
odd_json.plant(registry, "get_batch")
