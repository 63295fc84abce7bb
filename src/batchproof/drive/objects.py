"""Objects of the server that a run may use: given by the user, discovered, or created on the way."""

from collections.abc import Collection
from contextlib import suppress

from batchproof.client import Call
from batchproof.contract import pointer
from batchproof.contract.linked import Operation
from batchproof.drive.client import Client
from batchproof.drive.errors import Stopped
from batchproof.drive.refs import Ref


class Objects:
    """Looks up fixtures and ids for one scenario; each discovery read is made once in a run.

    Whatever looks for something raises ``Stopped`` when the answer is not the documented one.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._contract = client.contract
        self._settings = client.settings
        self._shared = client.shared
        self._made = client.made

    def discover(self) -> None:
        """Looks for whatever can be discovered, while nobody has created anything yet."""
        for name in self._contract.manifest.fixtures:
            if name not in self._settings.fixtures:
                with suppress(Stopped):
                    self._discover(name)

    def know(self, name: str, values: list[str]) -> None:
        """An earlier part of the run has discovered ``values`` of a fixture."""
        self._shared.know(_key(name), values)

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

    def to_cancel(self, reader: Operation) -> list[Ref]:
        """Objects that the user gives to be cancelled, of those that ``reader`` reads."""
        resource = reader.reads
        spent = {flow.cancellable for flow in reader.flows if flow.read is reader}
        names = [name for name in self._settings.fixtures if name in spent] if resource is not None else []
        return [Ref(str(resource), identifier) for name in names for identifier in self.fixture(name)]

    def existing(self, resource: str) -> list[Ref]:
        """Objects that were there before this run: given, else discovered."""
        return self._of_fixtures(resource, self._contract.manifest.fixtures)

    def _of_fixtures(self, resource: str, among: Collection[str]) -> list[Ref]:
        names = [name for name in self._contract.fixtures_of(resource) if name in among]
        values = dict.fromkeys(item for name in names for item in self.fixture(name))
        refs = [Ref(resource, identifier) for identifier in values]
        # what another scenario has created belongs to that one
        return [ref for ref in refs if self._made.is_there(ref) and ref not in self._shared.created]

    def known(self, resource: str) -> Ref | None:
        """Any existing object of ``resource``, the youngest that this scenario created first."""
        return self._made.own(resource) or next(iter(self.existing(resource)), None)

    def _discover(self, name: str) -> list[str]:
        discovery = self._contract.manifest.fixtures[name].discover
        if discovery is None:
            return []

        def look() -> list[str]:
            call = Call(operation=discovery.operation)
            # what failed before is not asked for again and again
            send = self._client.send if discovery.operation in self._shared.failed else self._client.ask
            try:
                body = self._client.body(discovery.operation, send(call))
            except Stopped:
                self._shared.failed.add(discovery.operation)
                raise
            return [value for _, value in pointer.find(body, discovery.at) if isinstance(value, str)]

        return self._shared.once(_key(name), look)


def _key(name: str) -> str:
    return f"fixture {name}"
