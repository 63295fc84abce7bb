"""Objects of the server that a run may use: given by the user, discovered, or created on the way."""

from collections import defaultdict
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from batchproof.client import Settings
from batchproof.contract import Contract, pointer
from batchproof.drive.errors import Stopped
from batchproof.drive.refs import Ref
from batchproof.drive.shared import Shared


class Objects:
    """Looks up fixtures and ids for one scenario; each discovery read is made once in a run."""

    def __init__(
        self, contract: Contract, settings: Settings, read: Callable[[str, bool], Any], shared: Shared
    ) -> None:
        """``read`` sends an operation that needs no arguments, again and again where it is told to, and gives the body.

        It raises ``Stopped`` when the answer is not the documented one, and so does whatever looks for something.
        """
        self._contract = contract
        self._settings = settings
        self._read = read
        self._shared = shared
        self._created: dict[str, list[Ref]] = defaultdict(list)

    def remember(self, ref: Ref) -> None:
        """``ref`` was created by this scenario."""
        self._created[ref.resource].append(ref)
        self._shared.created.add(ref)

    def forget(self, ref: Ref) -> None:
        """``ref`` is no more."""
        self._shared.gone.add(ref)

    def discover(self) -> None:
        """Looks for whatever can be discovered, while nobody has created anything yet."""
        for name in self._contract.manifest.fixtures:
            if name not in self._settings.fixtures:
                with suppress(Stopped):
                    self._discover(name)

    def know(self, name: str, values: list[str]) -> None:
        """An earlier part of the run has discovered ``values`` of a fixture."""
        self._shared.know(_key(name), values)

    def created(self, resource: str) -> list[Ref]:
        """What this scenario has created of ``resource``, whether it is still there or not."""
        return list(self._created.get(resource, []))

    def is_there(self, ref: Ref) -> bool:
        """Whether nobody has deleted ``ref`` in this run."""
        return ref not in self._shared.gone

    def fixture(self, name: str) -> list[str]:
        """The values of a fixture: what the user gives, else what its discovery finds."""
        given = self._settings.fixtures.get(name)
        if given is not None:
            return given if isinstance(given, list) else [given]
        return self._discover(name)

    def first(self, name: str) -> str | None:
        """The first value of a fixture, or None."""
        return next(iter(self.fixture(name)), None)

    def given(self, resource: str) -> list[Ref]:
        """Objects that the user gives."""
        return self._of_fixtures(resource, self._settings.fixtures)

    def to_cancel(self, reader: str) -> list[Ref]:
        """Objects that the user gives to be cancelled, of those that ``reader`` reads."""
        manifest = self._contract.manifest
        resource = manifest.operations[reader].reads or ""
        spent = {flow.cancellable for flow in manifest.flows.values() if flow.read == reader}
        names = [name for name in self._settings.fixtures if name in spent]
        return [Ref(resource, identifier) for name in names for identifier in self.fixture(name)]

    def existing(self, resource: str) -> list[Ref]:
        """Objects that were there before this run: given, else discovered."""
        return self._of_fixtures(resource, self._contract.manifest.fixtures)

    def _of_fixtures(self, resource: str, among: Collection[str]) -> list[Ref]:
        names = [name for name in self._contract.fixtures_of(resource) if name in among]
        values = dict.fromkeys(item for name in names for item in self.fixture(name))
        refs = [Ref(resource, identifier) for identifier in values]
        # what another scenario has created belongs to that one
        return [ref for ref in refs if self.is_there(ref) and ref not in self._shared.created]

    def own(self, resource: str) -> Ref | None:
        """The youngest object of ``resource`` that this scenario has created and nobody has deleted."""
        return next((ref for ref in reversed(self._created.get(resource, [])) if self.is_there(ref)), None)

    def known(self, resource: str) -> Ref | None:
        """Any existing object of ``resource``, the youngest that this scenario created first."""
        return self.own(resource) or next(iter(self.existing(resource)), None)

    def _discover(self, name: str) -> list[str]:
        discovery = self._contract.manifest.fixtures[name].discover
        if discovery is None:
            return []

        def look() -> list[str]:
            try:
                body = self._read(discovery.operation, discovery.operation not in self._shared.failed)
            except Stopped:
                self._shared.failed.add(discovery.operation)
                raise
            return [value for _, value in pointer.find(body, discovery.at) if isinstance(value, str)]

        return self._shared.once(_key(name), look)


def _key(name: str) -> str:
    return f"fixture {name}"
