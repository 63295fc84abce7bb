"""JSON for other programs: ASCII, so that nothing in it steers a terminal, and no CI runner sees a command."""

import json

from batchproof.history.inert import inert


def encoded(value: object) -> bytes:
    """The bytes of a JSON file that holds ``value``."""
    return inert(json.dumps(value, indent=2)).encode("ascii") + b"\n"
