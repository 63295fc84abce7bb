"""An emulator of `extend/2026-02-09`, written from the vendor's public documentation."""

from batchproof.emulator.extend_common.vendor import VERSION_HEADER

from . import (
    counting,
    faults,
    moves,
    variants,
    webhook_variants,
)
from .emulator import FIXTURES, Emulator
from .mail import Behaviour
from .plants import registry

# the header, and its value, by which a request chooses this version
CHOSEN_BY = (VERSION_HEADER, Emulator.version)

__all__ = [
    "CHOSEN_BY",
    "FIXTURES",
    "Behaviour",
    "Emulator",
    "counting",
    "faults",
    "moves",
    "registry",
    "variants",
    "webhook_variants",
]
