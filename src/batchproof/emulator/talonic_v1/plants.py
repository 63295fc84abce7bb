"""The registry of this contract's faults and variants."""

from batchproof.emulator.registry import Registry

from .behaviour import Behaviour

registry: Registry[Behaviour] = Registry()
