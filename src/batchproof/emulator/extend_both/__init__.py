"""Both emulated versions of the Extend API with one store: what is made under one is shown under the other, in its own form.

Written from the vendor's migration guide. Where no document says how an object of one version looks in the other, it is
not shown there.
"""

from batchproof.emulator.extend_2025_04_21 import Emulator as Older
from batchproof.emulator.extend_2026_02_09 import Emulator as Newer

from .pair import Pair


def join(older: Older, newer: Newer) -> None:
    """Let two emulators that have served nobody yet show each other's objects."""
    # one source of ids: two with the same seed would give the same ids to different objects
    newer.behaviour.random_bytes = older.behaviour.random_bytes
    newer.outbox.share(older.outbox)
    pairs: dict[str, Pair | None] = {}

    def meet(token: str, now: int) -> None:
        if token in pairs:
            return
        # the other version meets the token now, too, and calls back
        pairs[token] = None
        pairs[token] = Pair(older, older.workspace_of(token, now), newer, newer.workspace_of(token, now))

    older.met = newer.met = meet
