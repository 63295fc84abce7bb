"""The judge room: pure functions from a contract and a history to verdicts. No network, no clock, no randomness."""

from batchproof.judging.bar import Bar, day_of
from batchproof.judging.focus import Focus
from batchproof.judging.judging import glance, judge, weigh, weigh_answer
from batchproof.judging.results import Finding, RequirementResult, Results, to_json

__all__ = [
    "Bar",
    "Finding",
    "Focus",
    "RequirementResult",
    "Results",
    "day_of",
    "glance",
    "judge",
    "to_json",
    "weigh",
    "weigh_answer",
]
