"""Several clients at once: they submit, look, list, cancel and delete without waiting for each other."""

from contextlib import suppress

import pytest

from batchproof.contract.linked import Flow
from batchproof.drive import Api, Ref, Stopped
from batchproof.drive.together import calls, calm_down, together

CLIENTS = 3


@pytest.mark.profile("core")
@pytest.mark.flow("submit", "read", "list", "read_run")
def test_batches_submitted_at_once(api: Api, flow: Flow) -> None:
    wanted = [api.requests.valid(flow.submit, kinds=["document"] * 2) for _ in range(CLIENTS)]
    answers = together(api, *[[call] for call in wanted])
    batches = [api.created(flow.submit, exchange) for (exchange,) in answers]
    pages = [api.list_call(flow.list, batch) for batch in batches]
    looks = [calls(batch, flow.read, flow.read) for batch in batches]
    together(api, *looks, *[[page, page] for page in pages])
    calm_down(api)
    for batch in batches:
        api.poll_until_terminal(flow.read, batch)
    for batch in batches:
        for run in api.refs(flow.list, api.traverse(flow.list, batch)):
            api.read(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("create", "cancel", "read_run")
def test_run_cancelled_by_several_at_once(api: Api, flow: Flow) -> None:
    run, neighbour = api.create(flow), api.create(flow)
    looks = [calls(ref, flow.read_run, flow.read_run) for ref in (run, neighbour)]
    together(api, calls(run, flow.cancel), calls(run, flow.cancel), *looks)
    calm_down(api)
    for ref in (run, neighbour):
        api.poll_until_terminal(flow.read_run, ref)


@pytest.mark.profile("core")
@pytest.mark.flow("create", "delete", "read_run")
def test_run_deleted_by_several_at_once(api: Api, flow: Flow) -> None:
    run = api.create(flow)
    calm_down(api)
    api.poll_until_terminal(flow.read_run, run)
    together(api, calls(run, flow.delete), calls(run, flow.delete), calls(run, flow.read_run, flow.read_run))
    for _ in range(2):
        with suppress(Stopped):
            api.read(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("cancel", "cancellable", "read")
def test_existing_object_cancelled_by_several_at_once(api: Api, flow: Flow) -> None:
    ref = Ref(flow.subject.name, api.supply.take(flow.cancellable))
    looks = calls(ref, flow.read, flow.read)
    together(api, calls(ref, flow.cancel), calls(ref, flow.cancel), looks, looks)
    api.read(flow.read, ref)
