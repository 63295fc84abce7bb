"""A rehearsal: the same scenarios, seed and inputs under two versions of an API, recorded one after the other."""

from batchproof.rehearsal.endpoints import endpoint_at, endpoints
from batchproof.rehearsal.matching import matched
from batchproof.rehearsal.recording import AFTER, BEFORE, Plan, Side, plan_rehearsal, record

__all__ = [
    "AFTER",
    "BEFORE",
    "Plan",
    "Side",
    "endpoint_at",
    "endpoints",
    "matched",
    "plan_rehearsal",
    "record",
]
