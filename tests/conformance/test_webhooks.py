"""Events that the server delivers when an object has ended, and what a read shows after they have arrived."""

import pytest

from batchproof.contract.linked import Flow
from batchproof.drive import Api


@pytest.mark.profile("core")
@pytest.mark.flow("submit", "read")
def test_event_of_a_batch(api: Api, flow: Flow) -> None:
    if api.webhooks is None:
        pytest.skip("no receiver of webhooks is open")
    batch = api.submit(flow, ["document"])
    api.poll_until_terminal(flow.read, batch)
    api.webhooks.await_end(flow.read, batch)


@pytest.mark.profile("full")
@pytest.mark.flow("submit", "read")
def test_event_of_a_batch_that_fails(api: Api, flow: Flow) -> None:
    if api.webhooks is None or "fatal" not in api.contract.manifest.inputs:
        pytest.skip(
            "no receiver of webhooks is open, or the contract knows no document that makes a batch fail"
        )
    batch = api.submit(flow, ["fatal"])
    api.poll_until_terminal(flow.read, batch)
    api.webhooks.await_end(flow.read, batch)


@pytest.mark.profile("core")
@pytest.mark.flow("create", "read_run")
def test_event_of_a_run(api: Api, flow: Flow) -> None:
    if api.webhooks is None:
        pytest.skip("no receiver of webhooks is open")
    run = api.create(flow)
    api.poll_until_terminal(flow.read_run, run)
    api.webhooks.await_end(flow.read_run, run)


@pytest.mark.profile("core")
@pytest.mark.flow("create", "read_run")
def test_event_of_a_run_that_fails(api: Api, flow: Flow) -> None:
    if api.webhooks is None or "failing" not in api.contract.manifest.inputs:
        pytest.skip("no receiver of webhooks is open, or the contract knows no document that fails")
    run = api.create(flow, "failing")
    api.poll_until_terminal(flow.read_run, run)
    api.webhooks.await_end(flow.read_run, run)
