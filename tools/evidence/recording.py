"""The history of a healthy run: every steady scenario of the suite against the embedded emulator, in this process."""

from batchproof.contract import load_contract
from batchproof.discrimination.cases import Case
from batchproof.discrimination.drive import recorded

from .looks import Healthy


def record(contract: str) -> Healthy:
    """The same history in every run."""
    history = recorded(Case(contract=contract, kind="healthy"))
    return Healthy(load_contract(contract), list(history.exchanges))
