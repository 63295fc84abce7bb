"""``each: call``: a call on one object, with the looks before and after it."""

from collections.abc import Iterable, Sequence

from batchproof.contract.everywhere import resource_of
from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfOperations
from batchproof.contract.kinds.variables import EXCHANGE, Variable
from batchproof.contract.model import Invariant
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown


class Call(OfOperations):
    """Every call of an operation on an object, whatever the answer."""

    name = "call"
    on = "an operation on one object (`{id}`)"
    where = "whenever {on} is called for an object"
    own_variables = (
        *EXCHANGE,
        Variable(
            "before",
            "object or null",
            "The last look at the object that was complete before the call; null where there is none, or where another call may "
            "have changed the object since.",
            "the object before the call",
            "{} before the call",
        ),
        Variable("deleted", "boolean", "Whether the object may have been deleted by then."),
        Variable(
            "after",
            "object or null",
            "The first look at the object that began a second or more after the call, or null.",
            "a look after the call",
            "{} after the call",
        ),
    )
    note = (
        "Probes, and answers such as 401, 429 or 5xx, are left out. A call may come too late. So where the operation is no GET and "
        "the rule names a property of `before`, which was not in an end, a call that breaks the rule is a finding only if the object "
        "had certainly not moved on: `after` shows the same status, or no other state can follow. Otherwise it says nothing. A rule "
        "that names `after` decides itself: `when: before.status == 'queued' && after != null && after.status in ['queued', "
        "'cancelled']`."
    )

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """What is asked and answered, and the object before and after it."""
        asked = self.asked(invariant, shown)
        resource = resource_of(asked[0], shown.manifest)
        looks = shown.object(resource) if resource is not None else None
        return {
            "response": shown.answers(asked, accepted=invariant.answered != "error"),
            "request": shown.bodies(asked),
            "query": shown.queries(asked),
            "before": looks,
            "after": looks,
        }

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each call."""
        return offered.calls(invariant.on)
