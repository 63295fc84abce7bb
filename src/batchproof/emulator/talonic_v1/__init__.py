"""An emulator of `talonic/v1`, written from the vendor's public documentation."""

from . import faults, moves, variants
from .behaviour import Behaviour
from .emulator import FIXTURES, Emulator
from .plants import registry

__all__ = ["FIXTURES", "Behaviour", "Emulator", "faults", "moves", "registry", "variants"]
