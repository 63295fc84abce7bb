"""What a scenario has created, and what nobody has deleted yet."""

from collections import defaultdict

from batchproof.drive.refs import Ref
from batchproof.drive.shared import Shared


class Made:
    """The objects of one scenario. ``shared`` knows those of all of them."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._created: dict[str, list[Ref]] = defaultdict(list)

    def remember(self, ref: Ref) -> None:
        """``ref`` was created by this scenario."""
        self._created[ref.resource].append(ref)
        self._shared.created.add(ref)

    def forget(self, ref: Ref) -> None:
        """``ref`` is no more."""
        self._shared.gone.add(ref)

    def created(self, resource: str) -> list[Ref]:
        """What this scenario has created of ``resource``, whether it is still there or not."""
        return list(self._created.get(resource, []))

    def is_there(self, ref: Ref) -> bool:
        """Whether nobody has deleted ``ref`` in this run."""
        return ref not in self._shared.gone

    def own(self, resource: str) -> Ref | None:
        """The youngest object of ``resource`` that this scenario has created and nobody has deleted."""
        return next((ref for ref in reversed(self._created.get(resource, [])) if self.is_there(ref)), None)
