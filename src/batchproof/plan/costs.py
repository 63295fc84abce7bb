"""What each scenario costs at most: the bounds of its function, for the contract and the settings of a run."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from msgspec import Struct

from batchproof.client import Call, Settings
from batchproof.contract import Contract
from batchproof.contract.linked import Creating, Flow, Listing, Operation, Reader, Resource, Submitting
from batchproof.contract.model import Probe
from batchproof.drive import Unmet
from batchproof.drive.errors import check_may_change
from batchproof.drive.generation import AMOUNTS, bodies, headers, mutations, paths, plain, queries, small_page
from batchproof.drive.machine import LOOKED_BACK_AT, size_of
from batchproof.drive.random_walks import MOST_MADE
from batchproof.drive.requests import billed
from batchproof.drive.workflows import Workflow
from batchproof.plan.scenarios import Scenario
from batchproof.plan.tally import Common, Cost, Tally, receives

_SUCCESSES = range(200, 300)
# what one step of a random order sends
_STEP = 9
_LARGEST_STEP = 3
# probes that need more documents than that to be allowed come while they are left
_LARGE = 100

F = TypeVar("F", bound=Flow)
Bounds = Callable[[Tally, Scenario], None]


class Priced(Struct, frozen=True, kw_only=True):
    """A scenario with its cost, the names of what is made for it and for others, and why it cannot be driven to its end.

    ``uses`` are the fixtures that its requests show.
    """

    scenario: Scenario
    cost: Cost
    needs: frozenset[str]
    uses: frozenset[str]
    lacks: Unmet | None = None

    @property
    def does_anything(self) -> bool:
        """Whether there is anything to do for it."""
        return bool(self.needs) or self.cost != Cost() or self.lacks is not None

    @property
    def is_large(self) -> bool:
        """Whether it submits so many documents, to be refused, that there must be room for them."""
        return self.cost.headroom > _LARGE


def priced(common: Common, scenario: Scenario) -> Priced:
    """The cost of a scenario. Raises ``LookupError`` for one that has no bounds here."""
    tally = Tally(common)
    lacks = None
    try:
        _BOUNDS[scenario.run.__name__](tally, scenario)
    except Unmet as unmet:
        lacks = unmet
    return Priced(
        scenario=scenario,
        cost=tally.cost,
        needs=frozenset(tally.needs),
        uses=frozenset(tally.uses),
        lacks=lacks,
    )


def start(tally: Tally) -> None:
    """The first look at a server, and what is discovered before anything else."""
    tally.send(len(first_calls(tally.contract, tally.settings)))


def first_calls(contract: Contract, settings: Settings) -> list[str]:
    """The operations of these requests."""
    fixtures = contract.manifest.fixtures.items()
    found = [
        item.discover.operation for name, item in fixtures if item.discover and name not in settings.fixtures
    ]
    return [contract.manifest.preflight, *found]


# batches


def _of_flow(bounds: Callable[[Tally, F], None]) -> Bounds:
    return lambda tally, scenario: bounds(tally, scenario.values["flow"])


def _batch_to_its_end(tally: Tally, flow: Submitting) -> None:
    tally.submit(flow, 3)
    tally.wait()
    tally.traverse(3, size=2)
    tally.traverse(3)
    tally.wait(3)


def _watched(tally: Tally, flow: Submitting) -> None:
    tally.submit(flow, 2)
    tally.traverse(2)
    tally.wait(2)
    tally.traverse(2)
    tally.wait()


def _after_the_end(tally: Tally, flow: Submitting) -> None:
    tally.submit(flow, 1)
    tally.wait()
    tally.traverse(1)
    for _ in range(3):
        tally.send(2)
        tally.traverse(1)


def _bad_document(tally: Tally, flow: Submitting) -> None:
    tally.submit(flow, 1, "failing")
    tally.wait()
    tally.traverse(1)
    tally.wait()


def _good_and_bad(tally: Tally, flow: Submitting) -> None:
    tally.requests.valid(flow.submit, kinds=["failing"])
    tally.submit(flow, 2)
    tally.wait()
    tally.traverse(2)
    tally.send(2)


def _several_pages(tally: Tally, flow: Submitting) -> None:
    rows = min(12, tally.requests.most_inputs(flow.submit, 12))
    tally.submit(flow, rows)
    tally.wait()
    for size in (10, 5, 1):
        tally.traverse(rows, size=size)


def _filters(tally: Tally, flow: Submitting) -> None:
    tally.submit(flow, 2)
    tally.wait()
    tally.traverse(2)
    if flow.list is not None:
        tally.send(len(tally.requests.single_parameters(flow.list)))


def _largest_batch(tally: Tally, flow: Submitting) -> None:
    most = tally.requests.most_inputs(flow.submit, 12)
    call = tally.requests.valid(flow.submit)
    # all inputs are of one kind, and one of them tells what they need
    tally.send(documents=most if call.documents else 0)
    tally.wait()
    tally.traverse(most, size=most)


# existing objects


def _of_reader(bounds: Callable[[Tally, Reader], None]) -> Bounds:
    return lambda tally, scenario: bounds(tally, scenario.values["reader"])


def _given(tally: Tally, reader: Reader) -> None:
    given = tally.given(reader.reads.name)
    # one that has ended at the first look is looked at again
    tally.send(tally.to_cancel(reader) + given)
    tally.wait(given)


def _read_twice(tally: Tally, reader: Reader) -> None:
    tally.send(2 * _some(tally, reader.reads))


def _some(tally: Tally, resource: Resource) -> int:
    """Existing objects. Raises ``Unmet`` where there are none."""
    found = tally.various(resource.name)
    if not found:
        given = resource.fixtures[0] if resource.fixtures else "its id"
        raise Unmet(f"no existing {resource} is given or found", option=f"give {given} in [fixtures]")
    return found


def _named_by_others(tally: Tally, reader: Reader) -> None:
    tally.send(tally.named(reader.reads.name))


def _runs_of_a_batch(tally: Tally, flow: Flow) -> None:
    resource = str(flow.subject)
    given = tally.given(resource)
    batches = given or min(tally.existing(resource), 5)
    if given:
        tally.send(batches)
    else:
        tally.wait(batches)
    tally.send(batches * (1 + 5))


# lists


def _of_listing(bounds: Callable[[Tally, Listing], None]) -> Bounds:
    return lambda tally, scenario: bounds(tally, scenario.values["listing"])


def _page_sizes(tally: Tally, listing: Listing) -> None:
    if listing.pages.size is not None:
        tally.send(2 + len(tally.requests.largest(listing, listing.pages.size)))


def _parameter_values(tally: Tally, listing: Listing) -> None:
    tally.rows(listing)
    tally.send(len(tally.requests.documented_queries(listing)))
    tally.look_again()


def _whole_list(tally: Tally, listing: Listing) -> None:
    tally.rows(listing)
    tally.send(10)
    tally.look_again()


def _generated_queries(tally: Tally, listing: Listing) -> None:
    tally.rows(listing)
    tally.send(10)


# refusals


def _refusal(tally: Tally, scenario: Scenario) -> None:
    probe = tally.contract.probes[scenario.values["probe_name"]]
    inputs = probe.change.inputs
    if probe.generated:
        control = tally.requests.control(probe)
        _generated_refusal(tally, probe, control)
    else:
        control = tally.control(probe)
    changed = control if inputs is not None else tally.requests.changed(probe, control)
    documents = changed.documents
    if inputs is not None and isinstance(tally.contract.operation(probe.operation).billed, str):
        documents = inputs
    if _may_be_accepted(probe):
        tally.send(documents=documents)
    else:
        tally.refused(documents=documents)


def _may_be_accepted(probe: Probe) -> bool:
    if probe.interpretations:
        return any(status in _SUCCESSES for statuses in probe.interpretations.values() for status in statuses)
    return probe.refused is None


def _generated_refusal(tally: Tally, probe: Probe, control: Call) -> None:
    declared = tally.contract.operation(probe.operation)
    if declared.method == "GET":
        tally.send()
        return
    if declared.request is None and "id" in control.path and tally.settings.base_url is not None:
        tally.own(paths.resource_of(tally.contract, probe.operation) or "")
    check_may_change(tally.settings)


# single objects


def _run_to_its_end(tally: Tally, flow: Creating) -> None:
    tally.create(flow)
    tally.wait()
    tally.send(2)


def _run_that_fails(tally: Tally, flow: Creating) -> None:
    if "failing" in tally.contract.manifest.inputs:
        tally.create(flow, "failing")
        tally.wait()
        tally.send()


def _same_twice(tally: Tally, flow: Creating) -> None:
    tally.create(flow, times=2)


def _cancelled_on_its_way(tally: Tally, flow: Creating) -> None:
    tally.create(flow)
    tally.wait()
    # a call that was refused is followed by a look
    tally.send(2 + 2 + 2 + 1)


def _cancelled_at_work(tally: Tally, flow: Creating) -> None:
    tally.create(flow)
    tally.wait()
    tally.send(2 + 2)


def _deleted(tally: Tally, flow: Creating) -> None:
    tally.create(flow, times=2)
    tally.wait(2)
    tally.send(2 + 1 + 1 + 2 + 1)
    if flow.list is not None:
        tally.send()
        tally.newest(flow.list)


def _existing_cancelled(tally: Tally, flow: Flow) -> None:
    lists = flow.subject.lists if flow.subject is not None else ()
    for _ in range(2):
        tally.take(flow.cancellable or "")
        tally.send(2 + 1 + 2 + 2)
        tally.send(10 * len(lists))


def _ended_not_cancelled(tally: Tally, flow: Flow) -> None:
    tally.send(3 * tally.various(str(flow.subject)))


def _look_again(tally: Tally, flow: Flow) -> None:
    if flow.subject is not None:
        tally.send(5 * _some(tally, flow.subject))


# random orders, several clients, webhooks


def _random_order(tally: Tally, scenario: Scenario) -> None:
    workflow: Workflow = scenario.values["workflow"]
    size = size_of(tally.settings)
    documents = []
    for flow in workflow.flows:
        if flow.submit is not None:
            documents.append(_LARGEST_STEP * tally.requests.valid(flow.submit).documents)
        if flow.create is not None:
            documents.append(tally.requests.valid(flow.create).documents)
    for _ in range(size.scenarios):
        tally.send(size.steps * _STEP + LOOKED_BACK_AT, documents=MOST_MADE * max(documents, default=0))
        for flow in workflow.flows:
            if flow.submit is None and flow.create is None and flow.subject is not None:
                tally.various(flow.subject.name)
                if flow.cancellable is not None:
                    with suppress(Unmet):
                        tally.take(flow.cancellable)


def _submitted_at_once(tally: Tally, flow: Submitting) -> None:
    for _ in range(3):
        tally.submit(flow, 2)
    tally.send(3 * 2 + 3 * 2)
    tally.wait(3)
    tally.send(3 + 3 * 2)


def _cancelled_at_once(tally: Tally, flow: Creating) -> None:
    tally.create(flow, times=2)
    tally.send(2 + 4)
    tally.wait(2)


def _deleted_at_once(tally: Tally, flow: Creating) -> None:
    tally.create(flow)
    tally.wait()
    tally.send(2 + 2 + 2)


def _existing_cancelled_at_once(tally: Tally, flow: Flow) -> None:
    tally.take(flow.cancellable or "")
    tally.send(2 + 4 + 1)


def _event_of_a_batch(kind: str) -> Bounds:
    def bounds(tally: Tally, scenario: Scenario) -> None:
        flow: Submitting = scenario.values["flow"]
        if _received(tally) and kind in {"document", *tally.contract.manifest.inputs}:
            tally.submit(flow, 1, kind)
            tally.wait()
            tally.send()

    return bounds


def _event_of_a_run(kind: str) -> Bounds:
    def bounds(tally: Tally, scenario: Scenario) -> None:
        flow: Creating = scenario.values["flow"]
        if _received(tally) and kind in {"document", *tally.contract.manifest.inputs}:
            tally.create(flow, kind)
            tally.wait()
            tally.send()

    return bounds


def _received(tally: Tally) -> bool:
    return receives(tally.contract, tally.settings)


# tokens that get no work done


def _over_its_limit(tally: Tally, _: Scenario) -> None:
    if tally.token("limited"):
        tally.send(20)


def _without_credits(tally: Tally, flow: Creating) -> None:
    if tally.token("unpaid"):
        tally.refused(documents=tally.requests.valid(flow.create).documents)


# generated requests


def _valid_requests(tally: Tally, scenario: Scenario) -> None:
    operation = scenario.values["requested"]
    contract, declared = tally.contract, tally.contract.operation(operation)
    control = _generated_control(tally, operation)
    if declared.request is not None:
        amount = AMOUNTS[tally.settings.profile]
        sizes = bodies.most(contract, operation, plain(control), count=amount.random, alone=amount.alone)
        shown = declared.creates is not None
        processed = [declared.billed if isinstance(declared.billed, int) else size for size in sizes]
        tally.send(len(sizes) * (2 if shown else 1), documents=sum(processed))
    elif declared.query is not None:
        tally.send(len(list(queries.valid(contract, operation))))


def _invalid_requests(tally: Tally, scenario: Scenario) -> None:
    operation = scenario.values["requested"]
    contract, declared = tally.contract, tally.contract.operation(operation)
    control = _generated_control(tally, operation)
    if declared.request is not None:
        most = AMOUNTS[tally.settings.profile].broken
        tally.refused(
            mutations.most_invalid(contract, declared.request.schema, most=most),
            documents=2 * control.documents,
        )
        open_ones = len(list(mutations.raw(control)))
        tally.send(open_ones, documents=open_ones * billed(declared, None))
    elif declared.query is not None:
        tally.send(len(list(queries.invalid(contract, operation))))


def _generated_control(tally: Tally, operation: Operation | str) -> Call:
    declared = tally.contract.operation(operation)
    path = {"id": {"$known": declared.reads.name}} if declared.reads is not None else None
    control = tally.requests.valid(declared, path=path, query=small_page(declared.declared))
    tally.send(documents=control.documents)
    return control


def _hostile_paths(tally: Tally, scenario: Scenario) -> None:
    operation = scenario.values["addressed"]
    resource = paths.resource_of(tally.contract, operation)
    if tally.contract.operation(operation).method == "GET":
        tally.known(resource or "")
        tally.send()
    else:
        for name in tally.contract.manifest.resources:
            with suppress(Unmet):
                tally.own(name)
        check_may_change(tally.settings)
    tally.send(paths.how_many(tally.contract))


def _odd_headers(tally: Tally, scenario: Scenario) -> None:
    _generated_control(tally, scenario.values["listing"])
    tally.send(len(list(headers.odd(tally.contract.manifest))))


_BOUNDS: Mapping[str, Bounds] = {
    "test_batch_runs_to_its_end": _of_flow(_batch_to_its_end),
    "test_runs_are_watched_while_they_work": _of_flow(_watched),
    "test_nothing_moves_after_the_end": _of_flow(_after_the_end),
    "test_document_that_cannot_be_processed": _of_flow(_bad_document),
    "test_good_and_failing_documents_together": _of_flow(_good_and_bad),
    "test_list_of_several_pages": _of_flow(_several_pages),
    "test_filters_beside_the_batch": _of_flow(_filters),
    "test_largest_batch": _of_flow(_largest_batch),
    "test_given_objects_are_watched_to_their_end": _of_reader(_given),
    "test_existing_object_is_read_twice": _of_reader(_read_twice),
    "test_objects_that_others_name_are_read": _of_reader(_named_by_others),
    "test_runs_of_an_existing_batch": _of_flow(_runs_of_a_batch),
    "test_generated_queries": _of_listing(_generated_queries),
    "test_first_page": _of_listing(lambda tally, _: tally.send()),
    "test_page_sizes": _of_listing(_page_sizes),
    "test_documented_parameter_values": _of_listing(_parameter_values),
    "test_whole_list": _of_listing(_whole_list),
    "test_refusal": _refusal,
    "test_token_over_its_limit": _over_its_limit,
    "test_customer_without_credits": _of_flow(_without_credits),
    "test_single_run_to_its_end": _of_flow(_run_to_its_end),
    "test_single_run_that_fails": _of_flow(_run_that_fails),
    "test_same_request_twice": _of_flow(_same_twice),
    "test_run_is_cancelled_on_its_way": _of_flow(_cancelled_on_its_way),
    "test_run_is_cancelled_at_work": _of_flow(_cancelled_at_work),
    "test_deleted_run_is_gone": _of_flow(_deleted),
    "test_existing_objects_are_cancelled": _of_flow(_existing_cancelled),
    "test_ended_objects_are_not_cancelled": _of_flow(_ended_not_cancelled),
    "test_asking_to_look_again": _of_flow(_look_again),
    "test_random_order": _random_order,
    "test_batches_submitted_at_once": _of_flow(_submitted_at_once),
    "test_run_cancelled_by_several_at_once": _of_flow(_cancelled_at_once),
    "test_run_deleted_by_several_at_once": _of_flow(_deleted_at_once),
    "test_existing_object_cancelled_by_several_at_once": _of_flow(_existing_cancelled_at_once),
    "test_event_of_a_batch": _event_of_a_batch("document"),
    "test_event_of_a_batch_that_fails": _event_of_a_batch("fatal"),
    "test_event_of_a_run": _event_of_a_run("document"),
    "test_event_of_a_run_that_fails": _event_of_a_run("failing"),
    "test_valid_requests": _valid_requests,
    "test_invalid_requests": _invalid_requests,
    "test_hostile_paths": _hostile_paths,
    "test_odd_headers": _odd_headers,
}
