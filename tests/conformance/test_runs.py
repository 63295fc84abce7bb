"""Single objects: created, cancelled, deleted, asked to look again."""

import pytest

from batchproof.contract.linked import Flow
from batchproof.drive import Api, Ref, Unmet

CANCELLED_OBJECTS = 2
AFTER_A_CHANGE_S = 1.5
FEW_PAGES = 10


@pytest.mark.flow("create", "read_run")
def test_single_run_to_its_end(api: Api, flow: Flow) -> None:
    run = api.create(flow)
    api.poll_until_terminal(flow.read_run, run)
    api.pause(AFTER_A_CHANGE_S)
    api.read(flow.read_run, run)
    if flow.list is not None:
        api.page(flow.list)


@pytest.mark.profile("core")
@pytest.mark.flow("create", "read_run")
def test_single_run_that_fails(api: Api, flow: Flow) -> None:
    if "failing" not in api.contract.manifest.inputs:
        pytest.skip("the contract knows no document that fails")
    run = api.create(flow, "failing")
    api.poll_until_terminal(flow.read_run, run)
    api.read(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("create")
def test_same_request_twice(api: Api, flow: Flow) -> None:
    request = api.requests.valid(flow.create)
    api.send(request)
    api.send(request)


@pytest.mark.profile("core")
@pytest.mark.flow("create", "cancel", "read_run")
def test_run_is_cancelled_on_its_way(api: Api, flow: Flow) -> None:
    run = api.create(flow)
    api.call(flow.cancel, run)
    api.poll_until_terminal(flow.read_run, run)
    api.pause(AFTER_A_CHANGE_S)
    api.read(flow.read_run, run)
    if flow.list is not None:
        api.page(flow.list)
    api.call(flow.cancel, run)
    api.read(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("create", "cancel", "read_run")
def test_run_is_cancelled_at_work(api: Api, flow: Flow) -> None:
    run = api.create(flow)
    for _ in api.polls(api.patience(run.resource)):
        if not api.is_waiting(run, api.read(flow.read_run, run)):
            break
    api.call(flow.cancel, run)
    api.read(flow.read_run, run)
    # where it was refused, a run that is still at work by then was so all the time
    api.pause(AFTER_A_CHANGE_S)
    api.read(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("create", "delete", "read_run")
def test_deleted_run_is_gone(api: Api, flow: Flow) -> None:
    run, neighbour = api.create(flow), api.create(flow)
    for ref in (run, neighbour):
        api.poll_until_terminal(flow.read_run, ref)
    if flow.list is not None:
        api.page(flow.list)
    api.call(flow.delete, run)
    api.call(flow.read_run, run)
    # by then no replica is behind
    api.pause(AFTER_A_CHANGE_S)
    api.call(flow.read_run, run)
    api.call(flow.delete, run)
    if flow.list is not None:
        api.newest(flow.list, size=100)
    api.read(flow.read_run, neighbour)


@pytest.mark.profile("core")
@pytest.mark.flow("cancel", "cancellable", "read")
def test_existing_objects_are_cancelled(api: Api, flow: Flow) -> None:
    resource = flow.subject.name
    for _ in range(CANCELLED_OBJECTS):
        ref = Ref(resource, api.supply.take(flow.cancellable))
        api.read(flow.read, ref)
        api.call(flow.cancel, ref)
        api.read(flow.read, ref)
        api.pause(AFTER_A_CHANGE_S)
        api.call(flow.cancel, ref)
        api.read(flow.read, ref)
        for listing in flow.subject.lists:
            api.traverse(listing, most=FEW_PAGES)


@pytest.mark.profile("core")
@pytest.mark.flow("cancel", "cancellable", "read")
def test_ended_objects_are_not_cancelled(api: Api, flow: Flow) -> None:
    resource = flow.subject.name
    for ref in api.supply.various(resource):
        if not api.on_the_way(ref, api.read(flow.read, ref)):
            api.call(flow.cancel, ref)


@pytest.mark.flow("refresh", "read")
def test_asking_to_look_again(api: Api, flow: Flow) -> None:
    resource = flow.subject.name
    refs = api.supply.various(resource)
    if not refs:
        raise Unmet(f"no existing {resource} is given or found", option="give its id in [fixtures]")
    for ref in refs:
        api.read(flow.read, ref)
        api.call(flow.refresh, ref)
        api.read(flow.read, ref)
        api.call(flow.refresh, ref)
    # what was refused is told from what came too late by a look that is surely not behind
    api.pause(AFTER_A_CHANGE_S)
    for ref in refs:
        api.read(flow.read, ref)
