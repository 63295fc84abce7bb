"""The keywords of a schema one by one: which there are, which of them a value breaks, which requirement each belongs to.

A keyword is named by its evaluation path (JSON Schema 2020-12, section 12.3.2): the way to it from the root of the
schema, through every ``$ref``. ``required`` counts as one keyword for each property, named ``…/required/<property>``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from batchproof.contract import pointer
from batchproof.contract.schema_traversal import Place, Visit, along, on_the_way
from batchproof.contract.shapes import ANNOTATION, Owner, Shapes
from batchproof.json_values import Json

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
# where a request that is right has its values, and in this order they are looked at
_FOLLOWED = (
    "properties", "patternProperties", "dependentSchemas", "allOf", "prefixItems", "anyOf", "oneOf", "$ref",
    "additionalProperties", "contains", "else", "items", "then", "unevaluatedProperties",
)  # fmt: skip


class Broken(NamedTuple):
    """A keyword that a value breaks, and where in the value it does."""

    keyword: str
    at: str


def broken(shapes: Shapes, file: str, value: Json) -> list[Broken]:
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


def _in_branches(shapes: Shapes, units: "list[OutputUnit]", value: Json) -> list[Broken]:
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
    return not ASSERTIONS.isdisjoint(along(path)[-1:])


def _missing(shapes: Shapes, path: str, location: str, at: str, value: Json) -> list[str]:
    """What follows the keyword: nothing, or one property each that ``required`` misses."""
    if not path.endswith("/required"):
        return [""]
    there = pointer.first(value, at)
    return [pointer.join([name]) for name in shapes.at(location) if name not in there]


def _below_a_choice(path: str) -> bool:
    return not _CHOICES.isdisjoint(along(path)[:-1])


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
    visits = shapes.traverse(file, True, lambda *_: True, _FOLLOWED)
    return list(dict.fromkeys(path for visit in visits for path in _assertions(visit)))


def _assertions(visit: Visit[bool]) -> Iterator[str]:
    for keyword, value in visit.schema.items():
        if keyword == "required":
            yield from (visit.path + pointer.join([keyword, name]) for name in value)
        elif keyword in ASSERTIONS:
            yield visit.path + pointer.join([keyword])


def owner_of(shapes: Shapes, file: str, path: str) -> str | None:
    """The requirement nearest above the keyword or subschema at ``path``, by ``x-requirement``."""
    trail = list(_trail(shapes, file, path))
    last = pointer.parse(path)[-1] if path else ""
    for visit in reversed(trail):
        found = _named(visit.schema.get(ANNOTATION), last)
        if found is not None:
            return found
    return None


def refused_by(shapes: Shapes, file: str, path: str) -> str | None:
    """The requirement that says that a value which breaks the keyword at ``path`` is refused, by ``x-refused``."""
    if not path:
        return None
    *above, last = pointer.parse(path)
    if along(path)[-2:-1] == ["required"]:
        # said at the property that is missing
        above, last = [*above[:-1], "properties", last], "required"
    there = [visit.schema for visit in _trail(shapes, file, pointer.join(above)) if not visit.state]
    return _named(there[0].get(REFUSED), last) if there else None


def _named(owner: Owner | None, keyword: str) -> str | None:
    return owner.get(keyword) or owner.get("*") if isinstance(owner, dict) else owner


def _trail(shapes: Shapes, file: str, path: str) -> Iterator[Visit[list[str]]]:
    """The subschemas on the way to ``path``, the root first, each with what is left of the way."""
    return on_the_way(Place(shapes.uri(file), shapes.document(file)), path, at=shapes.at)
