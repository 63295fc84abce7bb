"""A rehearsal: the same scenarios, seed and inputs under two versions of an API, recorded one after the other."""

from batchproof.rehearsal.matching import matched
from batchproof.rehearsal.places import place_at, places
from batchproof.rehearsal.recording import AFTER, BEFORE, Plan, Side, plan_rehearsal, record

__all__ = ["AFTER", "BEFORE", "Plan", "Side", "matched", "place_at", "places", "plan_rehearsal", "record"]
