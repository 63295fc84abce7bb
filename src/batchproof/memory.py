"""How often Python looks for garbage that refers to itself."""

import gc

_NEW_OBJECTS = 200_000


def collect_rarely() -> None:
    """Sets the interpreter for many objects that live long: looking through them over and over costs a fifth of a run."""
    gc.set_threshold(_NEW_OBJECTS)
