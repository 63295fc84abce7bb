"""What faults and variants can change in this vendor's emulators, besides the hooks."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from batchproof.emulator import behaviour as shared


@dataclass(slots=True)
class Limits:
    """The documented limits (Batch Processing, How it works; List Extract Runs, maxPageSize; Run Metadata)."""

    inputs: int = 1000
    inputs_of: dict[str, int] = field(default_factory=dict)
    page_size: int = 1000
    default_page_size: int = 10
    priority: int = 100
    metadata_bytes: int = 10 * 1024
    package_files: int = 50


class Behaviour(shared.Behaviour):
    """The documented behaviour, until it is changed."""

    def __init__(self, step_ms: int) -> None:
        super().__init__(step_ms)
        self.limits = Limits()
        self.pending_steps = 1
        self.requires_key = True
        self.requires_version = True
        self.new_id: Callable[[str], str] = self.prefixed_id

    def prefixed_id(self, prefix: str) -> str:
        """An id as the examples show it: a prefix, then 22 random characters of `[A-Za-z0-9_-]`."""
        return f"{prefix}_{self.random_text(16)}"

    def random_text(self, size: int) -> str:
        """Random characters of `[A-Za-z0-9_-]` that hold `size` bytes."""
        return base64.urlsafe_b64encode(self.random_bytes(size)).decode().rstrip("=")
