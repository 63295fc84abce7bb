"""Smallest pieces of bodies: one field with a value that it may have."""

from collections.abc import Iterator
from typing import Any

from batchproof.contract.pointer import join, parse
from batchproof.contract.shapes import Shapes
from batchproof.json_values import Json
from batchproof.upgrade.fields import ANY, Field

_OF_TYPE = {"string": "…", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
_OF_FORM = {
    "uri": "https://example.com/",
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "email": "a@example.com",
}


def sample(field: Field) -> Json:
    """A value that the field may have: its first listed one, or the plainest of its type."""
    if field.values:
        return field.values[0]
    if field.form in _OF_FORM:
        return _OF_FORM[field.form]
    # what a file of its own describes is an object
    types = field.types or ({"object"} if field.file else set())
    return next((value for name, value in _OF_TYPE.items() if name in types), None)


def samples(field: Field) -> Iterator[Any]:
    """Values that the field may have, the plainest first: a pattern may refuse some of them."""
    yield sample(field)
    yield from _OF_FORM.values() if "string" in field.types else ()


def misfit(shapes: Shapes, file: str, body: Any, *, whole: bool) -> str | None:
    """Where a body does not fit its schema file; None where it does. What is not ``whole`` may lack what is required."""
    for error in shapes.validator(file).iter_errors(body):
        if whole or error.kind.name != "required":
            return f"{join(error.instance_path) or 'the body'} ({error.kind.name})"
    return None


def nested(at: str, value: Any, fields: dict[str, Field]) -> Any:
    """A body that holds nothing but ``value`` at ``at``."""
    segments = parse(at)
    for depth in range(len(segments), 0, -1):
        above = "".join(f"/{segment}" for segment in segments[: depth - 1])
        is_array = segments[depth - 1] == ANY and "array" in fields[above].types
        name = "name" if segments[depth - 1] == ANY else segments[depth - 1]
        value = [value] if is_array else {name: value}
    return value
