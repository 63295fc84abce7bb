"""What a function of an invariant found wrong."""

from typing import Any


class Wrong:
    """A rule that does not hold, with what shows it: the evidence of a finding. It is false."""

    def __init__(self, observed: Any) -> None:
        """``observed`` is a JSON value."""
        self.observed = observed

    def __bool__(self) -> bool:
        return False
