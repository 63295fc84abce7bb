"""Counts what scenarios would send, request by request, and what has to be there for it. Nothing is sent."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from batchproof.client import Call, File, Settings
from batchproof.contract import Contract
from batchproof.contract.linked import Creating, Flow, Listing, Operation, Reader, Submitting
from batchproof.contract.model import Probe, token_fixture
from batchproof.contract.placeholders import may_pass
from batchproof.drive import Unmet
from batchproof.drive.client import NEWEST_PAGES
from batchproof.drive.probing import CHANCES, control_of, sharing
from batchproof.drive.requests import Requests
from batchproof.drive.supply import FEW, FEW_OF_A_STATUS, MOST_READS
from batchproof.drive.templates import Missing, Templates

# a page of which nobody says how long it is has room for so many rows; where only a few pages are asked for, all of them are
_PAGE = 10
# how many pages a list has that is read to its end, and shows more than what a scenario made
_LONG_LIST = 20


class Cost(Struct, frozen=True, kw_only=True):
    """What a server that answers as documented sees of something, at most.

    ``requests`` leave out the looks at what is waited for; of these there are ``waits``: each a look every
    ``poll_interval_s``, until the object has ended or ``poll_timeout_s`` is over. ``documents`` may be processed;
    ``headroom`` must be allowed besides, for requests that are refused if all is well.
    """

    requests: int = 0
    documents: int = 0
    waits: int = 0
    headroom: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Both, one after the other: what was refused is free again."""
        return Cost(
            requests=self.requests + other.requests,
            documents=self.documents + other.documents,
            waits=self.waits + other.waits,
            headroom=max(self.headroom, other.headroom),
        )


def receives(contract: Contract, settings: Settings) -> bool:
    """Whether a run has a receiver of webhooks: one that the user names, or one that the embedded emulator is told of."""
    webhooks = contract.manifest.webhooks
    described = settings.base_url is None and webhooks is not None and webhooks.register is not None
    return webhooks is not None and (settings.webhook is not None or described)


class Prepared(Struct, frozen=True, kw_only=True):
    """What is made once, for all scenarios that need it: its cost, what it needs itself, and why it cannot be made."""

    cost: Cost
    needs: frozenset[str] = frozenset()
    lacks: Unmet | None = None


class Common:
    """What the tallies of a plan share. ``prepared`` holds what is made once, by the name under which it is recorded."""

    def __init__(self, contract: Contract, settings: Settings) -> None:
        self.contract = contract
        self.settings = settings
        self.prepared: dict[str, Prepared] = {}
        self.taken: Counter[str] = Counter()
        self.controls: dict[str, Call] = {}
        self.sharing = sharing(contract)

    def given(self, name: str) -> list[str]:
        """The values that the user gives for a fixture."""
        value = self.settings.fixtures.get(name, [])
        return value if isinstance(value, list) else [value]


