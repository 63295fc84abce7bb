"""What a scenario did, step by step, and which step under the newer version stands beside which under the older one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.contract.linked import Operation
from batchproof.history import START, Exchange, History
from batchproof.history.events import BREAKER
from batchproof.upgrade.mapping import Map

# what a scenario is called that is driven once more: what shows only once counts for nothing
AGAIN = " again"
_PASSING = frozenset({429, 502, 503, 504})


class Step(NamedTuple):
    """One call, or several looks in a row at the same object. ``key`` is the same for steps that do the same."""

    key: tuple[object, ...]
    exchanges: tuple[Exchange, ...]

    @property
    def last(self) -> Exchange:
        """The exchange that the others led to."""
        return self.exchanges[-1]


class Beside(NamedTuple):
    """Two steps that did the same; ``operation`` is that of the older contract, ``newer_operation`` what took its place."""

    scenario: str
    operation: str
    newer_operation: str
    older: Step
    newer: Step


def scenarios(history: History) -> dict[str, list[Exchange]]:
    """The answered exchanges of each scenario, in the order in which they were sent; a look whether a server is there is none."""
    found: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in sorted(history.exchanges, key=lambda item: (item.start, item.id)):
        if exchange.response is not None and exchange.scenario not in (START, BREAKER):
            found[exchange.scenario].append(exchange)
    return found


def beside(mapped: Map, variant: str, older: History, newer: History) -> list[Beside]:
    """All steps that stand side by side."""
    names = {
        name: targets[variant]
        for name in mapped.older.manifest.operations
        if variant in (targets := mapped.operations(name))
    }
    back = {target: name for name, target in names.items()}
    parameters = dict(_parameters(mapped, variant))
    before, after = scenarios(older), scenarios(newer)
    found: list[Beside] = []
    for scenario in before:
        if scenario not in after:
            continue
        one = _steps(mapped.older, before[scenario], names, parameters)
        two = _steps(mapped.newer, after[scenario], dict.fromkeys(names.values(), None), {})
        keys = [[step.key for step in steps] for steps in (one, two)]
        for block in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks():
            for offset in range(block.size):
                pair = one[block.a + offset], two[block.b + offset]
                target = pair[1].last.operation
                if target in back:
                    found.append(Beside(scenario, back[target], target, *pair))
    return found


def _parameters(mapped: Map, variant: str) -> Iterator[tuple[tuple[str, str], str]]:
    """What the query parameters of the older operations are called now."""
    files = {pair.older_file: pair for pair in mapped.pairs if pair.variant == variant}
    for name, operation in mapped.older.manifest.operations.items():
        pair = files.get(operation.query or "")
        for at in pair.older if pair is not None else ():
            target = pair.target(at) if pair is not None else None
            if at and target:
                yield (name, at[1:]), target[1:]


def _steps(
    contract: Contract,
    exchanges: Iterable[Exchange],
    names: Mapping[str, str | None],
    parameters: Mapping[tuple[str, str], str],
) -> list[Step]:
    found: list[Step] = []
    for exchange in exchanges:
        operation, response = exchange.operation, exchange.response
        if operation is None or operation not in names or response is None or response.status in _PASSING:
            continue
        # what a schema generates is something else for each version
        if exchange.case is not None:
            continue
        target = names[operation] or operation
        key = (
            target,
            exchange.auth,
            exchange.probe is not None,
            bool(exchange.control_of),
            _query(contract, exchange, parameters),
        )
        if found and found[-1].key == key and _same_look(contract, found[-1].last, exchange):
            found[-1] = Step(key, (*found[-1].exchanges, exchange))
        else:
            found.append(Step(key, (exchange,)))
    return found


def _same_look(contract: Contract, one: Exchange, two: Exchange) -> bool:
    """Whether both look at the same object: how often that is done depends on how long it takes."""
    operation = contract.operation(two.operation or "")
    return operation.method == "GET" and bool(two.request.path) and one.request.path == two.request.path


def _query(
    contract: Contract, exchange: Exchange, parameters: Mapping[tuple[str, str], str]
) -> tuple[tuple[str, str], ...]:
    """The query; of values that are different in every run, only that there is one."""
    operation = contract.operation(exchange.operation or "")
    pages = operation.pages
    renamed = {**parameters, (operation.name, pages.token): "page"} if pages is not None else parameters
    known = _documented(contract, operation)
    return tuple(
        sorted(
            (renamed.get((operation.name, name), name), value if value.isdigit() or value in known else "…")
            for name, value in exchange.request.query
        )
    )


def _documented(contract: Contract, operation: Operation) -> Sequence[str]:
    """The values that the query of an operation may have by its schema."""
    if operation.query is None:
        return ()
    properties = contract.shapes.document(operation.query).get("properties", {})
    return [
        str(value) for node in properties.values() if isinstance(node, dict) for value in node.get("enum", ())
    ]
