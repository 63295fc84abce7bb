"""The emulator: an embedded stand-in server that keeps a documented contract, until a fault is planted into it.

It is written from the vendors' documentation alone and imports no other part of batchproof,
so that the emulator and the rules cannot share a mistake.
"""

from batchproof.serving import Server

from .behaviour import Behaviour, Point
from .catalog import contracts, create_app, faults, fixtures, variants
from .clock import Clock, ManualClock, SteppingClock, SystemClock
from .embedded import Application, Embedded, embedded
from .postman import Webhook
from .registry import Fault, Variant
from .side_by_side import create_apps

__all__ = [
    "Application",
    "Behaviour",
    "Clock",
    "Embedded",
    "Fault",
    "ManualClock",
    "Point",
    "Server",
    "SteppingClock",
    "SystemClock",
    "Variant",
    "Webhook",
    "contracts",
    "create_app",
    "create_apps",
    "embedded",
    "faults",
    "fixtures",
    "variants",
]
