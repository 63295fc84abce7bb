"""The contract as objects that hold what they refer to, where the files (``model.py``) have names.

``link`` works them out once for each contract. Two objects are the same only if they are of the same contract.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from batchproof.contract import model
from batchproof.contract.reach import reach, states_of


class _Linked:
    """An object with a name."""

    name: str

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Lifecycle(_Linked):
    """States with the documented steps between them: ``states`` in the order in which they are named, without tolerated ones.

    ``after`` has for each state what may be seen later, itself included. ``orders`` says that some step before the end is wrong.
    """

    name: str
    edges: Mapping[str, Sequence[str]]
    terminal: Sequence[str]
    tolerated: Sequence[str]
    requirement: str | None
    terminal_requirement: str
    states: Sequence[str]
    after: Mapping[str, frozenset[str]]
    orders: bool

    def knows(self, state: str | None) -> bool:
        """Whether ``state`` is documented; an unknown state is the enum's finding, a tolerated one nobody's."""
        return state in self.after

    def on_the_way(self, state: Any) -> bool:
        """Whether an object in this state has not ended, as far as is documented."""
        return isinstance(state, str) and (
            (state in self.edges and state not in self.terminal) or state in self.tolerated
        )

    def has_to_end(self, state: Any) -> bool:
        """Whether another state has to follow: of a tolerated one nobody says whether it is an end."""
        return self.on_the_way(state) and state not in self.tolerated

    def is_waiting(self, state: Any) -> bool:
        """Whether an object in this state has another one on the way before it, as far as is documented."""
        following = self.edges.get(state, ()) if isinstance(state, str) else ()
        return any(self.on_the_way(other) for other in following if other != state)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Resource(_Linked):
    """A kind of object. ``id`` and ``status`` say where they stand in it, ``refers`` where it names objects of other kinds.

    ``reader`` reads one object, ``lists`` show several; ``fixtures`` are the names of those that hold ids of its objects.
    """

    name: str
    id: str
    status: str | None
    lifecycle: Lifecycle | None
    refers: Mapping[str, str]
    fixtures: tuple[str, ...]
    reader: "Reader | None" = field(init=False, default=None)
    lists: "tuple[Listing, ...]" = field(init=False, default=())


class View(NamedTuple):
    """Where a success body shows objects of a resource."""

    resource: Resource
    at: str
    view: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Success:
    """The documented success response of an operation."""

    statuses: tuple[int, ...]
    described: str
    schema: str
    requirement: str
    shows: tuple[View, ...]

    def at(self, resource: Resource | None) -> str:
        """Where the body shows an object of ``resource``; the whole body where that is not said."""
        return next((shown.at for shown in self.shows if shown.resource is resource), "")


class Deletion(NamedTuple):
    """What an accepted call removes."""

    resource: Resource
    requirement: str
    list_requirement: str


class Owner(NamedTuple):
    """The query parameter that restricts a list to what belongs to one object."""

    parameter: str
    resource: Resource


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Operation(_Linked):
    """One method and path. ``declared`` is what contract.yaml says of it, ``flows`` are those that it is a part of."""

    name: str
    method: str
    path: str
    document: str
    success: Success
    errors: model.Errors
    reads: Resource | None
    creates: Resource | None
    deletes: Deletion | None
    billed: str | int
    query: str | None
    request: model.RequestTemplate | None
    pages: model.Pages | None
    owner: Owner | None
    declared: model.Operation
    flows: "tuple[Flow, ...]" = field(init=False, default=())

    @property
    def resource(self) -> Resource | None:
        """What an answer shows first, if it shows any objects."""
        return self.success.shows[0].resource if self.success.shows else None

    def accepts(self, status: int) -> bool:
        """Whether a response with ``status`` is the documented success."""
        return status in self.success.statuses


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Listing(Operation):
    """An operation whose answer is a page of a list."""

    pages: model.Pages


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Reader(Operation):
    """A GET that reads one object."""

    reads: Resource


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ReadingList(Reader, Listing):
    """A GET that reads one object and a page of what belongs to it."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Flow(_Linked):
    """The operations that one kind of batch, or one kind of run, goes through; ``cancellable`` names a fixture."""

    name: str
    submit: Operation | None
    read: Operation | None
    list: Listing | None
    read_run: Operation | None
    create: Operation | None
    cancel: Operation | None
    delete: Operation | None
    refresh: Operation | None
    cancellable: str | None

    @property
    def subject(self) -> Resource | None:
        """What ``read`` reads: a batch, or what else stands for the whole."""
        return self.read.reads if self.read is not None else None

    @property
    def run(self) -> Resource | None:
        """What ``read_run`` reads."""
        return self.read_run.reads if self.read_run is not None else None


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Submitting(Flow):
    """A flow that begins with a batch."""

    submit: Operation


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Creating(Flow):
    """A flow that begins with a single object."""

    create: Operation


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SubmittingAndCreating(Submitting, Creating):
    """A flow that can begin with either."""


