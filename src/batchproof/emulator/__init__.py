"""The emulator: an embedded stand-in server that keeps a documented contract, until a fault is planted into it.

It is written from the vendors' documentation alone and imports no other part of batchproof,
so that the emulator and the rules cannot share a mistake.
"""

from .catalog import contracts, create_app, faults, fixtures, variants
from .clock import Clock, ManualClock, SteppingClock, SystemClock
from .embedded import Embedded
from .registry import Fault, Variant
from .server import Server

__all__ = [
    "Clock",
    "Embedded",
    "Fault",
    "ManualClock",
    "Server",
    "SteppingClock",
    "SystemClock",
    "Variant",
    "contracts",
    "create_app",
    "faults",
    "fixtures",
    "variants",
]
