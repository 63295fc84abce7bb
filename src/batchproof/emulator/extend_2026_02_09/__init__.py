"""An emulator of `extend/2026-02-09`, written from the vendor's public documentation."""

from batchproof.emulator.extend_common.vendor import VERSION_HEADER

from . import (
    config_faults,
    counting,
    faults,
    faults_of_concurrency,
    faults_of_order,
    moves,
    rare_faults,
    refusal_faults,
    review_faults,
    variants,
    webhook_faults,
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
    "config_faults",
    "counting",
    "faults",
    "faults_of_concurrency",
    "faults_of_order",
    "moves",
    "rare_faults",
    "refusal_faults",
    "registry",
    "review_faults",
    "variants",
    "webhook_faults",
    "webhook_variants",
]
