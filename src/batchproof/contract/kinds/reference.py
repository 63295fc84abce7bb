"""``each: reference``: an object that another one names, and a read of it."""

from collections.abc import Iterable, Sequence

from batchproof.contract.kinds.kind import Declared
from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfObjects
from batchproof.contract.kinds.variables import SELF, STATUS, Variable
from batchproof.contract.model import Invariant
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown


class Reference(OfObjects):
    """Every read of an object that a look at another one had named before."""

    name = "reference"
    on = "a resource that `refers` to the one in `to:`"
    where = "whenever an object is read that {on} named before"
    own_variables = (
        SELF._replace(meaning="A look at the object that names the other one."),
        STATUS._replace(meaning="The status of a later answer to a read of the object that it names."),
        Variable(
            "named",
            "object or null",
            "The object that it names, or null where the answer does not show it.",
            "the object that it names",
            "{} of the object that it names",
        ),
    )
    refers = True

    def operations(self, invariant: Invariant, declared: Declared) -> frozenset[str]:
        """Those that read the object that is named."""
        operations = declared.manifest.operations
        return frozenset(name for name, item in operations.items() if item.reads == invariant.to)

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """Both objects."""
        return {
            "self": shown.object(invariant.on, invariant.view),
            "named": shown.object(invariant.to or ""),
        }

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each read."""
        return offered.references(invariant)
