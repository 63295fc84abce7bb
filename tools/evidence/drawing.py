"""The sample: it depends on nothing but the names of mutants, and stays whatever else comes or goes."""

import hashlib

from .mutants import Key

PER_MILLE = 1000


def drawn(*names: str) -> int:
    """A number that depends on nothing but the names."""
    return int.from_bytes(hashlib.blake2b("|".join(names).encode(), digest_size=8).digest(), "big")


def is_drawn(key: Key, per_mille: int) -> bool:
    """Whether a mutant belongs to the sample of ``per_mille`` of a thousand."""
    return drawn(*key) % PER_MILLE < per_mille
