"""An emulator of `extend/2026-02-09`, written from the vendor's public documentation."""

from . import (
    config_faults,
    counting,
    faults,
    faults_of_haste,
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

__all__ = [
    "FIXTURES",
    "Behaviour",
    "Emulator",
    "config_faults",
    "counting",
    "faults",
    "faults_of_haste",
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
