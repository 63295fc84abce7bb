"""Objects that requests need: existing ones, or ones made for the purpose."""

import hashlib
import itertools
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from batchproof.client import File
from batchproof.contract import pointer
from batchproof.contract.linked import Creating, Flow, Listing, Reader, Submitting
from batchproof.drive.client import Client
from batchproof.drive.errors import Stopped, Unmet, needing
from batchproof.drive.objects import Objects
from batchproof.drive.refs import Ref
from batchproof.drive.requests import Requests
from batchproof.drive.templates import Templates
from batchproof.history import START, has_body

MOST_READS = 30
FEW = 3
FEW_OF_A_STATUS = 2
_TAG = 6
_LARGE_PAGE = "100"
# a size that nothing else asks for, so that no cache answers
_FRESH_PAGE = "90"


class Supply:
    """Finds or makes what the places of a template ask for."""

    def __init__(self, client: Client) -> None:
        contract, settings, scenario = client.contract, client.settings, client.scenario
        self.objects = Objects(client)
        self._client = client
        self._marks = itertools.count(1)
        seed = f"{settings.seed} {scenario}"
        # labels tell what one scenario sends from what another does
        tag = "" if scenario == START else f"-{hashlib.sha256(scenario.encode()).hexdigest()[:_TAG]}"
        # to make an object may take other objects
        self.requests = Requests(
            contract,
            settings,
            Templates(contract.manifest, self, seed, self.mark, tag),
            Templates(contract.manifest, Consuming(self), seed),
        )

    def of(self, scenario: str) -> "Supply":
        """The supply of another scenario."""
        return Supply(self._client.of(scenario))

    def submit(self, flow: Submitting, kinds: Sequence[str]) -> Ref:
        """Submits a batch, one input document for each of ``kinds``, and returns the batch."""
        with needing(part.name for part in (flow.submit, flow.read, flow.list, flow.read_run) if part):
            exchange = self._client.send(self.requests.valid(flow.submit, kinds=kinds))
        return self._client.created(flow.submit, exchange)

    def create(self, flow: Creating, kind: str = "document") -> Ref:
        """Creates one object that is not a batch and returns it, as the resource that ``read_run`` reads."""
        with needing(part.name for part in (flow.create, flow.read_run, flow.cancel, flow.delete) if part):
            exchange = self._client.send(self.requests.valid(flow.create, kinds=[kind]))
        ref = self._client.created(flow.create, exchange)
        created = Ref(flow.run.name if flow.run is not None else ref.resource, ref.id)
        self._client.made.remember(created)
        return created

    def fixture(self, name: str) -> str | None:
        """The first value of a fixture, or None."""
        return self.objects.first(name)

    def known(self, resource: str) -> str:
        """The id of an existing object; where there is none, one is created. Raises ``Unmet`` or ``Stopped``."""
        ref = self.objects.known(resource) or self.own(resource)
        if ref is None:
            raise Unmet(f"no existing {resource} is known", option="give its id in [fixtures]")
        return ref.id

    def own(self, resource: str) -> Ref | None:
        """An object that this run has created, by now or for all who ask; None where it cannot create any.

        Raises ``Unmet`` or ``Stopped``.
        """
        own = self._client.made.own(resource)
        if own is not None:
            return own
        supply = self.of(f"{resource} for all")

        def make() -> list[Ref]:
            made = supply.make(resource)
            return [] if made is None else [made]

        return next(iter(supply.once_for_all(make)), None)

    def working(self, name: str) -> str:
        """The id of an object that was just created. Raises ``Unmet`` or ``Stopped``."""
        flow = self.flow(name)
        if not isinstance(flow, Creating):
            raise Unmet(f"the flow {name} cannot create an object")
        return self.create(flow).id

    def ended(self, name: str) -> str:
        """The id of an object that was seen in a terminal state. Raises ``Unmet`` or ``Stopped``."""
        supply = self.of(f"ended {name} for all")
        flow = self.flow(name)
        (ref,) = supply.once_for_all(lambda: [supply.find_ended(name, flow)])
        return ref.id

    def flow(self, name: str) -> Flow:
        """Raises ``Unmet`` where nothing of the flow is claimed."""
        flow = self._client.contract.flows.get(name)
        if flow is None:
            raise Unmet(f"the flow {name} is not claimed", option="claim what it needs, too")
        return flow

    def take(self, name: str) -> str:
        """The next value of a list fixture, each once. Raises ``Unmet`` when none is left."""
        values = self.objects.fixture(name)
        turn = self._client.shared.turn(name)
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
        if self._client.settings.base_url is not None:
            return uuid.uuid4().hex
        described = f"{self._client.settings.seed} {self._client.scenario} {next(self._marks)}"
        return hashlib.sha256(described.encode()).hexdigest()[:32]

    def populate(self, listing: Listing) -> list[Ref]:
        """Makes sure, once, that a list has rows of objects that have ended, as far as this run may create any.

        Returns those that were created.

        Where objects can be cancelled, the youngest one ends first, so that orders by different times differ.
        """
        supply = self.of(f"rows of {listing} for all")
        return supply.once_for_all(lambda: supply.fill(listing), whether_there_or_not=True)

    def once_for_all(self, make: Callable[[], list[Ref]], *, whether_there_or_not: bool = False) -> list[Ref]:
        """What ``make`` makes in this scenario, once for all who ask, and in a run that goes on later, too."""
        client = self._client

        def make_and_describe() -> list[Ref]:
            made = make()
            client.end(made)
            return made

        def still(made: list[Ref]) -> bool:
            return whether_there_or_not or all(map(client.made.is_there, made))

        return client.shared.once(client.scenario, make_and_describe, still=still)

    def fill(self, listing: Listing) -> list[Ref]:
        """Makes rows of a list, as far as it can, and returns what was created."""
        client = self._client
        for flow in listing.flows:
            made = flow.submit or flow.create
            if flow.list is not listing or made is None:
                continue
            try:
                self._populate(flow)
            except (Unmet, Stopped) as error:
                # lists can be read all the same
                client.give_up(error, [made.name, listing.name])
        return client.made.created(str(listing.resource))

    def _populate(self, flow: Flow) -> None:
        client = self._client
        if isinstance(flow, Submitting) and flow.read is not None:
            client.poll_until_terminal(flow.read, self.submit(flow, ["document"] * 2))
        elif isinstance(flow, Creating) and flow.read_run is not None:
            older, younger = self.create(flow), self.create(flow)
            if flow.cancel is not None:
                client.call(flow.cancel, younger)
            for ref in (older, younger):
                client.poll_until_terminal(flow.read_run, ref)

    def look_again(self, listing: Listing) -> None:
        """Looks at a large page of a list, and at some of what this run has made of its kind, to show what is still there."""
        client = self._client
        query = {listing.pages.size: _FRESH_PAGE} if listing.pages.size else {}
        client.page(listing, **query)
        reader = listing.resource.reader if listing.resource is not None else None
        there = [ref for ref in self.populate(listing) if client.made.is_there(ref)]
        if reader is not None:
            for ref in there[:FEW]:
                client.call(reader, ref)

    def various(self, resource: str) -> list[Ref]:
        """Existing objects: some that the user gives, and of those that a list shows a few in each status."""
        client = self._client
        found = self.objects.existing(resource)
        if client.settings.profile != "full":
            found = found[:FEW]
        for listing in client.contract.resources[resource].lists:
            by_status: dict[str, list[Ref]] = {}
            query = {listing.pages.size: _LARGE_PAGE} if listing.pages.size is not None else {}
            for row in client.page(listing, **query):
                ref = client.ref(listing, row)
                if ref is not None:
                    by_status.setdefault(str(client.status(ref, row)), []).append(ref)
            found += [ref for refs in by_status.values() for ref in refs[:FEW_OF_A_STATUS]]
        return list(dict.fromkeys(found))

    def named(self, resource: str) -> list[Ref]:
        """Objects of ``resource`` that existing objects of other resources name: a few of each answer that names any."""
        client = self._client
        found: list[Ref] = []
        for operation in client.contract.operations.values():
            if not isinstance(operation, Reader):
                continue
            places = [
                shown.at + at
                for shown in operation.success.shows
                for named, at in shown.resource.refers.items()
                if named == resource
            ]
            for owner in self.various(operation.reads.name)[:MOST_READS] if places else ():
                response = client.call(operation, owner).response
                body = response.body if response is not None and has_body(response) else None
                ids = [item for at in places for _, item in pointer.find(body, at) if isinstance(item, str)]
                found += [Ref(resource, identifier) for identifier in ids[:FEW]]
        return list(dict.fromkeys(found))

    def make(self, resource: str) -> Ref | None:
        """A new object of ``resource``; None where none can be created. Raises ``Unmet`` or ``Stopped``."""
        client = self._client
        wanted = client.contract.resources[resource]
        for flow in client.contract.flows.values():
            if isinstance(flow, Creating) and wanted in (flow.create.creates, flow.run):
                return self.create(flow)
            if not isinstance(flow, Submitting):
                continue
            if flow.submit.creates is wanted:
                return self.submit(flow, ["document"])
            if flow.list is not None and flow.list.resource is wanted:
                batch = self.submit(flow, ["document"])
                return next(iter(client.refs(flow.list, client.traverse(flow.list, batch))), None)
        return None

    def find_ended(self, name: str, flow: Flow) -> Ref:
        """An object of a flow that was seen to end: made, or an existing one. Raises ``Unmet`` or ``Stopped``."""
        client = self._client
        reader = flow.read_run or flow.read
        if isinstance(flow, Creating) and reader is not None:
            ref = self.create(flow)
            client.poll_until_terminal(reader, ref)
            return ref
        resource = reader.reads if reader is not None else None
        if reader is not None and resource is not None and resource.lifecycle is not None:
            for ref in self.objects.existing(resource.name)[:MOST_READS]:
                if client.status(ref, client.read(reader, ref)) in resource.lifecycle.terminal:
                    return ref
        raise Unmet(
            f"no {resource} of the flow {name} has ended", option="give ids of ended ones in [fixtures]"
        )


class Consuming:
    """The same supply for an operation after which an object is no more: what has ended, nobody else may need."""

    def __init__(self, supply: Supply) -> None:
        self.fixture = supply.fixture
        self.known = supply.known
        self.working = supply.working
        self.take = supply.take
        self.file = supply.file
        self._supply = supply

    def ended(self, name: str) -> str:
        """The id of an object that was seen in a terminal state, and nobody else knows. Raises ``Unmet`` or ``Stopped``."""
        return self._supply.find_ended(name, self._supply.flow(name)).id
