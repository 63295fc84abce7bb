"""batchproof: contract and conformance tests for document-processing batch APIs.

What a program of one's own uses is here, and documented where it is defined::

    results = batchproof.run("acme/v1", target="https://staging.example.com", max_runs=40)
    history = batchproof.read_history(Path("reports/latest/history.ndjson"))
    again = batchproof.judge(batchproof.load_contract(history.header.contract), history)

Everything else may change with any release. Errors are drawn in ``batchproof.errors``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from batchproof.errors import BatchproofError, RunError
from batchproof.version import __version__

if TYPE_CHECKING:
    from batchproof.client import ConfigError
    from batchproof.contract import ClaimError, Contract, ContractError, load_contract
    from batchproof.history import History, HistoryError, read_history
    from batchproof.judging import Finding, RequirementResult, Results, judge
    from batchproof.library import run
    from batchproof.recording import Recorder

__all__ = [
    "BatchproofError",
    "ClaimError",
    "ConfigError",
    "Contract",
    "ContractError",
    "Finding",
    "History",
    "HistoryError",
    "Recorder",
    "RequirementResult",
    "Results",
    "RunError",
    "__version__",
    "judge",
    "load_contract",
    "read_history",
    "run",
]

# what judges takes half a second to load, and most who ask for the version do not judge
_HOMES = {
    "ClaimError": "contract",
    "ConfigError": "client",
    "Contract": "contract",
    "ContractError": "contract",
    "Finding": "judging",
    "History": "history",
    "HistoryError": "history",
    "Recorder": "recording",
    "RequirementResult": "judging",
    "Results": "judging",
    "judge": "judging",
    "load_contract": "contract",
    "read_history": "history",
    "run": "library",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"batchproof.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
