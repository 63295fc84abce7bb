"""The registry of this contract's faults and variants."""

from batchproof.emulator.registry import Registry

from .mail import Behaviour

registry: Registry[Behaviour] = Registry()