class Tally:
    """The cost of one scenario, or of one thing that is made for all. Its methods are named as those that send.

    They raise ``Unmet`` where the settings do not give something that is needed.
    """

    def __init__(self, common: Common) -> None:
        self.contract = common.contract
        self.settings = common.settings
        self.cost = Cost()
        self.needs: set[str] = set()
        self.uses: set[str] = set()
        self._common = common
        manifest = common.contract.manifest
        templates = (
            Templates(manifest, source, 0, lambda: "batchproof")
            for source in (_Source(self), _Consuming(self))
        )
        self.requests = Requests(common.contract, common.settings, *templates)

    def send(self, requests: int = 1, *, documents: int = 0) -> None:
        """Requests, and the documents that they have processed in all."""
        self.cost += Cost(requests=requests, documents=documents)

    def refused(self, requests: int = 1, *, documents: int = 0) -> None:
        """Requests that are refused, each with so many documents."""
        self.cost += Cost(requests=requests, headroom=documents)

    def wait(self, objects: int = 1) -> None:
        """Objects that are followed to their end."""
        self.cost += Cost(waits=objects)

    def submit(self, flow: Submitting, documents: int, kind: str = "document") -> None:
        """A batch."""
        self.send(documents=self.requests.valid(flow.submit, kinds=[kind] * documents).documents)

    def create(self, flow: Creating, kind: str = "document", times: int = 1) -> None:
        """Single objects."""
        for _ in range(times):
            self.send(documents=self.requests.valid(flow.create, kinds=[kind]).documents)

    def traverse(self, rows: int, size: int = _PAGE) -> None:
        """A list of so many rows, read to its end."""
        self.send(rows // size + 1)

    def newest(self, listing: Listing) -> None:
        """The pages of a list that show what was created last."""
        self.send(NEWEST_PAGES if listing.pages.newest else _LONG_LIST)

    def apart(self, name: str, make: Callable[["Tally"], None]) -> None:
        """What is made once, for whoever asks first."""
        if name not in self._common.prepared:
            tally = Tally(self._common)
            lacks = None
            try:
                make(tally)
            except Unmet as unmet:
                lacks = unmet
            self._common.prepared[name] = Prepared(cost=tally.cost, needs=frozenset(tally.needs), lacks=lacks)
        prepared = self._common.prepared[name]
        if prepared.lacks is not None:
            raise prepared.lacks
        if prepared.cost != Cost():
            self.needs |= {name, *prepared.needs}

    def control(self, probe: Probe) -> Call:
        """The valid request of a probe, which is sent once for all that share it."""
        key = control_of(probe)

        def send(tally: Tally) -> None:
            # what is on its way may have ended before its turn comes
            for _ in range(CHANCES if may_pass(key) else 1):
                control = self._common.controls[key] = tally.requests.control(probe)
                tally.send(documents=control.documents)

        self.apart(f"control of {self._common.sharing[key][0]}", send)
        return self._common.controls[key]

    def given(self, resource: str) -> int:
        """How many objects the user gives."""
        return sum(len(self._common.given(name)) for name in self.contract.fixtures_of(resource))

    def existing(self, resource: str) -> int:
        """How many objects were there before, as far as they are given or can be found."""
        found = 0
        for name in self.contract.fixtures_of(resource):
            given = self._common.given(name)
            discovery = self.contract.manifest.fixtures[name].discover
            found += len(given) if given or discovery is None else _PAGE
        return found

    def to_cancel(self, reader: Operation) -> int:
        """How many objects the user gives to be cancelled."""
        flows = (flow for flow in reader.flows if flow.read is reader)
        return sum(len(self._common.given(flow.cancellable or "")) for flow in flows)

    def known(self, resource: str) -> None:
        """An object that was there before, or one that is made for all."""
        if not self.given(resource):
            self.own(resource)

    def own(self, resource: str) -> None:
        """An object that is made for all, where one can be made."""
        self.apart(f"{resource} for all", lambda tally: _make(tally, resource))

    def rows(self, listing: Listing) -> None:
        """Objects that a list shows. Where none can be made, the list is read all the same."""

        def fill(tally: Tally) -> None:
            for flow in listing.flows:
                if flow.list is listing:
                    with suppress(Unmet):
                        _populate(tally, flow)

        self.apart(f"rows of {listing} for all", fill)

    def look_again(self) -> None:
        """A page of a list, and a look at some of the rows that were made for it."""
        self.send(1 + FEW)

    def various(self, resource: str) -> int:
        """Asks the lists, and tells how many objects come of it and of the fixtures."""
        found = self.existing(resource)
        if self.settings.profile != "full":
            found = min(found, FEW)
        kind = self.contract.resources[resource]
        lists = len(kind.lists)
        self.send(lists)
        lifecycle = kind.lifecycle
        statuses = 1 if lifecycle is None else len({*lifecycle.states, *lifecycle.tolerated})
        found += lists * FEW_OF_A_STATUS * statuses
        return found

    def named(self, resource: str) -> int:
        """Reads what names objects of ``resource``, and tells how many there are."""
        found = 0
        for operation in self.contract.operations.values():
            if not isinstance(operation, Reader):
                continue
            if any(resource in view.resource.refers for view in operation.success.shows):
                owners = min(self.various(operation.reads.name), MOST_READS)
                self.send(owners)
                found += owners * FEW
        return found

    def take(self, name: str) -> str:
        """A value of a list fixture that nobody else takes."""
        values = self._common.given(name)
        self._common.taken[name] += 1
        if self._common.taken[name] > len(values):
            raise Unmet(f"the fixture {name} has no value left", option=f"give more {name} in [fixtures]")
        return values[0]

    def token(self, auth: str) -> bool:
        """Whether the contract knows such a token. Raises ``Unmet`` when it is not given."""
        name = token_fixture(auth)
        if name not in self.contract.manifest.fixtures:
            return False
        if auth not in self.settings.other_tokens:
            raise Missing(name)
        return True

    def fixture(self, name: str) -> str | None:
        """What a fixture gives; the name of one that a read finds."""
        self.uses.add(name)
        found = self.contract.manifest.fixtures[name].discover
        return next(iter(self._common.given(name)), None if found is None else name)


class _Source:
    """What the places of a template ask for."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self.fixture = tally.fixture
        self.take = tally.take

    def known(self, resource: str) -> str:
        self._tally.known(resource)
        return resource

    def working(self, name: str) -> str:
        flow = self._tally.contract.flows[name]
        if not isinstance(flow, Creating):
            raise Unmet(f"the flow {name} cannot create an object")
        self._tally.create(flow)
        return name

    def ended(self, name: str) -> str:
        self._tally.apart(f"ended {name} for all", lambda tally: _end(tally, name))
        return name

    def file(self, name: str) -> File:
        if self.fixture(name) is None:
            raise Missing(name)
        return File(name=name, content=b"")


class _Consuming(_Source):
    def ended(self, name: str) -> str:
        _end(self._tally, name)
        return name


def _end(tally: Tally, name: str) -> None:
    """An object of a flow that has ended: made, or found among those that were there."""
    flow = tally.contract.flows[name]
    resource = flow.run or flow.subject
    if isinstance(flow, Creating):
        tally.create(flow)
        tally.wait()
    elif resource is not None:
        tally.send(min(tally.existing(resource.name), MOST_READS))


def _make(tally: Tally, resource: str) -> None:
    wanted = tally.contract.resources[resource]
    for flow in tally.contract.flows.values():
        if isinstance(flow, Creating) and wanted in (flow.create.creates, flow.run):
            tally.create(flow)
            return
        if not isinstance(flow, Submitting):
            continue
        if flow.submit.creates is wanted:
            tally.submit(flow, 1)
            return
        if flow.list is not None and flow.list.resource is wanted:
            tally.submit(flow, 1)
            tally.traverse(1)
            return


def _populate(tally: Tally, flow: Flow) -> None:
    if isinstance(flow, Submitting) and flow.read is not None:
        tally.submit(flow, 2)
        tally.wait()
    elif isinstance(flow, Creating) and flow.read_run is not None:
        tally.create(flow, times=2)
        if flow.cancel is not None:
            # where it came too late, the object is looked at
            tally.send(2)
        tally.wait(2)
