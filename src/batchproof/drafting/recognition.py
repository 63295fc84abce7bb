"""What the operations of a document are to each other: kinds of objects, who reads, lists, makes and removes them.

Nothing is guessed: what a document does not show by its paths and shapes is noted, and left to whoever writes the contract.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from batchproof.contract import pointer
from batchproof.drafting import looking
from batchproof.drafting.document import Document, Node
from batchproof.drafting.naming import plain, singular, snake, unlike
from batchproof.drafting.notes import Notes
from batchproof.drafting.operations import Asked, Parameter

_ROWS = ("data", "items", "results", "rows", "entries", "records", "objects")
_NEXT = ("next", "nextcursor", "nextpagetoken", "nexttoken", "continuationtoken", "nextpage", "cursor")
_TOKEN = ("cursor", "pagetoken", "token", "after", "continuationtoken", "startingafter", "pagecursor")
_SIZE = ("limit", "pagesize", "perpage", "maxresults", "maxpagesize", "size", "first", "pagelimit", "maxitems")


class Resource(NamedTuple):
    """A kind of object: how one is read, and where the answer shows it with its id."""

    name: str
    reader: Asked
    schema: Node
    at: str
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
        self._notes.add(one.at, f"{one.told} is left out: {why}")
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
        named = schema.at.startswith("/components/schemas/") and schema.at.count("/") == 3
        name = snake(pointer.parse(schema.at)[-1]) if named else singular(parent)
        states = self._states(schema)
        taken = [resource.name for resource in self._found.resources]
        resource = Resource(unlike(name, taken), one, schema, at, pointer.join([identifier]), states)
        self._found.resources.append(resource)
        self._found.reads[one.name] = resource
        self._found.shows[one.name] = (resource, at)
        if states:
            told = (
                f"{resource.name}: its states are {', '.join(states)}, and no OpenAPI document says which follows which; "
                "write `lifecycles` in contract.yaml"
            )
            self._notes.add(one.at, told)

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
        resource = self._same(schema, one.path)
        if resource is not None:
            self._found.shows[one.name] = (resource, f"{rows}/*")
        following, token = self._next(one)
        size = next(
            (each.name for each in one.query if plain(each.name) in _SIZE and self._is(each, "integer")), None
        )
        self._found.listings[one.name] = Listing(one, rows, resource, following, token, size)
        if following is None:
            told = (
                f"{one.told} is a list, and how it is paged was not recognised; "
                f"write `pages` for {one.name} in contract.yaml"
            )
            self._notes.add(one.at, told)

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
        rest = one.path[len(owner.reader.path) :].strip("/:") if owner is not None else ""
        made = owner is not None and any(resource.name == owner.name for resource, _ in self._found.creates.values())
        if owner is None or len(one.placeholders) != 1:
            self.leave(one, "nothing tells which object it changes")
        elif not made:
            self.leave(one, f"it changes a {owner.name}, and no operation makes one that may be changed")
        elif one.method == "DELETE" and not rest:
            self._found.deletes[one.name] = owner
        elif one.method == "POST" and rest == "cancel":
            self._found.cancels[one.name] = owner
            shown = self._object(one.success, ("id",))
            if shown is not None and self._same(shown[1], one.path) == owner:
                self._found.shows[one.name] = (owner, shown[0])
        else:
            self.leave(one, f"it changes a {owner.name} in a way that no scenario drives; a probe may")

    def _above(self, one: Asked) -> Resource | None:
        """The resource whose id stands in the path, if the path goes on behind that which reads it."""
        for resource in self._found.resources:
            start = _without_names(resource.reader.path)
            here = _without_names(one.path)
            if here == start or here.startswith((start + "/", start + ":")):
                return resource
        return None

    def _object(self, node: Node, names: Iterable[str]) -> tuple[str, Node, str] | None:
        """Where an answer shows an object with an id: itself, or the one object in it; and what the id is called."""
        schema = looking.plain(self._document, node)
        wanted = ("id", *names)
        identifier = self._identifier(schema, wanted)
        if identifier is not None:
            return "", schema, identifier
        inside = [
            (pointer.join([name]), looking.plain(self._document, child))
            for name, child in looking.properties(self._document, schema).items()
        ]
        found = [
            (at, child, named) for at, child in inside if (named := self._identifier(child, wanted)) is not None
        ]
        return found[0] if len(found) == 1 else None

    def _identifier(self, schema: Node, wanted: Iterable[str]) -> str | None:
        known = {plain(name): name for name in looking.properties(self._document, schema)}
        return next((known[plain(name)] for name in wanted if plain(name) in known), None)

    def _same(self, schema: Node, path: str) -> Resource | None:
        """The resource with this shape, or the one that is read below ``path``."""
        alike = [one for one in self._found.resources if one.schema.at == schema.at]
        below = [one for one in self._found.resources if one.reader.collection == path]
        both = [one for one in alike if one in below]
        if both or len(alike) == 1:
            return (both or alike)[0]
        names = looking.properties(self._document, schema)
        return next((one for one in below if pointer.parse(one.id)[0] in names), None)

    def _states(self, schema: Node) -> tuple[str, ...]:
        """The values of the status of an object."""
        status = looking.properties(self._document, schema).get("status")
        if status is None:
            return ()
        listed = looking.plain(self._document, status)
        values = listed.value.get("enum") if isinstance(listed.value, dict) else None
        return tuple(one for one in values or () if isinstance(one, str))

    def _rows(self, node: Node) -> tuple[str, Node] | None:
        """Where a list shows its rows, which are objects, and what each looks like."""
        whole = looking.elements(self._document, node)
        if whole is not None:
            return ("", whole) if looking.kind(self._document, whole) == "object" else None
        found = {
            name: rows
            for name, child in looking.properties(self._document, node).items()
            if (rows := looking.elements(self._document, child)) is not None
            and looking.kind(self._document, rows) in ("object", None)
        }
        usual = [name for name in _ROWS if name in found]
        names = usual if len(found) > 1 else list(found)
        return (pointer.join([names[0]]), found[names[0]]) if names else None

    def _next(self, one: Asked) -> tuple[str | None, str | None]:
        """Where a page says how the list goes on, and the query parameter that takes it."""
        places = [
            (at, name)
            for above, node in self._inside(one.success)
            for name, child in looking.properties(self._document, node).items()
            if looking.kind(self._document, child) == "string"
            for at in [above + pointer.join([name])]
        ]
        taken = {plain(each.name): each.name for each in one.query if self._is(each, "string")}
        for at, name in places:
            following = plain(name)
            if following not in _NEXT:
                continue
            same = [following, following.removeprefix("next"), *(_TOKEN if following != "nextpage" else ("page",))]
            token = next((taken[each] for each in same if each in taken), None)
            if token is not None:
                return at, token
        return None, None

    def _inside(self, node: Node) -> list[tuple[str, Node]]:
        """A body, and the objects in it."""
        below = [
            (pointer.join([name]), looking.plain(self._document, child))
            for name, child in looking.properties(self._document, node).items()
            if looking.kind(self._document, child) == "object"
        ]
        return [("", node), *below]

    def _is(self, parameter: Parameter, kind: str) -> bool:
        return looking.kind(self._document, parameter.schema) == kind


def _without_names(path: str) -> str:
    """A path with all its placeholders called alike."""
    parts = path.split("{")
    return "{".join([parts[0], *(part[part.index("}") :] if "}" in part else part for part in parts[1:])])


def _needed(query: Sequence[Parameter]) -> str:
    return ", ".join(parameter.name for parameter in query if parameter.required)
