"""``each: step``: two looks at one object, of which one certainly came after the other."""

from collections.abc import Iterable

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfTwoLooks
from batchproof.contract.kinds.variables import OLD_SELF, SELF
from batchproof.contract.model import Invariant


class Step(OfTwoLooks):
    """Each look at an object, beside the last one that was over before it."""

    name = "step"
    where = "between two looks at the same {on}"
    own_variables = (OLD_SELF, SELF._replace(meaning="The later look."))
    note = (
        "The first look had finished before the second was asked for. Looks by two operations are compared only if a second or more "
        "lies between them, since another view may be a moment behind. The times are those of the later look."
    )

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each look that has one before it."""
        for looks in offered.looks(invariant.on, invariant.view):
            for index, later in enumerate(looks):
                before = reversed(looks[:index])
                earlier = next((look for look in before if offered.follows(later, look)), None)
                if earlier is not None:
                    variables = {"oldSelf": earlier.value, "self": later.value}
                    yield offered.case(variables, later, earlier, later)
