"""What is wrong with the data of one file, all of it, and the data without what is wrong.

The schemas that editors check by say what is allowed; jsonschema finds every place that breaks them, where msgspec, which
reads valid data, ends with the first.
"""

import copy
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import msgspec

from batchproof.contract import first_names, pointer
from batchproof.contract.file_schemas import schema_of
from batchproof.contract.problems import Problem, Step
from batchproof.json_values import Json

if TYPE_CHECKING:
    from jsonschema import ValidationError

T = TypeVar("T")
_TYPES = {
    "object": "keys with values",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
# sections of contract.yaml that are left out as a whole where something in them is wrong
_WHOLE = frozenset({"webhooks", "auth", "rate_limit", "headers"})
_NAMES = ("id", "name", "requirement", "package")


class Mended(NamedTuple, Generic[T]):
    """The typed value without what was wrong; ``value`` is None where nothing can be made of the data.

    ``lost`` are the texts of what was left out: a problem with one of these names is a consequence.
    """

    value: T | None
    problems: list[Problem]
    lost: frozenset[str]


class _Cut(NamedTuple):
    """``data`` without keys and parts that are wrong, and what was wrong; an item that is still wrong is one of ``items``."""

    data: Json
    problems: list[Problem]
    items: frozenset[Step]
    lost: frozenset[str]


def mended(file: Path, data: Json, kind: type[T]) -> Mended[T]:
    """``data`` of ``file`` as a ``kind``."""
    try:
        return Mended(msgspec.convert(data, kind), [], frozenset())
    except msgspec.ValidationError:
        cut = _cut(file, copy.deepcopy(data), kind, of_items=False)
    return _made(file, cut, lambda: msgspec.convert(cut.data, kind))


def mended_items(file: Path, data: Json, item: type[T]) -> Mended[dict[int, T]]:
    """``data`` of ``file`` as a list of ``item``: those that are usable, by their index."""
    kind = list[item]  # type: ignore[valid-type]
    try:
        return Mended(dict(enumerate(msgspec.convert(data, kind))), [], frozenset())
    except msgspec.ValidationError:
        cut = _cut(file, copy.deepcopy(data), kind, of_items=True)
    items = cut.data if isinstance(cut.data, list) else []
    kept = {index: one for index, one in enumerate(items) if index not in cut.items}
    return _made(file, cut, lambda: {index: msgspec.convert(one, item) for index, one in kept.items()})


def named(data: Json, at: tuple[Step, ...]) -> str:
    """The steps ``at`` as people name them: an item of a list by its id or name."""
    parts: list[str] = []
    for length, step in enumerate(at, 1):
        found: Json = pointer.first(data, pointer.join(at[:length]))
        names = [found[key] for key in _NAMES if key in found] if isinstance(found, dict) else []
        if isinstance(step, int):
            parts.append(names[0] if names and isinstance(names[0], str) else f"[{step}]")
        else:
            parts.append(step)
    return ".".join(parts) or "top level"


def _cut(file: Path, data: Json, kind: type[Any], *, of_items: bool) -> _Cut:
    problems = list(dict.fromkeys(_problems(file, data, kind)))
    lost: set[str] = set()
    for problem in problems:
        if problem.missing is not None:
            _drop(data, (*problem.at[:-1], problem.missing))
    rest = _errors(data, kind)
    for at in {_piece(tuple(error.absolute_path), of_items=of_items) for error in rest}:
        lost |= {str(at[-1]) if at else "", *_texts(_taken(data, at))}
    items = frozenset(error.absolute_path[0] for error in rest if error.absolute_path)
    return _Cut(data, problems, items, frozenset(lost))


def _made(file: Path, cut: _Cut, make: Callable[[], T]) -> Mended[T]:
    try:
        return Mended(make(), cut.problems, cut.lost)
    except msgspec.ValidationError as error:
        return Mended(None, cut.problems or [Problem(file, "top level", str(error))], cut.lost)


def _piece(at: tuple[Step, ...], *, of_items: bool) -> tuple[Step, ...]:
    """What is left out for something wrong ``at`` a place: an item of a list, or an entry or all of a section."""
    return at[:1] if of_items or (at and at[0] in _WHOLE) else at[:2]


def _taken(data: Json, at: tuple[Step, ...]) -> Json:
    """What stands ``at`` a place; of an object it is taken out."""
    for step in at[:-1]:
        data = data[step]
    if not at:
        return data
    return data.pop(at[-1], None) if isinstance(data, dict) else data[at[-1]]


def _drop(data: Json, at: tuple[Step, ...]) -> None:
    for step in at[:-1]:
        data = data[step]
    data.pop(at[-1], None)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for child in value if isinstance(value, dict | list) else ():
        yield from _texts(child)
        if isinstance(value, dict):
            yield from _texts(value[child])


def _errors(data: Json, kind: type[Any]) -> "list[ValidationError]":
    # beside some packages it takes seconds to load, and a folder without a mistake needs none of it
    import jsonschema  # noqa: PLC0415

    validator = jsonschema.Draft202012Validator(schema_of(kind))
    return list(validator.iter_errors(data))


def _problems(file: Path, data: Json, kind: type[Any]) -> Iterator[Problem]:
    for error in _errors(data, kind):
        for deepest in _deepest(error):
            for at, remedy, extra in _described(deepest):
                place = at if extra is None else (*at, extra)
                yield Problem(file, named(data, at), remedy, place, missing=extra)


def _deepest(error: "ValidationError") -> "Iterator[ValidationError]":
    """Of an ``anyOf`` the errors in the branch that was meant: the one whose type fits."""
    if error.validator != "anyOf":
        yield error
        return
    of_parts = isinstance(error.instance, dict | list)
    branches: Json = error.validator_value
    for branch in range(len(branches)):
        inside = [one for one in error.context or () if one.schema_path[0] == branch]
        wrong_kind = any(not one.path and one.validator in ("type", "enum") for one in inside)
        named = not of_parts and any(one.validator == "enum" for one in inside)
        if named or not wrong_kind:
            for one in inside:
                yield from _deepest(one)
            return
    yield error


def _described(error: "ValidationError") -> Iterator[tuple[tuple[Step, ...], str, str | None]]:
    """``(place, remedy, unknown key)`` for each thing that ``error`` is about."""
    at = tuple(error.absolute_path)
    schema: Json = error.schema
    allowed: Json = error.validator_value
    instance: Json = error.instance
    match error.validator:
        case "additionalProperties":
            known = schema["properties"]
            for key in instance:
                if key not in known:
                    yield (
                        at,
                        f"{key!r} is no key here; use one of: {_listed(known)}{first_names.new(key, known) or _near(key, known)}",
                        key,
                    )
        case "required":
            # one error for each key, and all of them list every key: those who read them leave out what repeats
            for key in allowed:
                if key not in instance:
                    yield (
                        at,
                        f"lacks `{key}`, {_what(schema['properties'][key])}; needed: {_listed(allowed)}",
                        None,
                    )
        case "enum":
            yield (
                at,
                f"{error.instance!r} is not allowed; use one of: {_listed(allowed)}{first_names.new(instance, allowed)}",
                None,
            )
        case "anyOf":
            kinds = [_kind_of(one) for one in allowed]
            yield at, f"is {_is(error.instance)}; write {' or '.join(kinds)}", None
        case "type":
            yield at, f"is {_is(error.instance)}; write {_TYPES[allowed]}", None
        case _:
            yield at, error.message, None


def _near(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _what(schema: Mapping[str, Json]) -> str:
    return f"one of: {_listed(schema['enum'])}" if "enum" in schema else _kind_of(schema)


def _kind_of(schema: Mapping[str, Json]) -> str:
    if "enum" in schema:
        return _listed(schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_kind_of(one) for one in schema["anyOf"] if one.get("type") != "null")
    return _TYPES.get(schema.get("type", "object"), "a value")


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))


def _is(value: Json) -> str:
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list"
    return "empty" if value is None else repr(value)
