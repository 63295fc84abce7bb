"""Objects that requests need: existing ones, or ones made for the purpose."""

import hashlib
import itertools
import uuid
from collections.abc import Callable
from pathlib import Path

from batchproof.client import File
from batchproof.contract import pointer
from batchproof.contract.model import Flow
from batchproof.drive.errors import Stopped, Unmet
from batchproof.drive.interface import Making
from batchproof.drive.refs import Ref
from batchproof.history import has_body

MOST_READS = 30
FEW = 3
FEW_OF_A_STATUS = 2
_LARGE_PAGE = "100"
# a size that nothing else asks for, so that no cache answers
_FRESH_PAGE = "90"


class Supply:
    """Finds or makes what the places of a template ask for."""

    def __init__(self, api: Making) -> None:
        self._api = api
        self._marks = itertools.count(1)

    def fixture(self, name: str) -> str | None:
        """The first value of a fixture, or None."""
        return self._api.objects.first(name)

    def known(self, resource: str) -> str:
        """The id of an existing object; where there is none, one is created. Raises ``Unmet`` or ``Stopped``."""
        ref = self._api.objects.known(resource) or self.own(resource)
        if ref is None:
            raise Unmet(f"no existing {resource} is known", option="give its id in [fixtures]")
        return ref.id

    def own(self, resource: str) -> Ref | None:
        """An object that this run has created, by now or for all who ask; None where it cannot create any.

        Raises ``Unmet`` or ``Stopped``.
        """
        own = self._api.objects.own(resource)
        if own is not None:
            return own
        api = self._api.of(f"{resource} for all")

        def make() -> list[Ref]:
            made = Supply(api).made(resource)
            return [] if made is None else [made]

        return next(iter(self._for_all(api, make)), None)

    def working(self, name: str) -> str:
        """The id of an object that was just created. Raises ``Unmet`` or ``Stopped``."""
        flow = self._flow(name)
        if flow.create is None:
            raise Unmet(f"the flow {name} cannot create an object")
        return self._api.create(flow).id

    def ended(self, name: str) -> str:
        """The id of an object that was seen in a terminal state. Raises ``Unmet`` or ``Stopped``."""
        api = self._api.of(f"ended {name} for all")
        flow = self._flow(name)
        (ref,) = self._for_all(api, lambda: [Supply(api).find_ended(name, flow)])
        return ref.id

    def _flow(self, name: str) -> Flow:
        """Raises ``Unmet`` where nothing of the flow is claimed."""
        flow = self._api.contract.manifest.flows.get(name)
        if flow is None:
            raise Unmet(f"the flow {name} is not claimed", option="claim what it needs, too")
        return flow

    def take(self, name: str) -> str:
        """The next value of a list fixture, each once. Raises ``Unmet`` when none is left."""
        values = self._api.objects.fixture(name)
        turn = self._api.shared.turn(name)
        if turn >= len(values):
            raise Unmet(f"the fixture {name} has no value left", option=f"give more {name} in [fixtures]")
        return values[turn]

    def file(self, name: str) -> File:
        """The local file that a fixture names. Raises ``Unmet`` when it cannot be read.

        A PDF gets a comment after its end, so that no two uploads are the same, in this run or in another one.
        """
        path = self.fixture(name)
        if path is None:
            raise Unmet(f"the fixture {name} is not given", option=f"give {name} in [fixtures]")
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            described = f"{path} cannot be read: {error.strerror}"
            raise Unmet(described, option=f"correct {name} in [fixtures]") from error
        if content.startswith(b"%PDF"):
            content += f"\n% batchproof {self.mark()}\n".encode()
        return File(name=Path(path).name, content=content)

    def mark(self) -> str:
        """Text that no request had before. The embedded emulator forgets, so there the same run makes the same marks."""
        if self._api.settings.base_url is not None:
            return uuid.uuid4().hex
        described = f"{self._api.settings.seed} {self._api.scenario} {next(self._marks)}"
        return hashlib.sha256(described.encode()).hexdigest()[:32]

    def populate(self, listing: str) -> list[Ref]:
        """Makes sure, once, that a list has rows of objects that have ended, as far as this run may create any.

        Returns those that were created.

        Where objects can be cancelled, the youngest one ends first, so that orders by different times differ.
        """
        api = self._api.of(f"rows of {listing} for all")
        return self._for_all(api, lambda: Supply(api).fill(listing), whether_there_or_not=True)

    def _for_all(
        self, api: Making, make: Callable[[], list[Ref]], *, whether_there_or_not: bool = False
    ) -> list[Ref]:
        """What ``make`` makes in the scenario of ``api``, once for all who ask, and in a run that goes on later, too."""

        def make_and_describe() -> list[Ref]:
            made = make()
            api.end(made)
            return made

        def still(made: list[Ref]) -> bool:
            return whether_there_or_not or all(map(api.objects.is_there, made))

        return api.shared.once(api.scenario, make_and_describe, still=still)

    def fill(self, listing: str) -> list[Ref]:
        """Makes rows of a list, as far as it can, and returns what was created."""
        api = self._api
        for flow in api.contract.manifest.flows.values():
            made = flow.submit or flow.create
            if flow.list != listing or made is None:
                continue
            try:
                self._populate(flow)
            except (Unmet, Stopped) as error:
                # lists can be read all the same
                api.give_up(error, [made, listing])
        return api.objects.created(api.contract.manifest.operations[listing].success.shows[0].resource)

    def _populate(self, flow: Flow) -> None:
        api = self._api
        if flow.submit is not None and flow.read is not None:
            api.poll_until_terminal(flow.read, api.submit(flow, ["document"] * 2))
        elif flow.create is not None and flow.read_run is not None:
            older, younger = api.create(flow), api.create(flow)
            if flow.cancel is not None:
                api.call(flow.cancel, younger)
            for ref in (older, younger):
                api.poll_until_terminal(flow.read_run, ref)

    def look_again(self, listing: str) -> None:
        """Looks at a large page of a list, and at some of what this run has made of its kind, to show what is still there."""
        api = self._api
        operation = api.contract.manifest.operations[listing]
        query = {operation.pages.size: _FRESH_PAGE} if operation.pages and operation.pages.size else {}
        api.page(listing, **query)
        resource = operation.success.shows[0].resource
        reader = api.reader(resource)
        there = [ref for ref in self.populate(listing) if api.objects.is_there(ref)]
        if reader is not None:
            for ref in there[:FEW]:
                api.call(reader, ref)

    def various(self, resource: str) -> list[Ref]:
        """Existing objects: some that the user gives, and of those that a list shows a few in each status."""
        api = self._api
        found = api.objects.existing(resource)
        if api.settings.profile != "full":
            found = found[:FEW]
        for name, operation in api.contract.manifest.operations.items():
            shown = next((view for view in operation.success.shows if view.resource == resource), None)
            if operation.pages is None or shown is None:
                continue
            by_status: dict[str, list[Ref]] = {}
            query = {operation.pages.size: _LARGE_PAGE} if operation.pages.size is not None else {}
            for row in api.page(name, **query):
                ref = api.ref(name, row)
                if ref is not None:
                    by_status.setdefault(str(api.status(ref, row)), []).append(ref)
            found += [ref for refs in by_status.values() for ref in refs[:FEW_OF_A_STATUS]]
        return list(dict.fromkeys(found))

    def named(self, resource: str) -> list[Ref]:
        """Objects of ``resource`` that existing objects of other resources name: a few of each answer that names any."""
        api = self._api
        found: list[Ref] = []
        for name, operation in api.contract.manifest.operations.items():
            if operation.reads is None or operation.method != "GET":
                continue
            places = [
                shown.at + at
                for shown in operation.success.shows
                for named, at in api.contract.manifest.resources[shown.resource].refers.items()
                if named == resource
            ]
            for owner in self.various(operation.reads)[:MOST_READS] if places else ():
                response = api.call(name, owner).response
                body = response.body if response is not None and has_body(response) else None
                ids = [item for at in places for _, item in pointer.find(body, at) if isinstance(item, str)]
                found += [Ref(resource, identifier) for identifier in ids[:FEW]]
        return list(dict.fromkeys(found))

    def made(self, resource: str) -> Ref | None:
        """A new object of ``resource``; None where none can be created. Raises ``Unmet`` or ``Stopped``."""
        api = self._api
        operations = api.contract.manifest.operations
        for flow in api.contract.manifest.flows.values():
            reads = operations[flow.read_run].reads if flow.read_run is not None else None
            if flow.create is not None and resource in (operations[flow.create].creates, reads):
                return api.create(flow)
            if flow.submit is None:
                continue
            if operations[flow.submit].creates == resource:
                return api.submit(flow, ["document"])
            if flow.list is not None and operations[flow.list].success.shows[0].resource == resource:
                batch = api.submit(flow, ["document"])
                return next(iter(api.refs(flow.list, api.traverse(flow.list, batch))), None)
        return None

    def find_ended(self, name: str, flow: Flow) -> Ref:
        """An object of a flow that was seen to end: made, or an existing one. Raises ``Unmet`` or ``Stopped``."""
        api = self._api
        reader = flow.read_run or flow.read
        assert reader is not None
        if flow.create is not None:
            ref = api.create(flow)
            api.poll_until_terminal(reader, ref)
            return ref
        resource = api.contract.manifest.operations[reader].reads or ""
        lifecycle = api.contract.manifest.lifecycles[
            api.contract.manifest.resources[resource].lifecycle or ""
        ]
        for ref in api.objects.existing(resource)[:MOST_READS]:
            if api.status(ref, api.read(reader, ref)) in lifecycle.terminal:
                return ref
        raise Unmet(
            f"no {resource} of the flow {name} has ended", option="give ids of ended ones in [fixtures]"
        )


class Consuming(Supply):
    """Finds or makes objects for an operation after which they are no more."""

    def ended(self, name: str) -> str:
        """The id of an object that was seen in a terminal state, and nobody else knows. Raises ``Unmet`` or ``Stopped``."""
        return self.find_ended(name, self._api.contract.manifest.flows[name]).id
