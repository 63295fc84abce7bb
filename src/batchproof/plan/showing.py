"""Which of the requirements that a run owes a scenario can establish."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from batchproof.client import Settings
from batchproof.contract import CompiledInvariant, Contract, owes, what_is_claimed
from batchproof.contract.expressions import Bindings
from batchproof.contract.kinds import KINDS
from batchproof.contract.statements import Statement
from batchproof.contract.webhooks import RECEIVER
from batchproof.plan.scenarios import Scenario
from batchproof.plan.tally import receives

# what it takes to show a statement about an operation: any success, a list read to its end, one of what belongs
# to an object, the same in several pages, a query, a refusal, a generated request, an object that was there before
Kind = Literal["success", "traversal", "owned", "pages", "query", "refusal", "generated", "existing"]

# what scenarios do beside the calls that all of them make, by function
_DOES: Mapping[str, tuple[Kind, ...]] = {
    "test_batch_runs_to_its_end": ("success", "traversal", "owned", "pages"),
    "test_runs_are_watched_while_they_work": ("success", "owned"),
    "test_document_that_cannot_be_processed": ("success", "owned"),
    "test_good_and_failing_documents_together": ("success", "owned"),
    "test_batches_submitted_at_once": ("success", "owned"),
    "test_nothing_moves_after_the_end": ("success", "owned"),
    "test_list_of_several_pages": ("success", "traversal", "owned", "pages"),
    "test_whole_list": ("success", "traversal"),
    "test_filters_beside_the_batch": ("success", "owned", "query"),
    "test_documented_parameter_values": ("success", "query"),
    "test_generated_queries": ("success", "query"),
    "test_page_sizes": ("success", "query"),
    "test_random_order": ("success", "traversal", "owned", "pages", "query", "refusal"),
    "test_given_objects_are_watched_to_their_end": ("success", "existing"),
    "test_existing_object_is_read_twice": ("success", "existing"),
    "test_objects_that_others_name_are_read": ("success", "existing"),
    "test_runs_of_an_existing_batch": ("success", "existing", "owned"),
    "test_ended_objects_are_not_cancelled": ("success", "existing", "refusal"),
    "test_asking_to_look_again": ("success", "existing", "refusal"),
    "test_existing_objects_are_cancelled": ("success", "existing", "refusal", "traversal"),
    "test_existing_object_cancelled_by_several_at_once": ("success", "existing", "refusal"),
    "test_run_is_cancelled_on_its_way": ("success", "refusal"),
    "test_deleted_run_is_gone": ("success", "refusal"),
    "test_valid_requests": ("success", "query", "generated"),
    "test_invalid_requests": ("refusal", "generated"),
    "test_hostile_paths": ("refusal", "generated"),
    "test_odd_headers": ("success", "generated"),
}


class Showing:
    """The MUST requirements of a contract, by what shows them. ``owed`` are those that the run owes."""

    def __init__(self, contract: Contract, settings: Settings) -> None:
        received = receives(contract, settings)
        left_out = what_is_claimed(contract, settings.claims).left_out
        testable = [
            row.id
            for row in contract.requirements.values()
            if row.id not in left_out and owes(contract, row, "full", received=received)
        ]
        self.owed = frozenset(
            identifier
            for identifier in testable
            if owes(contract, contract.requirements[identifier], settings.profile, received=received)
        )
        self._probes = contract.probes
        self._by_probe: dict[str, set[str]] = defaultdict(set)
        self._by_call: dict[tuple[Kind, str], set[str]] = defaultdict(set)
        # what has to be in a request
        self._shown_with = {
            identifier: frozenset(names) for identifier in testable if (names := _sent(contract, identifier))
        }
        invariants = _invariants(contract)
        probing = _probing(contract)
        for identifier in testable:
            for probe in probing[identifier]:
                self._by_probe[probe].add(identifier)
            before = _needs_existing(contract, identifier)
            for statement in contract.stated.get(identifier, []):
                for kind in _kinds(contract, statement, invariants, probing):
                    for operation in statement.operations:
                        key: Kind = "existing" if before and kind == "success" else kind
                        self._by_call[key, operation].add(identifier)

    def of(self, scenario: Scenario, uses: frozenset[str]) -> frozenset[str]:
        """What ``scenario`` can establish, the requests of which show the fixtures ``uses``."""
        name = scenario.values.get("probe_name")
        if name is not None:
            probe = self._probes[name]
            kinds: tuple[Kind, ...] = () if probe.refused is None else ("refusal",)
            if probe.control.query:
                kinds += ("query",)
            return frozenset(self._by_probe.get(name, ())) | self.of_calls([probe.operation], kinds)
        reader = scenario.values.get("reader")
        operations = {*scenario.operations, *([] if reader is None else [str(reader)])}
        if scenario.group == "events":
            operations.add(RECEIVER)
        found = self.of_calls(operations, _DOES.get(scenario.run.__name__, ("success",)))
        return frozenset(row for row in found if self._shown_with.get(row, uses) <= uses)

    def of_calls(self, operations: Iterable[str], kinds: Iterable[Kind] = ("success",)) -> frozenset[str]:
        """What calls of ``operations`` of these kinds can establish."""
        kinds = tuple(kinds)
        return frozenset().union(
            *(self._by_call.get((kind, name), ()) for name in operations for kind in kinds)
        )


def _kinds(
    contract: Contract,
    statement: Statement,
    invariants: Mapping[tuple[str, str], list[CompiledInvariant]],
    probing: Mapping[str, list[str]],
) -> Iterator[Kind]:
    match statement.kind:
        case "probe":
            return
        case "generation":
            # no generated request is as long as a probe that counts its inputs
            if all(contract.probes[name].change.inputs is None for name in probing[statement.requirement]):
                yield "generated"
        case "operation" if statement.where.endswith(": pages"):
            yield "traversal"
        case "operation" if statement.where.endswith(": errors"):
            yield "refusal"
        case "schema" if statement.where == contract.manifest.error:
            yield "refusal"
        case "invariant":
            for compiled in invariants[statement.requirement, statement.where]:
                yield from _kinds_of_invariant(compiled)
        case _:
            yield "success"


def _kinds_of_invariant(compiled: CompiledInvariant) -> Iterator[Kind]:
    invariant = compiled.invariant
    takes = KINDS[invariant.each].takes
    if takes == "probe":
        return
    if invariant.answered == "error":
        yield "refusal"
        return
    if "query" in compiled.variables:
        yield "query"
    if takes == "owned" or "owner" in compiled.variables:
        yield "pages" if "pages" in compiled.variables else "owned"
    elif takes == "traversal":
        yield "traversal"
    elif not _needs_query(compiled):
        yield "success"


def _needs_query(compiled: CompiledInvariant) -> bool:
    """Whether an invariant holds of requests with parameters only."""
    if compiled.when is None:
        return "query" in (compiled.rule.variables if compiled.rule is not None else ())
    without = Bindings({"query": {}})
    return any(part.variables == {"query"} and not part.is_true(without) for part in compiled.when.parts)


def _invariants(contract: Contract) -> Mapping[tuple[str, str], list[CompiledInvariant]]:
    """The invariants by requirement and rule, as statements name them."""
    found: dict[tuple[str, str], list[CompiledInvariant]] = defaultdict(list)
    for item in contract.invariants:
        found[item.invariant.requirement, item.invariant.rule or item.invariant.function or ""].append(item)
    return found


def _probing(contract: Contract) -> Mapping[str, list[str]]:
    """The probes that show each requirement."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, probe in contract.probes.items():
        found[probe.requirement].append(name)
    for item in contract.invariants:
        if KINDS[item.invariant.each].takes == "probe":
            found[item.invariant.requirement].append(item.invariant.on)
    return found


def needed(contract: Contract, identifier: str) -> list[str]:
    """The fixtures that a requirement cannot be shown without."""
    row = contract.requirements[identifier]
    return (
        []
        if row.testable == "black-box"
        else [n for n in row.testable.needs if n in contract.manifest.fixtures]
    )


def _sent(contract: Contract, identifier: str) -> list[str]:
    fixtures = contract.manifest.fixtures
    names = [name for name in needed(contract, identifier) if fixtures[name].resource is None]
    return [name for name in names if fixtures[name].type in ("string", "file")]


def _needs_existing(contract: Contract, identifier: str) -> bool:
    fixtures = contract.manifest.fixtures
    return any(fixtures[name].resource is not None for name in needed(contract, identifier))
