"""A JSON value beside the SDK's model of it: what differs, and which other values the model allows."""

import copy
import enum
import types
import typing
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

DEEPEST = 5


class Difference(NamedTuple):
    """``kind`` is `unknown` (the model has no such field), `missing` (it has one that is always there) or `value`."""

    kind: str
    at: str


def differences(parsed: Any, raw: Any, at: str = "") -> Iterator[Difference]:
    """What the model did not expect in ``raw``, and what it expected and did not find. ``at`` names no array index."""
    if isinstance(parsed, BaseModel):
        names = {_alias(name, field): name for name, field in type(parsed).model_fields.items()}
        for key in raw.keys() - names.keys():
            yield Difference("unknown", f"{at}/{key}")
        for key, name in names.items():
            if key in raw:
                yield from differences(getattr(parsed, name), raw[key], f"{at}/{key}")
            elif type(parsed).model_fields[name].default is not None:
                yield Difference("missing", f"{at}/{key}")
    elif isinstance(parsed, list):
        for one, value in zip(parsed, raw, strict=True):
            yield from differences(one, value, f"{at}/*")
    elif isinstance(parsed, dict):
        for key, value in raw.items():
            yield from differences(parsed[key], value, f"{at}/*")
    elif isinstance(parsed, enum.Enum) and raw not in _listed(type(parsed)):
        yield Difference("value", at)


class Other(NamedTuple):
    """A JSON value that differs in one place from one that the emulator sent. ``what`` says where and how."""

    what: str
    value: Any


def others(parsed: Any, raw: Any) -> Iterator[Other]:
    """The value with one optional field left out, null or added, or with another of the listed values."""
    for path, changed in _changes(parsed, []):
        value = copy.deepcopy(raw)
        place = value
        for step in path[:-1]:
            place = place[step]
        if changed is _ABSENT:
            place.pop(path[-1], None)
        else:
            place[path[-1]] = changed
        where = "/".join("*" if isinstance(step, int) else step for step in path)
        yield Other(f"{where}: {'absent' if changed is _ABSENT else repr(changed)}", value)


_ABSENT = object()


def _changes(parsed: Any, path: list[Any]) -> Iterator[tuple[list[Any], Any]]:
    if isinstance(parsed, BaseModel):
        for name, field in type(parsed).model_fields.items():
            here = [*path, _alias(name, field)]
            value = getattr(parsed, name)
            if not field.is_required() and field.default is None:
                yield here, _ABSENT
                yield here, None
            if value is None or isinstance(value, enum.Enum):
                yield from ((here, other) for other in values(field.annotation))
            yield from _changes(value, here)
    elif isinstance(parsed, list) and parsed:
        yield from _changes(parsed[0], [*path, 0])
    elif isinstance(parsed, dict) and parsed:
        key = next(iter(parsed))
        yield from _changes(parsed[key], [*path, key])


def _listed(kind: type[enum.Enum]) -> list[Any]:
    """The documented values; the SDK adds one for all others."""
    return [member.value for member in kind if not member.name.startswith("_")]


def values(annotation: Any, depth: int = 0) -> list[Any]:
    """JSON values of a type: all that are listed, or one; none where the type is nested too deeply."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return [value for one in arguments if one is not types.NoneType for value in values(one, depth)]
    if origin is typing.Annotated:
        return values(arguments[0], depth)
    if origin is typing.Literal:
        return list(arguments)
    if origin is list:
        return [[value] for value in values(arguments[0], depth)]
    if origin is dict:
        return [{"key": value} for value in values(arguments[1], depth)]
    if isinstance(annotation, type):
        return _of_class(annotation, depth)
    return []


def _of_class(annotation: type, depth: int) -> list[Any]:
    if issubclass(annotation, enum.Enum):
        return _listed(annotation)
    if issubclass(annotation, BaseModel):
        return _of_model(annotation, depth)
    plain = {bool: True, int: 1, float: 0.5, str: "text", datetime: "2026-01-01T00:00:00Z"}
    return [plain[annotation]] if annotation in plain else []


def _of_model(model: type[BaseModel], depth: int) -> list[Any]:
    if depth == DEEPEST:
        return []
    body: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        some = values(field.annotation, depth + 1)
        if some:
            body[_alias(name, field)] = some[0]
        elif field.is_required():
            return []
    return [body]


def _alias(name: str, field: FieldInfo) -> str:
    return field.alias or name
