"""Valid bodies: the hand-written one with one place varied."""

from collections.abc import Iterator, Sequence
from typing import Any

from batchproof.contract import Contract, pointer
from batchproof.contract.keywords import broken
from batchproof.contract.pointer import put
from batchproof.contract.shapes import Shapes
from batchproof.drive.api import Api
from batchproof.drive.errors import Unmet
from batchproof.drive.generation.places import Place, places
from batchproof.drive.generation.values import OBJECTS, TEXTS, Labelled, random_objects, together
from batchproof.drive.generation.variation import Variation
from batchproof.drive.requests import query_text
from batchproof.history.events import CaseMode

_SIZES = (2, 3, 10)
_TOGETHER = 6
_LIMITING = {"maxProperties", "propertyNames", "patternProperties", "additionalProperties"}
_INTEGERS = (0, 1, 50, 100, 101, -1, 2**31, 2**53 - 1)


def valid(
    api: Api, operation: str, body: Any, *, count: int, seed: int, alone: bool = True
) -> Iterator[Variation]:
    """Variations of ``body``, each valid by the schema; ``count`` random ones for a place that takes any object.

    There each odd value stands ``alone``, or several of them stand side by side.
    """
    declared = api.contract.manifest.operations[operation]
    assert declared.request is not None
    file = declared.request.schema
    shapes = api.contract.shapes
    for place in places(shapes, file, body):
        varied = list(_values(place, count, seed, alone=alone))
        if place.schema.get("type") == "array":
            yield from _arrays(api, operation, place)
        elif "anyOf" in place.schema or "oneOf" in place.schema:
            yield from _kinds(api, operation, place, body)
        elif _in_array(place) and place.way == "free":
            yield from _together(shapes, file, body, place, varied)
        else:
            for value in varied:
                yield from _checked(shapes, file, place, value.about, put(body, place.at, value.value))


def most(contract: Contract, operation: str, body: Any, *, count: int, alone: bool = True) -> list[int]:
    """How many elements the array of each variation of ``body`` has at most, 1 where it is about something else.

    Nothing is made, and nothing checked: there may be fewer variations.
    """
    declared = contract.manifest.operations[operation].request
    assert declared is not None
    kinds = len(contract.manifest.inputs)
    sizes: list[int] = []
    for place in places(contract.shapes, declared.schema, body):
        values = len(list(_values(place, 0, 0, alone=alone)))
        if place.schema.get("type") == "object":
            values += count
        if place.schema.get("type") == "array":
            sizes += [*_SIZES, *[2] * kinds]
        elif "anyOf" in place.schema or "oneOf" in place.schema:
            sizes += [1] * kinds
        elif _in_array(place) and place.way == "free":
            sizes += [min(_TOGETHER, values - start) for start in range(0, values, _TOGETHER)]
        else:
            sizes += [1] * values
    return sizes


def _in_array(place: Place) -> bool:
    return "/0/" in place.at


def _mode(place: Place) -> CaseMode:
    return "valid" if place.way == "free" else "open"


def _checked(shapes: Shapes, file: str, place: Place, about: str, body: Any) -> Iterator[Variation]:
    if not broken(shapes, file, body):
        name = pointer.parse(place.path)[-1]
        yield Variation(_mode(place), f"{name}: {about}", "body" + place.path, {"body": body})


def _values(place: Place, count: int, seed: int, *, alone: bool) -> Iterator[Labelled]:
    schema = place.schema
    if "enum" in schema:
        yield from (Labelled(str(value), value) for value in schema["enum"])
    elif schema.get("type") == "string":
        yield from TEXTS
    elif schema.get("type") == "boolean":
        yield from (Labelled(str(value).lower(), value) for value in (True, False))
    elif schema.get("type") == "integer":
        bounds = [schema[key] for key in ("minimum", "maximum", "default") if key in schema]
        yield from (Labelled(query_text(value), value) for value in dict.fromkeys([*bounds, *_INTEGERS]))
    elif schema.get("type") == "object" and "properties" not in schema:
        random = random_objects(count, seed) if count else ()
        found = [
            *OBJECTS,
            *(Labelled(f"a random object ({number})", value) for number, value in enumerate(random, 1)),
        ]
        # of an array each element has a value of its own, and where a server may refuse, one would hide the others
        side_by_side = (
            not alone and place.way == "free" and not _in_array(place) and not _LIMITING & schema.keys()
        )
        yield from together(found, _TOGETHER) if side_by_side else found


def _together(
    shapes: Shapes, file: str, body: Any, place: Place, values: Sequence[Labelled]
) -> Iterator[Variation]:
    """Several values in one request: each element of the array gets one."""
    above, _, below = place.at.partition("/0/")
    element = pointer.first(body, above + "/0")
    for start in range(0, len(values), _TOGETHER):
        group = values[start : start + _TOGETHER]
        elements = [put(element, "/" + below, value.value) for value in group]
        about = "; ".join(value.about for value in group)
        yield from _checked(shapes, file, place, about, put(body, above, elements))


def _arrays(api: Api, operation: str, place: Place) -> Iterator[Variation]:
    """Other numbers of input documents, and the same document twice."""
    most = place.schema.get("maxItems", max(_SIZES))
    limit = place.path + "/maxItems" if "maxItems" in place.schema else place.path
    for size in _SIZES:
        if size <= most:
            body = api.requests.valid(operation, kinds=["document"] * size).body
            yield Variation("valid", f"{size} elements", "body" + limit, {"body": body})
    for kind in api.contract.manifest.inputs:
        body = _of_kind(api, operation, kind)
        if body is None or most < 2:
            continue
        element = pointer.first(body, place.at + "/0")
        twice = put(body, place.at, [element, element])
        declared = api.contract.manifest.operations[operation].request
        assert declared is not None
        if not broken(api.contract.shapes, declared.schema, twice):
            yield Variation("open", f"the same element twice ({kind})", "body" + place.path, {"body": twice})


def _kinds(api: Api, operation: str, place: Place, body: Any) -> Iterator[Variation]:
    """Every documented way to give an input document that the schema allows here; others break the schema."""
    declared = api.contract.manifest.operations[operation].request
    assert declared is not None
    for kind in api.contract.manifest.inputs:
        other = _of_kind(api, operation, kind)
        value = pointer.first(other, place.at) if other is not None else None
        if value is None:
            continue
        changed = put(body, place.at, value)
        if not broken(api.contract.shapes, declared.schema, changed):
            yield Variation(_mode(place), f"input: {kind}", "body" + place.path, {"body": changed})


def of_every_kind(api: Api, operation: str) -> Iterator[tuple[str, Any]]:
    """The body of the operation with each kind of input document that can be made."""
    for kind in api.contract.manifest.inputs:
        body = _of_kind(api, operation, kind)
        if body is not None:
            yield kind, body


def _of_kind(api: Api, operation: str, kind: str) -> Any:
    try:
        return api.requests.valid(operation, kinds=[kind]).body
    except Unmet:
        return None
