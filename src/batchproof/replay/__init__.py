"""Sends the requests of one finding again: the smallest sequence that still shows it."""

from batchproof.replay.again import replay
from batchproof.replay.performing import Outcome, Performance, perform
from batchproof.replay.phase import conclude, write_scripts
from batchproof.replay.script import Script, ScriptError, read_script, script_of, to_json

__all__ = [
    "Outcome",
    "Performance",
    "Script",
    "ScriptError",
    "conclude",
    "perform",
    "read_script",
    "replay",
    "script_of",
    "to_json",
    "write_scripts",
]
