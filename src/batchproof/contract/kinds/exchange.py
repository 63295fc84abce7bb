"""``each: exchange``: one request and its answer."""

from collections.abc import Iterable, Sequence

from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.subjects import OfOperations
from batchproof.contract.kinds.variables import EXCHANGE, Variable
from batchproof.contract.model import Invariant
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown


class Exchange(OfOperations):
    """Every documented answer of an operation."""

    name = "exchange"
    on = 'an operation, or `"*"` for all of them'
    where = "in every {answered}answer of {on}"
    own_variables = (
        *EXCHANGE,
        Variable(
            "shown_before",
            "boolean",
            "Whether the object that a creation shows had been seen before it was asked for.",
            "that it had been seen before",
        ),
    )
    for_all = True
    example = "answer"
    note = (
        "Answers with the success status are judged; with `answered: error` those with a documented error status, and with "
        "`answered: any` both."
    )

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """What is asked and answered."""
        asked = self.asked(invariant, shown)
        return {
            "response": shown.answers(
                asked, accepted=invariant.answered != "error", refused=invariant.answered != "success"
            ),
            "request": shown.bodies(asked),
            "query": shown.queries(asked),
        }

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each answer."""
        return offered.answers(invariant.on, invariant.answered)
