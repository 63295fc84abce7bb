"""A batch from its submission to its end, as a user of the API would follow it."""

import pytest

from batchproof.contract.linked import Flow
from batchproof.drive import Api

AFTER_A_CHANGE_S = 1.5
BETWEEN_LOOKS_S = (0.0, 1.5, 0.0)
SEVERAL_PAGES = 12


@pytest.mark.flow("submit", "read", "list", "read_run")
def test_batch_runs_to_its_end(api: Api, flow: Flow) -> None:
    batch = api.submit(flow, ["document"] * 3)
    api.poll_until_terminal(flow.read, batch)
    api.pause(AFTER_A_CHANGE_S)
    api.traverse(flow.list, batch, size=2)
    rows = api.traverse(flow.list, batch)
    for run in api.refs(flow.list, rows):
        api.poll_until_terminal(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("submit", "read", "list", "read_run")
def test_runs_are_watched_while_they_work(api: Api, flow: Flow) -> None:
    batch = api.submit(flow, ["document"] * 2)
    for run in api.refs(flow.list, api.traverse(flow.list, batch)):
        api.poll_until_terminal(flow.read_run, run)
    api.traverse(flow.list, batch)
    api.pause(AFTER_A_CHANGE_S)
    api.poll_until_terminal(flow.read, batch)


@pytest.mark.profile("core")
@pytest.mark.flow("submit", "read", "list", "read_run")
def test_nothing_moves_after_the_end(api: Api, flow: Flow) -> None:
    batch = api.submit(flow, ["document"])
    api.poll_until_terminal(flow.read, batch)
    runs = api.refs(flow.list, api.traverse(flow.list, batch))
    for pause in BETWEEN_LOOKS_S:
        # what a replica showed a moment ago may lag behind; afterwards every answer agrees
        api.pause(pause)
        api.read(flow.read, batch)
        for run in runs:
            api.read(flow.read_run, run)
        api.traverse(flow.list, batch)


@pytest.mark.profile("core")
@pytest.mark.flow("submit", "read", "list", "read_run")
def test_document_that_cannot_be_processed(api: Api, flow: Flow) -> None:
    batch = api.submit(flow, ["failing"])
    api.poll_until_terminal(flow.read, batch)
    api.pause(AFTER_A_CHANGE_S)
    for run in api.refs(flow.list, api.traverse(flow.list, batch)):
        api.poll_until_terminal(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("submit", "read", "list", "read_run")
def test_good_and_failing_documents_together(api: Api, flow: Flow) -> None:
    batch = api.submit(flow, ["document", "failing"])
    api.poll_until_terminal(flow.read, batch)
    api.pause(AFTER_A_CHANGE_S)
    for run in api.refs(flow.list, api.traverse(flow.list, batch)):
        api.read(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("submit", "read", "list")
def test_list_of_several_pages(api: Api, flow: Flow) -> None:
    batch = api.submit(
        flow, ["document"] * min(SEVERAL_PAGES, api.requests.most_inputs(flow.submit, SEVERAL_PAGES))
    )
    api.poll_until_terminal(flow.read, batch)
    api.pause(AFTER_A_CHANGE_S)
    api.traverse(flow.list, batch)
    api.traverse(flow.list, batch, size=5)
    api.traverse(flow.list, batch, size=1)


@pytest.mark.profile("core")
@pytest.mark.flow("submit", "read", "list")
def test_filters_beside_the_batch(api: Api, flow: Flow) -> None:
    batch = api.submit(flow, ["document"] * 2)
    api.poll_until_terminal(flow.read, batch)
    api.pause(AFTER_A_CHANGE_S)
    api.traverse(flow.list, batch)
    api.pause(AFTER_A_CHANGE_S)
    owner = api.list_call(flow.list, batch).query
    for query in api.requests.single_parameters(flow.list):
        api.page(flow.list, **query, **owner)


@pytest.mark.large
@pytest.mark.profile("full")
@pytest.mark.flow("submit", "read", "list")
def test_largest_batch(api: Api, flow: Flow) -> None:
    most = api.requests.most_inputs(flow.submit, SEVERAL_PAGES)
    batch = api.submit(flow, ["document"] * most)
    api.poll_until_terminal(flow.read, batch)
    api.pause(AFTER_A_CHANGE_S)
    api.traverse(flow.list, batch, size=most)
