"""``each: probe``: the two requests of a probe."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from batchproof.contract.kinds.kind import About, Declared, Kind, Written
from batchproof.contract.kinds.offered import CaseT, LookT, Offered
from batchproof.contract.kinds.variables import EXCHANGE, Variable
from batchproof.contract.model import Invariant
from batchproof.contract.problems import Problem, undeclared
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown


class Probe(Kind):
    """The changed request of a probe beside its accepted control."""

    name = "probe"
    on = "a probe"
    where = "between the two requests of the probe {on}"
    takes = "probe"
    own_variables = (
        *EXCHANGE,
        Variable(
            "first",
            "object",
            "The same of the accepted control, such as `first.response`, which had ended before.",
            of="{} of the first answer",
        ),
    )
    note = "The variables are those of the changed request."

    def subjects(self, declared: Declared) -> Collection[str]:
        """The probes."""
        return declared.probes

    def problems(self, written: Written, declared: Declared) -> Iterator[Problem]:
        """There is no such probe."""
        key, on = written.invariant.requirement, written.invariant.on
        yield from undeclared(written.file, key, on, declared.probes, "probe", (written.place, "on"))

    def operations(self, invariant: Invariant, declared: Declared) -> frozenset[str]:
        """The operation of the probe."""
        found = declared.probes.get(invariant.on)
        return frozenset() if found is None else frozenset({found.operation})

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """What is asked and answered."""
        asked = [shown.manifest.operations[shown.probes[invariant.on].operation]]
        return {
            "response": shown.answers(asked),
            "request": shown.bodies(asked),
            "query": shown.queries(asked),
        }

    def subject(self, about: About) -> str:
        """The operation of the probe."""
        return about.asked or about.on

    def cases(self, invariant: Invariant, offered: Offered[LookT, CaseT]) -> Iterable[CaseT]:
        """One for each time that the changed request was answered."""
        return offered.probes(invariant.on)