class Links(NamedTuple):
    """All objects of a contract, by name."""

    operations: dict[str, Operation]
    resources: dict[str, Resource]
    lifecycles: dict[str, Lifecycle]
    flows: dict[str, Flow]


def link(manifest: model.Manifest) -> Links:
    """The objects of a contract whose references lead somewhere."""
    lifecycles = {name: linked_lifecycle(name, item) for name, item in manifest.lifecycles.items()}
    resources = {
        name: Resource(
            name=name,
            id=item.id,
            status=item.status,
            lifecycle=lifecycles[item.lifecycle] if item.lifecycle is not None else None,
            refers=item.refers,
            fixtures=tuple(key for key, fixture in manifest.fixtures.items() if fixture.resource == name),
        )
        for name, item in manifest.resources.items()
    }
    operations = {name: _operation(name, item, resources) for name, item in manifest.operations.items()}
    flows = {name: _flow(name, item, operations) for name, item in manifest.flows.items()}
    for resource in resources.values():
        reading = (one for one in operations.values() if isinstance(one, Reader))
        listing = (one for one in operations.values() if isinstance(one, Listing))
        _complete(
            resource,
            reader=next((one for one in reading if one.reads is resource), None),
            lists=tuple(
                one for one in listing if any(shown.resource is resource for shown in one.success.shows)
            ),
        )
    for name, operation in operations.items():
        _complete(
            operation,
            flows=tuple(flows[key] for key, item in manifest.flows.items() if name in _parts(item).values()),
        )
    return Links(operations, resources, lifecycles, flows)


def _complete(linked: Resource | Operation, **later: Any) -> None:
    """What leads back can be said only when both ends are there; after that nothing changes any more."""
    for name, value in later.items():
        object.__setattr__(linked, name, value)


def linked_lifecycle(name: str, item: model.Lifecycle) -> Lifecycle:
    """A life cycle, which refers to nothing else."""
    known = reach(item)
    return Lifecycle(
        name=name,
        edges=item.edges,
        terminal=item.terminal,
        tolerated=item.tolerated,
        requirement=item.requirement,
        terminal_requirement=item.terminal_requirement,
        states=states_of(item),
        after=known.after,
        orders=known.orders,
    )


def _operation(name: str, item: model.Operation, resources: Mapping[str, Resource]) -> Operation:
    success, deletes, owner = item.success, item.deletes, item.owner
    parts: dict[str, Any] = {
        "name": name,
        "method": item.method,
        "path": item.path,
        "document": item.document,
        "success": Success(
            statuses=success.statuses,
            described=success.described,
            schema=success.schema,
            requirement=success.requirement,
            shows=tuple(View(resources[shown.resource], shown.at, shown.view) for shown in success.shows),
        ),
        "errors": item.errors,
        "reads": resources[item.reads] if item.reads is not None else None,
        "creates": resources[item.creates] if item.creates is not None else None,
        "deletes": None
        if deletes is None
        else Deletion(resources[deletes.resource], deletes.requirement, deletes.list_requirement),
        "billed": item.billed,
        "query": item.query,
        "request": item.request,
        "pages": item.pages,
        "owner": None if owner is None else Owner(owner.parameter, resources[owner.resource]),
        "declared": item,
    }
    reads = item.reads is not None and item.method == "GET"
    if item.pages is not None:
        return ReadingList(**parts) if reads else Listing(**parts)
    return Reader(**parts) if reads else Operation(**parts)


def _flow(name: str, item: model.Flow, operations: Mapping[str, Operation]) -> Flow:
    parts: dict[str, Any] = {
        part: None if named is None else operations[named] for part, named in _parts(item).items()
    }
    kind: type[Flow] = Flow
    if item.submit is not None:
        kind = Submitting if item.create is None else SubmittingAndCreating
    elif item.create is not None:
        kind = Creating
    return kind(name=name, cancellable=item.cancellable, **parts)


def _parts(flow: model.Flow) -> dict[str, str | None]:
    """The operations that a flow names, by the part that they play."""
    return {part: getattr(flow, part) for part in flow.__struct_fields__ if part != "cancellable"}
