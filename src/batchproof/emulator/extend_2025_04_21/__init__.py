"""An emulator of `extend/2025-04-21`, written from the vendor's public documentation."""

from batchproof.emulator.extend_common.vendor import VERSION_HEADER

from . import faults, variants
from .behaviour import Behaviour
from .emulator import FIXTURES, Emulator
from .plants import registry

# the header, and its value, by which a request chooses this version
CHOSEN_BY = (VERSION_HEADER, Emulator.version)

__all__ = [
    "CHOSEN_BY",
    "FIXTURES",
    "Behaviour",
    "Emulator",
    "faults",
    "registry",
    "variants",
]
