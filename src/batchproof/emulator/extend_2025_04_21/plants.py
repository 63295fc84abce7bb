"""The registry of this contract's faults and variants."""

from pathlib import Path

from batchproof.emulator import odd_json
from batchproof.emulator.extend_common.verbs import Accept
from batchproof.emulator.fault_table import FILE, read_faults
from batchproof.emulator.registry import Registry

from .behaviour import Behaviour

registry: Registry[Behaviour] = Registry()
odd_json.plant(registry, "get_batch_processor_run")
registry.add_table(lambda: read_faults(Path(__file__).with_name(FILE), [Accept]))
