"""batchproof: contract and conformance tests for document-processing batch APIs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batchproof.recording import Recorder

__version__ = "0.1.0"
__all__ = ["Recorder", "__version__"]


def __getattr__(name: str) -> Any:
    # what judges takes half a second to load, and most who ask for the version do not judge
    if name == "Recorder":
        from batchproof.recording import Recorder  # noqa: PLC0415

        return Recorder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
