"""The plan of a run: which scenarios it drives in which order, what they cost at most, and what they can establish."""

from batchproof.plan.costs import Priced
from batchproof.plan.page import exit_code, plan_json, plan_lines, sum_line
from batchproof.plan.planning import Item, Plan, plan, plan_of, planned, shared_out
from batchproof.plan.reach import Obstacle, obstacles
from batchproof.plan.scenarios import PARAMETERS, Group, Scenario, expanded, scenarios_of
from batchproof.plan.tally import Cost, Prepared

__all__ = [
    "PARAMETERS",
    "Cost",
    "Group",
    "Item",
    "Obstacle",
    "Plan",
    "Prepared",
    "Priced",
    "Scenario",
    "exit_code",
    "expanded",
    "obstacles",
    "plan",
    "plan_json",
    "plan_lines",
    "plan_of",
    "planned",
    "scenarios_of",
    "shared_out",
    "sum_line",
]
