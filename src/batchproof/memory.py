"""How a long run keeps its memory small and its interpreter quick."""

import ctypes
import gc
import sys
from contextlib import suppress

_NEW_OBJECTS = 200_000
# a parameter of mallopt(3), and the bytes from which on a block is one of its own
_MMAP_THRESHOLD = -3
_LARGE = 1024 * 1024


def collect_rarely() -> None:
    """Sets the interpreter for many objects that live long: looking through them over and over costs a fifth of a run."""
    gc.set_threshold(_NEW_OBJECTS)


def give_back() -> None:
    """Lets glibc give large blocks back when they are freed; it would learn to keep them, in each thread anew."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
