"""Several clients at once. Their requests are built before, in one thread, so that the same ones are sent in every run."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from batchproof.client import Call
from batchproof.contract.linked import Operation
from batchproof.drive.api import Api
from batchproof.drive.refs import Ref
from batchproof.history import Exchange

_SETTLED_S = 1.0


def together(api: Api, *clients: Sequence[Call]) -> list[list[Exchange]]:
    """Sends the calls of every client, one after the other; the clients begin at the same moment.

    Returns the exchanges of each client in the order of its calls. Raises ``Unmet`` when a limit of the run forbids one.
    """
    ready = threading.Barrier(len(clients))

    def run(calls: Sequence[Call]) -> list[Exchange]:
        ready.wait()
        return [api.send(call) for call in calls]

    with ThreadPoolExecutor(len(clients)) as pool:
        futures = [pool.submit(run, calls) for calls in clients]
    return [future.result() for future in futures]


def calls(ref: Ref, *operations: Operation | str) -> list[Call]:
    """One call of each operation on an object."""
    return [Call(operation=str(operation), path={"id": ref.id}) for operation in operations]


def calm_down(api: Api) -> None:
    """Lets enough time pass for what takes no time to have ended, whatever came first."""
    api.pause(_SETTLED_S)
