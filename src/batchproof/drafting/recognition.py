"""What the operations of a document are to each other: kinds of objects, who reads, lists, makes and removes them.

Nothing is guessed: what a document does not show by its paths and shapes is noted, and left to whoever writes the contract.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from batchproof.contract import pointer
from batchproof.drafting.document import Document, Node
from batchproof.drafting.looking import Look
from batchproof.drafting.naming import plain, singular, snake, unlike
from batchproof.drafting.notes import Notes
from batchproof.drafting.operations import Asked, Parameter

# how many slashes the pointer to a component has
_COMPONENT = 3
_ROWS = ("data", "items", "results", "rows", "entries", "records", "objects")
_NEXT = ("next", "nextcursor", "nextpagetoken", "nexttoken", "continuationtoken", "nextpage", "cursor")
_TOKEN = ("cursor", "pagetoken", "token", "after", "continuationtoken", "startingafter", "pagecursor")
_SIZE = (
    "limit",
    "pagesize",
    "perpage",
    "maxresults",
    "maxpagesize",
    "size",
    "first",
    "pagelimit",
    "maxitems",
)


class Resource(NamedTuple):
    """A kind of object: how one is read, if one can be, and its id and states."""

    name: str
    reader: Asked | None
    schema: Look
    id: str
    states: tuple[str, ...]


class Listing(NamedTuple):
    """A list: where its rows stand, whose they are, and how it goes on. ``next`` is None where that is not known."""

    asked: Asked
    rows: str
    resource: Resource | None
    next: str | None
    token: str | None
    size: str | None


class Recognised(NamedTuple):
    """What ``asked`` was recognised to be, by the names of operations. ``left`` are those that nothing would drive."""

    asked: Sequence[Asked]
    resources: list[Resource]
    listings: dict[str, Listing]
    reads: dict[str, Resource]
    creates: dict[str, tuple[Resource, str]]
    cancels: dict[str, Resource]
    deletes: dict[str, Resource]
    shows: dict[str, tuple[Resource, str]]
    left: set[str]


def recognised(document: Document, asked: Sequence[Asked], notes: Notes) -> Recognised:
    """What ``asked`` are to each other."""
    found = Recognised(asked, [], {}, {}, {}, {}, {}, {}, set())
    reader = _Reader(document, notes, found)
    for one in asked:
        if one.method == "GET" and one.placeholders:
            reader.read_by_id(one)
    for one in asked:
        if one.method == "GET" and one.placeholders and one.name not in found.reads:
            reader.read_below(one)
        elif one.method == "GET" and not one.placeholders:
            reader.listed(one)
        elif one.method == "POST" and not one.placeholders:
            reader.made(one)
    for one in asked:
        if one.method != "GET" and one.placeholders:
            reader.changed(one)
        elif one.method not in ("GET", "POST"):
            reader.leave(one, "it changes what no id names, and no scenario drives that")
    return found


class _Reader:
    def __init__(self, document: Document, notes: Notes, found: Recognised) -> None:
        self._document = document
        self._notes = notes
        self._found = found

    def leave(self, one: Asked, why: str) -> None:
        """Leaves an operation out, and says why."""
        self._notes.add(one.at, f"{one.described} is left out: {why}")
        self._found.left.add(one.name)

    def read_by_id(self, one: Asked) -> None:
        """``GET …/{id}`` that answers with an object that has this id."""
        if len(one.placeholders) != 1 or not one.path.endswith("/{" + one.placeholders[0] + "}"):
            return
        parent = snake(one.collection.rpartition("/")[2])
        shown = self._object(one.success, (one.placeholders[0], f"{singular(parent)}_id"))
        if shown is None:
            return
        at, schema, identifier = shown
        resource = self._resource(schema, parent, identifier, one)
        self._found.resources.append(resource)
        self._found.reads[one.name] = resource
        self._found.shows[one.name] = (resource, at)
        if resource.states:
            described = (
                f"{resource.name}: its states are {', '.join(resource.states)}, and no OpenAPI document says which follows which; "
                "write `lifecycles` in contract.yaml"
            )
            self._notes.add(one.at, described)

    def read_below(self, one: Asked) -> None:
        """``GET …/{id}/more``: something of an object that is known."""
        if len(one.placeholders) > 1:
            self.leave(one, f"its path has {len(one.placeholders)} placeholders, and scenarios fill one")
            return
        owner = self._above(one)
        if owner is None:
            self.leave(one, f"no answer shows an object whose id would fill {{{one.placeholders[0]}}}")
            return
        if any(parameter.required for parameter in one.query):
            self.leave(one, f"it needs the query parameter {_needed(one.query)}, and nothing fills it")
            return
        self._found.reads[one.name] = owner

    def listed(self, one: Asked) -> None:
        """A GET without an id: a list, if it shows rows."""
        shown = self._rows(one.success)
        if shown is None or any(parameter.required for parameter in one.query):
            return
        rows, schema = shown
        resource = self._same(schema, one.path) or self._only_listed(schema, one)
        if resource is not None:
            self._found.shows[one.name] = (resource, f"{rows}/*")
        following, token = self._next(one) if resource is not None else (None, None)
        size = next(
            (each.name for each in one.query if plain(each.name) in _SIZE and self._is(each, "integer")), None
        )
        self._found.listings[one.name] = Listing(one, rows, resource, following, token, size)
        if resource is None:
            described = f"the rows of {one.described} have no id, so that its pages cannot be told apart; `pages` is left out"
            self._notes.add(one.at, described)
        elif following is None:
            described = (
                f"{one.described} is a list, and how it is paged was not recognised; "
                f"write `pages` for {one.name} in contract.yaml"
            )
            self._notes.add(one.at, described)

    def _only_listed(self, schema: Look, one: Asked) -> Resource | None:
        """A resource of the rows of a list, if they have an id and nothing reads one of them."""
        identifier = _identifier(schema, ("id",))
        if identifier is None:
            return None
        resource = self._resource(schema, snake(one.path.rpartition("/")[2]), identifier, None)
        self._found.resources.append(resource)
        return resource

    def _resource(self, schema: Look, parent: str, identifier: str, reader: Asked | None) -> Resource:
        named = schema.at.startswith("/components/schemas/") and schema.at.count("/") == _COMPONENT
        name = singular(snake(pointer.parse(schema.at)[-1]) if named else parent)
        taken = [resource.name for resource in self._found.resources]
        return Resource(unlike(name, taken), reader, schema, pointer.join([identifier]), _states(schema))

    def made(self, one: Asked) -> None:
        """``POST`` without an id: it makes an object if it answers with one that can be read."""
        if one.body is None:
            self.leave(one, "it is sent without a body, and no scenario drives that")
            return
        shown = self._object(one.success, ("id",))
        if shown is None:
            return
        at, schema, _ = shown
        resource = self._same(schema, one.path)
        if resource is not None:
            self._found.creates[one.name] = (resource, at)
            self._found.shows[one.name] = (resource, at)

    def changed(self, one: Asked) -> None:
        """A call on one object: it is cancelled or removed; nothing else is driven."""
        owner = self._above(one)
        rest = one.path.rpartition("}")[2].strip("/:")
        made = owner is not None and any(
            resource.name == owner.name for resource, _ in self._found.creates.values()
        )
        if owner is None or len(one.placeholders) != 1:
            self.leave(one, "nothing tells which object it changes")
        elif not made:
            self.leave(
                one,
                f"it changes an object of the kind {owner.name}, and no operation makes one that may be changed",
            )
        elif one.method == "DELETE" and not rest:
            self._found.deletes[one.name] = owner
        elif one.method == "POST" and rest == "cancel":
            self._found.cancels[one.name] = owner
            shown = self._object(one.success, ("id",))
            if shown is not None and self._same(shown[1], one.path) == owner:
                self._found.shows[one.name] = (owner, shown[0])
        else:
            self.leave(
                one,
                f"it changes an object of the kind {owner.name} in a way that no scenario drives; a probe may",
            )

    def _above(self, one: Asked) -> Resource | None:
        """The resource whose id stands in the path, if the path goes on behind that which reads it."""
        for resource in self._found.resources:
            if resource.reader is None:
                continue
            start = _without_names(resource.reader.path)
            here = _without_names(one.path)
            if here == start or here.startswith((start + "/", start + ":")):
                return resource
        return None

    def _object(self, node: Node, names: Iterable[str]) -> tuple[str, Look, str] | None:
        """Where an answer shows an object with an id: itself, or the one object in it; and what the id is called."""
        schema = Look(self._document, node)
        wanted = ("id", *names)
        identifier = _identifier(schema, wanted)
        if identifier is not None:
            return "", schema, identifier
        found = [
            (pointer.join([name]), child, named)
            for name, child in schema.properties.items()
            if (named := _identifier(child, wanted)) is not None
        ]
        return found[0] if len(found) == 1 else None

    def _same(self, schema: Look, path: str) -> Resource | None:
        """The resource with this shape, or the one that is read below ``path``."""
        alike = [one for one in self._found.resources if one.schema.at == schema.at]
        below = [
            one for one in self._found.resources if one.reader is not None and one.reader.collection == path
        ]
        both = [one for one in alike if one in below]
        if both or len(alike) == 1:
            return (both or alike)[0]
        names = schema.properties
        return next((one for one in below if pointer.parse(one.id)[0] in names), None)

    def _rows(self, node: Node) -> tuple[str, Look] | None:
        """Where a list shows its rows, which are objects, and what each looks like."""
        body = Look(self._document, node)
        if body.elements is not None:
            return ("", body.elements) if body.elements.kind == "object" else None
        found = {
            name: rows
            for name, child in body.properties.items()
            if (rows := child.elements) is not None and rows.kind in ("object", None)
        }
        usual = [name for name in _ROWS if name in found]
        names = usual if len(found) > 1 else list(found)
        return (pointer.join([names[0]]), found[names[0]]) if names else None

    def _next(self, one: Asked) -> tuple[str | None, str | None]:
        """Where a page says how the list goes on, and the query parameter that takes it."""
        body = Look(self._document, one.success)
        inside = [
            (pointer.join([name]), child) for name, child in body.properties.items() if child.kind == "object"
        ]
        places = [
            (above + pointer.join([name]), plain(name))
            for above, look in [("", body), *inside]
            for name, child in look.properties.items()
            if child.kind == "string"
        ]
        taken = {plain(each.name): each.name for each in one.query if self._is(each, "string")}
        for at, following in places:
            if following not in _NEXT:
                continue
            usual = ("page",) if following == "nextpage" else _TOKEN
            same = [following, following.removeprefix("next"), *usual]
            token = next((taken[each] for each in same if each in taken), None)
            if token is not None:
                return at, token
        return None, None

    def _is(self, parameter: Parameter, kind: str) -> bool:
        return Look(self._document, parameter.schema).kind == kind


def _identifier(schema: Look, wanted: Iterable[str]) -> str | None:
    known = {plain(name): name for name in schema.properties}
    return next((known[plain(name)] for name in wanted if plain(name) in known), None)


def _states(schema: Look) -> tuple[str, ...]:
    """The values of the status of an object."""
    status = schema.properties.get("status")
    values = status.first("enum") if status is not None else None
    return tuple(one for one in values or () if isinstance(one, str))


def _without_names(path: str) -> str:
    """A path with all its placeholders called alike."""
    parts = path.split("{")
    return "{".join([parts[0], *(part[part.index("}") :] if "}" in part else part for part in parts[1:])])


def _needed(query: Sequence[Parameter]) -> str:
    return ", ".join(parameter.name for parameter in query if parameter.required)
