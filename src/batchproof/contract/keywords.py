"""The keywords of a schema one by one: which there are, which of them a value breaks, which requirement each belongs to.

A keyword is named by its evaluation path (JSON Schema 2020-12, section 12.3.2): the way to it from the root of the
schema, through every ``$ref``. ``required`` counts as one keyword for each property, named ``…/required/<property>``.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from batchproof.contract import pointer
from batchproof.contract.shapes import ANNOTATION, Owner, Shapes

if TYPE_CHECKING:
    from jsonschema_rs import OutputUnit

REFUSED = "x-refused"
GENERATE = "x-generate"
# the keywords that say something about a value themselves
ASSERTIONS = frozenset(
    {
        "type", "enum", "const", "required", "dependentRequired", "format", "pattern", "minLength", "maxLength",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems",
        "uniqueItems", "minProperties", "maxProperties", "anyOf", "oneOf", "not",
    }
)  # fmt: skip
_CHOICES = frozenset({"anyOf", "oneOf", "not", "if"})
_WITH_BRANCHES = ("/anyOf", "/oneOf")
_ALTERNATIVES = (*_WITH_BRANCHES, "/not")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs")
_LISTS = ("allOf", "prefixItems", "anyOf", "oneOf")
_SINGLE = ("$ref", "additionalProperties", "contains", "else", "items", "then", "unevaluatedProperties")


class Broken(NamedTuple):
    """A keyword that a value breaks, and where in the value it does."""

    keyword: str
    at: str


def broken(shapes: Shapes, file: str, value: Any) -> list[Broken]:
    """The keywords of ``file`` that ``value`` breaks.

    Of several alternatives of which none fits, the keyword in the one that fits best is named, if one fits best.
    """
    validator = shapes.validator(file)
    errors = list(validator.iter_errors(value))
    paths = [pointer.join(error.evaluation_path) for error in errors]
    if any(path.endswith(_WITH_BRANCHES) for path in paths):
        return _in_branches(shapes, validator.evaluate(value).list()["details"], value)
    # what fits is not looked at: a batch of a thousand inputs has a hundred thousand units
    failed = dict.fromkeys(
        (path, pointer.join(error.instance_path), error.absolute_keyword_location or "")
        for path, error in zip(paths, errors, strict=True)
        if _keyword(path)
    )
    return [
        Broken(path + name, at)
        for path, at, location in failed
        for name in _missing(shapes, path, location, at, value)
    ]


def _in_branches(shapes: Shapes, units: "list[OutputUnit]", value: Any) -> list[Broken]:
    """The same where the branches of a choice tell which of them was meant."""
    failed = [
        Broken(unit["evaluationPath"] + name, unit["instanceLocation"])
        for unit in units
        if _fails(unit) and _keyword(unit["evaluationPath"])
        for name in _missing(
            shapes, unit["evaluationPath"], unit["schemaLocation"], unit["instanceLocation"], value
        )
    ]
    outermost = [item for item in failed if not _below_a_choice(item.keyword)]
    return [_closest(item, failed) for item in outermost]


def _fails(unit: "OutputUnit") -> bool:
    """Whether the keyword itself is broken: bounds of one kind are marked together, and only the broken one tells why."""
    return not unit["valid"] and ("errors" in unit or unit["evaluationPath"].endswith(_ALTERNATIVES))


def _keyword(path: str) -> bool:
    """Whether ``path`` leads to an assertion, not to a property of that name."""
    return not ASSERTIONS.isdisjoint(_along(path)[-1:])


def _missing(shapes: Shapes, path: str, location: str, at: str, value: Any) -> list[str]:
    """What follows the keyword: nothing, or one property each that ``required`` misses."""
    if not path.endswith("/required"):
        return [""]
    there = pointer.first(value, at)
    return [pointer.join([name]) for name in shapes.at(location) if name not in there]


def _below_a_choice(path: str) -> bool:
    return not _CHOICES.isdisjoint(_along(path)[:-1])


def _along(path: str) -> list[str]:
    """The segments of ``path`` without those that are the name of a property or a definition."""
    found: list[str] = []
    parts = iter(pointer.parse(path))
    for part in parts:
        found.append(part)
        if part in _NAMED:
            next(parts, None)
    return found


def _closest(item: Broken, failed: list[Broken]) -> Broken:
    """Of alternatives the one keyword that spoils a branch further in, if there is one such branch."""
    if not item.keyword.endswith(("/anyOf", "/oneOf")):
        return item
    branches: dict[str, list[Broken]] = {}
    for one in failed:
        if one.keyword.startswith(item.keyword + "/"):
            branches.setdefault(one.keyword[len(item.keyword) :].split("/")[1], []).append(one)
    nearly = [broken[0] for broken in branches.values() if len(broken) == 1]
    deeper = [one for one in nearly if one.at.startswith(item.at + "/")]
    return deeper[0] if len(deeper) == 1 else item


def keywords(shapes: Shapes, file: str) -> list[str]:
    """Every assertion of ``file`` that can be reached, by its evaluation path; a recursion is followed once."""
    return list(dict.fromkeys(_traverse(shapes, shapes.uri(file), shapes.document(file), "", ())))


def _traverse(shapes: Shapes, uri: str, node: Any, path: str, seen: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    for keyword in node:
        if keyword == "required":
            yield from (path + pointer.join([keyword, name]) for name in node[keyword])
        elif keyword in ASSERTIONS:
            yield path + pointer.join([keyword])
    for step, child in _children(node):
        base, target = uri, child
        if step == ["$ref"]:
            address = urljoin(uri, child)
            if address in seen:
                continue
            base, target = address.partition("#")[0], shapes.at(address)
            yield from _traverse(shapes, base, target, path + "/$ref", (*seen, address))
            continue
        yield from _traverse(shapes, base, target, path + pointer.join(step), seen)


def _children(node: Mapping[str, Any]) -> Iterator[tuple[list[str | int], Any]]:
    for keyword in _NAMED[:-1]:
        for name, child in node.get(keyword, {}).items():
            yield [keyword, name], child
    for keyword in _LISTS:
        for index, child in enumerate(node.get(keyword, [])):
            yield [keyword, index], child
    for keyword in _SINGLE:
        if keyword in node:
            yield [keyword], node[keyword]


def owner_of(shapes: Shapes, file: str, path: str) -> str | None:
    """The requirement nearest above the keyword or subschema at ``path``, by ``x-requirement``."""
    trail = list(_trail(shapes, file, path))
    last = pointer.parse(path)[-1] if path else ""
    for node in reversed(trail):
        found = _named(node.get(ANNOTATION), last)
        if found is not None:
            return found
    return None


def refused_by(shapes: Shapes, file: str, path: str) -> str | None:
    """The requirement that says that a value which breaks the keyword at ``path`` is refused, by ``x-refused``."""
    if not path:
        return None
    *above, last = pointer.parse(path)
    if _along(path)[-2:-1] == ["required"]:
        # said at the property that is missing
        above, last = [*above[:-1], "properties", last], "required"
    *_, node = _trail(shapes, file, pointer.join(above))
    return _named(node.get(REFUSED), last)


def _named(owner: Owner | None, keyword: str) -> str | None:
    return owner.get(keyword) or owner.get("*") if isinstance(owner, dict) else owner


def _trail(shapes: Shapes, file: str, path: str) -> Iterator[dict[str, Any]]:
    """The subschemas on the way to ``path``, the root first."""
    uri, node = shapes.uri(file), shapes.document(file)
    yield node
    for segment in pointer.parse(path):
        if segment == "$ref" and isinstance(node, dict):
            address = urljoin(uri, node["$ref"])
            uri, node = address.partition("#")[0], shapes.at(address)
        elif isinstance(node, list):
            node = node[int(segment)] if segment.isdigit() and int(segment) < len(node) else None
        else:
            node = node.get(segment) if isinstance(node, dict) else None
        if node is None:
            return
        if isinstance(node, dict):
            yield node
