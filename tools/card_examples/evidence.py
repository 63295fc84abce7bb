"""What a healthy run of the suite against the embedded emulator shows: the cases that rules are judged on."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from batchproof.contract import CompiledInvariant, Contract, load_contract
from batchproof.fault_matrix.cases import Case as Emulated
from batchproof.fault_matrix.drive import driven, recorded
from batchproof.folders import HISTORY
from batchproof.history import Exchange, History, has_body, read_history
from batchproof.judging.attribution import Attribution
from batchproof.judging.case import Case
from batchproof.judging.deliveries import read_deliveries
from batchproof.judging.exchanges import indexed
from batchproof.judging.exercised import exercised
from batchproof.judging.invariant_cases import Seen, cases_of
from batchproof.judging.judging import asked_in_version
from batchproof.judging.shape import rows_broken
from batchproof.judging.snapshots import collect, in_order
from batchproof.judging.traversals import find_traversals
from batchproof.judging.wall_time import WallTime, uses_wall_time
from batchproof.report.instances import Example

# bodies of one schema that are kept
_FORMS = 16
# bytes of a body that is kept: a change of a longer one is no better example
_SHORT = 6000


# bodies that are tried for one row
_TRIED = 12


class _Body(NamedTuple):
    """A body, and the rows whose keywords apply to it."""

    example: Example
    shows: frozenset[str]


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

    def bodies_of(self, row: str) -> list[Example]:
        """Answers and deliveries that fit their schemas and may show ``row``: those that do first."""
        stating = [item for item in self._bodies if row in item.example.stated]
        return [item.example for item in sorted(stating, key=lambda item: row not in item.shows)[:_TRIED]]

    @cached_property
    def _bodies(self) -> list[_Body]:
        found: dict[str, dict[frozenset[str], Any]] = defaultdict(dict)
        for file, body in self._sent():
            forms = found[file]
            if len(forms) >= _FORMS or len(msgspec.json.encode(body)) > _SHORT:
                continue
            form = frozenset(places(body))
            if form not in forms and not rows_broken(self.contract.shapes, file, body):
                forms[form] = body
        return [
            _Body(
                Example(file, body, self.contract.shapes.stated(file), {}),
                frozenset(exercised(self.contract.shapes, file, body, {}) or ()),
            )
            for file, forms in found.items()
            for body in forms.values()
        ]

    def _sent(self) -> Iterator[tuple[str, Any]]:
        """Bodies with their schemas."""
        for exchange in self._steady.exchanges:
            response = exchange.response
            operation = self.contract.manifest.operations.get(exchange.operation or "")
            if operation is None or response is None or not has_body(response):
                continue
            if response.status in operation.success.statuses:
                yield operation.success.schema, response.body
            elif response.status in operation.errors.statuses:
                yield self.contract.manifest.error, response.body
        webhooks = self.contract.manifest.webhooks
        if webhooks is not None:
            yield from ((webhooks.envelope.schema, item.json()) for item in self._deliveries.deliveries)

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
            exchanges = indexed(
                self.contract, (item for item in ordered if asked_in_version(self.contract, item))
            )
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


def places(body: Any, at: str = "") -> Iterator[str]:
    """Where a body has values, and of which kind, the elements of an array being one."""
    yield f"{at} {type(body).__name__}" if not isinstance(body, str) or not body.isupper() else f"{at} {body}"
    if isinstance(body, dict):
        for name, child in body.items():
            yield from places(child, f"{at}/{name}")
    elif isinstance(body, list):
        for child in body:
            yield from places(child, f"{at}/*")
