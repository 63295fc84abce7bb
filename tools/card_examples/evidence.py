"""What a healthy run of the suite against the embedded emulator shows: the cases that rules are judged on."""

from collections.abc import Iterator
from functools import cached_property

from batchproof.contract import CompiledInvariant, Contract, load_contract
from batchproof.fault_matrix.cases import Case as Emulated
from batchproof.fault_matrix.drive import driven, recorded
from batchproof.folders import HISTORY
from batchproof.history import Exchange, History, read_history
from batchproof.judging.attribution import Attribution
from batchproof.judging.case import Case
from batchproof.judging.deliveries import read_deliveries
from batchproof.judging.exchanges import indexed
from batchproof.judging.invariant_cases import Seen, cases_of
from batchproof.judging.judging import asked_in_version
from batchproof.judging.snapshots import collect, in_order
from batchproof.judging.traversals import find_traversals
from batchproof.judging.wall_time import WallTime, uses_wall_time


class Evidence:
    """The evidence of one contract. Each part of it is recorded when it is asked for."""

    def __init__(self, reference: str) -> None:
        """``reference`` is the id of a contract that has an emulator."""
        self.contract: Contract = load_contract(reference)

    def cases(self, compiled: CompiledInvariant) -> Iterator[Case]:
        """The cases that an invariant speaks about: those of plain requests, then those of changed ones."""
        history = self._deliveries if compiled.invariant.each == "delivery" else self._steady
        seen = self._seen(history)
        later: list[Case] = []
        wall_time = WallTime(history.header.started_at) if uses_wall_time(compiled) else None
        for found in cases_of(self.contract, compiled.invariant, seen):
            case = found
            if wall_time is not None:
                case = found._replace(variables={**found.variables, **wall_time.variables(found.asked)})
            if any(isinstance(item, Exchange) and (item.case or item.probe) for item in case.exchanges):
                later.append(case)
            else:
                yield case
        yield from later

    @cached_property
    def _steady(self) -> History:
        return recorded(Emulated(contract=self.contract.id, kind="healthy"))

    @cached_property
    def _deliveries(self) -> History:
        with driven(Emulated(contract=self.contract.id, kind="healthy"), "full", groups=("events",)) as found:
            return read_history(found.folder / HISTORY)

    def _seen(self, history: History) -> Seen:
        if history.sha256 not in self._known:
            ordered = in_order(history.exchanges)
            exchanges = indexed(self.contract, (item for item in ordered if asked_in_version(self.contract, item)))
            snapshots = collect(self.contract, exchanges)
            self._known[history.sha256] = Seen(
                exchanges,
                exchanges,
                snapshots,
                snapshots,
                list(find_traversals(self.contract, exchanges, snapshots)),
                read_deliveries(self.contract, history.deliveries, exchanges, snapshots),
                Attribution(ordered),
            )
        return self._known[history.sha256]

    @cached_property
    def _known(self) -> dict[str, Seen]:
        return {}
