"""The history of a healthy run: the steady scenarios of the suite against the embedded emulator, in this process.

It is kept short, since it is judged tens of thousands of times: what only shows the same again is left out.
"""

from collections import defaultdict
from collections.abc import Sequence

from batchproof.contract import Contract, load_contract
from batchproof.fault_matrix.cases import Case
from batchproof.fault_matrix.drive import recorded
from batchproof.history import Exchange
from batchproof.plan import Scenario

from .looks import Healthy

# scenarios that read one list again and again, each time with other parameters
_LISTED = ("test_documented_parameter_values", "test_generated_queries", "test_list_of_several_pages")
# looks at what does not move that are kept at the beginning and at the end: a failure has to come back to be believed
_KEPT = 2


def record(contract: str) -> Healthy:
    """The same history in every run."""
    loaded = load_contract(contract)
    spared = _spared_lists(loaded)
    history = recorded(
        Case(contract=contract, kind="healthy"), wanted=lambda scenario: not _is_spared(scenario, spared)
    )
    return Healthy(loaded, thinned(loaded, history.exchanges), history.header.started_at)


def thinned(contract: Contract, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """``exchanges`` without the looks in the middle of a row of looks that show the same."""
    rows: dict[tuple[str, str], list[list[Exchange]]] = defaultdict(list)
    for exchange in exchanges:
        if _is_look(contract, exchange):
            asked = rows[exchange.scenario, exchange.request.url]
            if asked and asked[-1][-1].response == exchange.response:
                asked[-1].append(exchange)
            else:
                asked.append([exchange])
    dropped = {exchange.id for found in rows.values() for row in found for exchange in row[_KEPT:-_KEPT]}
    return [exchange for exchange in exchanges if exchange.id not in dropped]


def _is_look(contract: Contract, exchange: Exchange) -> bool:
    """Whether the exchange reads one object, and serves nothing else."""
    operation = contract.manifest.operations.get(exchange.operation or "")
    return (
        operation is not None
        and operation.method == "GET"
        and operation.reads is not None
        and exchange.probe is None
        and exchange.case is None
        and not exchange.control_of
    )


def _spared_lists(contract: Contract) -> set[str]:
    """Of the flows' lists that take equally many parameters, all but the first: they differ in names only."""
    lists = dict.fromkeys(flow.list for flow in contract.manifest.flows.values() if flow.list is not None)
    first: dict[int, str] = {}
    for name in lists:
        query = contract.manifest.operations[name].query
        parameters = {} if query is None else contract.shapes.document(query).get("properties", {})
        first.setdefault(len(parameters), name)
    return set(lists) - set(first.values())


def _is_spared(scenario: Scenario, spared: set[str]) -> bool:
    if not scenario.name.startswith(_LISTED):
        return False
    values = scenario.values
    flow = values.get("flow")
    return str(values.get("listing") or values.get("requested") or (flow and flow.list)) in spared
