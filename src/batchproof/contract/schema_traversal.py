"""The one traversal of JSON Schemas (Draft 2020-12): which keywords hold subschemas, and how to get from one to the next.

``children`` are the subschemas that a schema holds itself, ``subschemas`` all of a document, and ``traverse`` follows
references, too, and hands something down on the way. ``rebuilt`` makes another schema of one.

``Specification.subresources_of`` of `referencing` knows the same keywords, and a test holds them against these; but it tells
neither the keyword nor the name of what it finds, and its order changes from process to process.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar
from urllib.parse import urljoin

from batchproof.contract import pointer
from batchproof.json_values import Json, JsonObject

T = TypeVar("T")
REFERENCE = "$ref"
# how each keyword holds subschemas: by name, by index, or one alone
HELD: Mapping[str, Literal["map", "list", "one"]] = {
    "properties": "map",
    "patternProperties": "map",
    "$defs": "map",
    "definitions": "map",
    "dependentSchemas": "map",
    "allOf": "list",
    "prefixItems": "list",
    "anyOf": "list",
    "oneOf": "list",
    "additionalProperties": "one",
    "contains": "one",
    "contentSchema": "one",
    "else": "one",
    "if": "one",
    "items": "one",
    "not": "one",
    "propertyNames": "one",
    "then": "one",
    "unevaluatedItems": "one",
    "unevaluatedProperties": "one",
}
# the keywords whose subschemas apply to the very value that the schema applies to, some of them under a condition
IN_PLACE = (REFERENCE, "allOf", "anyOf", "oneOf", "if", "then", "else")


class Child(NamedTuple):
    """A subschema as a schema holds it: ``key`` is its name or index, where the keyword holds several.

    ``address`` is what a reference leads to, and empty for all else.
    """

    keyword: str
    key: str | int | None
    schema: Json
    address: str = ""

    @property
    def pointer(self) -> str:
        """The pointer that leads here from the schema that holds it."""
        # no keyword has to be escaped
        return f"/{self.keyword}" if self.key is None else f"/{self.keyword}{pointer.join((self.key,))}"


class Place(NamedTuple):
    """A schema, and the address of the file in which it stands: references begin there."""

    base: str
    schema: JsonObject


class Visit(NamedTuple, Generic[T]):
    """A subschema that a traversal came to.

    ``path`` is the evaluation path from the start (JSON Schema 2020-12, section 12.3.2), and ``state`` what was handed down.
    """

    path: str
    base: str
    schema: JsonObject
    state: T


def children(schema: Json, keywords: Iterable[str] | None = None) -> Iterator[Child]:
    """The subschemas that ``schema`` holds itself, as they are written, or in the order of the ``keywords`` that are asked for."""
    if isinstance(schema, dict):
        for keyword in schema if keywords is None else keywords:
            if keyword in HELD and keyword in schema:
                yield from _held(keyword, schema[keyword])


def _held(keyword: str, value: Json) -> Iterator[Child]:
    match HELD[keyword]:
        case "map":
            yield from (Child(keyword, name, child) for name, child in value.items())
        case "list":
            yield from (Child(keyword, index, child) for index, child in enumerate(value))
        case "one":
            yield Child(keyword, None, value)


def _at_key(schema: JsonObject, keyword: str, key: str) -> Child | None:
    held, value = HELD.get(keyword), schema.get(keyword)
    if held == "map" and value is not None and key in value:
        return Child(keyword, key, value[key])
    if held == "list" and value is not None and key.isdigit() and int(key) < len(value):
        return Child(keyword, int(key), value[int(key)])
    return Child(keyword, None, value) if held == "one" and keyword in schema else None


def subschemas(schema: Json, at: str = "") -> Iterator[tuple[str, JsonObject]]:
    """Every subschema of ``schema`` with the pointer to it, each before those that it holds; references are not followed."""
    if isinstance(schema, dict):
        yield at, schema
        for child in children(schema):
            yield from subschemas(child.schema, at + child.pointer)


def rebuilt(schema: Mapping[str, Json], change: Callable[[Child], Json]) -> JsonObject:
    """``schema`` with what ``change`` makes of each subschema in its place."""
    fresh = {
        keyword: {} if HELD.get(keyword) == "map" else [] if HELD.get(keyword) == "list" else value
        for keyword, value in schema.items()
    }
    for child in children(schema):
        match HELD[child.keyword]:
            case "map":
                fresh[child.keyword][child.key] = change(child)
            case "list":
                fresh[child.keyword].append(change(child))
            case "one":
                fresh[child.keyword] = change(child)
    return fresh


def along(path: str) -> list[str]:
    """The segments of a path through schemas without those that are the name of a property or a definition."""
    found: list[str] = []
    parts = iter(pointer.parse(path))
    for part in parts:
        found.append(part)
        if HELD.get(part) == "map":
            next(parts, None)
    return found


def on_the_way(start: Place, path: str, *, at: Callable[[str], Json]) -> Iterator[Visit[list[str]]]:
    """The subschemas through which an evaluation path leads, the first at its start, each with what is left of the path.

    ``at`` is what stands at an address.
    """
    base, schema = start
    left = pointer.parse(path)
    done = ""
    while isinstance(schema, dict):
        yield Visit(done, base, schema, left)
        if not left:
            return
        if left[0] == REFERENCE and REFERENCE in schema:
            address = urljoin(base, schema[REFERENCE])
            child: Child | None = Child(REFERENCE, None, at(address), address)
        else:
            child = _at_key(schema, left[0], left[1] if len(left) > 1 else "")
        if child is None:
            return
        base, schema = child.address.partition("#")[0] or base, child.schema
        done, left = done + child.pointer, left[1 if child.key is None else 2 :]


def traverse(
    starts: Iterable[Place],
    state: T,
    hand_down: Callable[[Visit[T], Child], T | None],
    *,
    at: Callable[[str], Json],
    keywords: Sequence[str] | None = None,
    once: bool = False,
) -> Iterator[Visit[T]]:
    """The subschemas that can be come to from ``starts``, each before what it holds, in the order of ``keywords``.

    ``hand_down`` says what a child gets of the state of its parent, and None where nobody shall go. ``at`` is what stands at an
    address. A reference is not followed again below itself, or with ``once`` every subschema is visited once for each state.
    """
    way = _Traversal(hand_down, at, keywords, set() if once else None)
    for base, schema in starts:
        yield from way.visits("", base, schema, state, ())


class _Traversal(NamedTuple, Generic[T]):
    hand_down: Callable[[Visit[T], Child], T | None]
    at: Callable[[str], Json]
    keywords: Sequence[str] | None
    seen: set[tuple[int, Hashable]] | None

    def visits(
        self, path: str, base: str, schema: Json, state: T, above: tuple[str, ...]
    ) -> Iterator[Visit[T]]:
        if not isinstance(schema, dict):
            return
        if self.seen is not None:
            key = (id(schema), state)
            if key in self.seen:
                return
            self.seen.add(key)
        visit = Visit(path, base, schema, state)
        yield visit
        for child in self._children(base, schema, above):
            handed = self.hand_down(visit, child)
            if handed is None:
                continue
            below = (*above, child.address) if child.address else above
            inside = child.address.partition("#")[0] or base
            yield from self.visits(path + child.pointer, inside, child.schema, handed, below)

    def _children(self, base: str, schema: JsonObject, above: tuple[str, ...]) -> Iterator[Child]:
        for keyword in schema if self.keywords is None else self.keywords:
            if keyword not in schema:
                continue
            if keyword in HELD:
                yield from _held(keyword, schema[keyword])
            elif keyword == REFERENCE:
                address = urljoin(base, schema[REFERENCE])
                if self.seen is not None or address not in above:
                    yield Child(REFERENCE, None, self.at(address), address)
