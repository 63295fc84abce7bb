"""The plan of a run: which scenarios a contract has something for, and which of them a profile drives, in which order."""

from batchproof.plan.planning import ordered, plan, planned, shared_out
from batchproof.plan.scenarios import PARAMETERS, Group, Scenario, expanded, scenarios_of

__all__ = [
    "PARAMETERS",
    "Group",
    "Scenario",
    "expanded",
    "ordered",
    "plan",
    "planned",
    "scenarios_of",
    "shared_out",
]
