"""An emulator of `extend/2025-04-21`, written from the vendor's public documentation."""

from . import faults, variants, webhook_faults
from .behaviour import Behaviour
from .emulator import FIXTURES, Emulator
from .plants import registry

__all__ = ["FIXTURES", "Behaviour", "Emulator", "faults", "registry", "variants", "webhook_faults"]
