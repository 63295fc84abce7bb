"""Changed cases: one value that an answer shows is another one."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from batchproof.contract import CompiledInvariant

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:]{8}")
_WORD = re.compile(r"[A-Za-z_]\w*")
# ids without a meaning
OPAQUE = re.compile(
    r"\b([a-z]{1,8}_)(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{16,40}(?![A-Za-z0-9_-])"
    r"|\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"
)
# texts that a rule names; others are patterns
_QUOTED = re.compile(r"'([A-Za-z][\w.:-]*)'")
# arguments of functions that name what does not matter
_EXCEPTED = frozenset({"except", "ignore", "free", "besides", "filters", "prefixes"})
_DIGIT = re.compile(r"\d")
_PROPERTY = re.compile(r"\.([A-Za-z]\w*)\b(?!\()")
_NUMBER = re.compile(r"\b\d{1,5}\b")
# what a client sends, and what the suite knows itself
_NOT_ANSWERED = frozenset(
    {"query", "path", "request", "known", "still", "deleted", "created", "shown_before", "reachable", "first"}
    | {"asked_at", "answered_at", "started_at", "pages"}
)
# what was answered before: of two answers the later one is changed rather
_BEFORE = frozenset({"oldSelf", "before", "earlier", "owner", "about"})
_OF_TIMES = ("At", "_at")
_SOME_TIME = "2026-07-01T10:00:00Z"
_REFUSED = 400
_STATUSES = (200, 404, 400, 409, 422, 429, 500)
_FAR_FUTURE = "2099-01-01T00:00:00.000Z"
# functions that compare two looks: with another id they would be looks at two objects
_OF_ONE_OBJECT = frozenset({"agrees", "keeps"})
# elements of a list that are changed: the others are like them
_ELEMENTS = 2
_SIBLINGS = 3
# how deep below an answer properties are added
_DEEP = 5
ABSENT = object()


class Change(NamedTuple):
    """Where a value of a case is changed, and what stands there then."""

    at: tuple[str | int, ...]
    after: Any


def changes(
    compiled: CompiledInvariant, variables: Mapping[str, Any], text: str, known: Sequence[Sequence[str]]
) -> Iterator[Change]:
    """One change after the other: those of the latest answer first, and only of what ``text`` names.

    ``known`` are sets of words of the contract, of which one may stand for another. Where it names no property, as functions may do, all are changed.
    """
    names = set(_WORD.findall(text)) | {
        word
        for name, argument in compiled.invariant.arguments.items()
        for word in _WORD.findall(argument)
        if name not in _EXCEPTED
    }
    words = list(dict.fromkeys(_QUOTED.findall(text)))
    numbers = [int(number) for number in dict.fromkeys(_NUMBER.findall(text))]
    # a read after an event is not the event
    second = _BEFORE | {"after"} if compiled.invariant.each == "delivery" else _BEFORE
    later = {name: _plain(value) for name, value in variables.items() if name not in _NOT_ANSWERED | second}
    before = {name: _plain(value) for name, value in variables.items() if name in second}
    siblings: dict[tuple[tuple[str, ...], str], list[Any]] = {}
    for at, value in _positions({**later, **before}, ()):
        siblings.setdefault((_names(at[1:]), type(value).__name__), []).append(value)
    for part in (later, before):
        found = list(_positions(part, ()))
        named = [item for item in found if _last_name(item[0]) in names]
        if all(len(at) == 1 for at, _ in named):
            # what the rule is about stands anywhere in these, or in all
            named = [item for item in found if not named or item[0][0] in names]
        if compiled.invariant.function in _OF_ONE_OBJECT:
            named = [item for item in named if item[0][1:] != ("id",)]
        beside = [value for _, value in named if isinstance(value, str)]
        for at, value in named:
            alike = [
                *(word for group in known for word in group if value in group),
                *(siblings[_names(at[1:]), type(value).__name__][:_SIBLINGS] if len(at) > 1 else ()),
            ]
            for after in _others(at, value, alike, words, numbers, beside[:_SIBLINGS]):
                yield Change(at, after)
        yield from _additions(found, list(dict.fromkeys(_PROPERTY.findall(text))))


def _additions(found: Sequence[tuple[tuple[str | int, ...], Any]], names: Sequence[str]) -> Iterator[Change]:
    """Properties that a rule names, where there are none yet."""
    for at, value in found:
        if isinstance(value, dict) and len(at) <= _DEEP:
            missing = [name for name in names if name not in value]
            for name in missing:
                shown = [other for place, other in found if place[-1] == name and other is not None]
                yield from (Change((*at, name), after) for after in (*shown[:1], [], "text"))
            if len(missing) > 1:
                yield Change(at, {**value, **dict.fromkeys(missing, True)})


def changed(variables: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """``variables`` with a change; what it does not touch is shared."""
    found: dict[str, Any] = _put(dict(variables), change.at, change.after)
    return found


def _put(value: Any, at: Sequence[str | int], after: Any) -> Any:
    if not at:
        return after
    step, *below = at
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    if not below and after is ABSENT:
        del copy[step]
    else:
        copy[step] = _put(copy[step] if below else None, below, after)
    return copy


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _positions(value: Any, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    children: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list | tuple):
        children = enumerate(value[:_ELEMENTS])
    for step, child in children:
        yield (*at, step), child
        yield from _positions(child, (*at, step))


def _names(at: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(step for step in at if isinstance(step, str))


def _last_name(at: Sequence[str | int]) -> str | None:
    return next((step for step in reversed(at) if isinstance(step, str)), None)


def _others(
    at: Sequence[str | int],
    value: Any,
    alike: Sequence[Any],
    words: Sequence[str],
    numbers: Sequence[int],
    beside: Sequence[str],
) -> Iterator[Any]:
    """Other values than ``value``, those that a server may well send first."""
    if tuple(at) == ("status",) and isinstance(value, int):
        others = sorted(_STATUSES, key=lambda status: (status < _REFUSED) is (value >= _REFUSED))
        yield from (status for status in others if status != value)
        return
    match value:
        case bool():
            yield not value
        case int() | float():
            yield from (value + 1, *([value - 1] if value > 0 else []), 0, *numbers)
        case str():
            yield from _other_texts(value, alike, words, beside)
        case list():
            yield from _other_lists(value, words)
        case dict():
            yield {}
        case None:
            if isinstance(at[-1], str) and at[-1].endswith(_OF_TIMES):
                yield _SOME_TIME
            yield from (*words, "text", 7, True)
    if len(at) > 1:
        yield from ([None] if value is not None else [])
        yield ABSENT


def _other_texts(
    value: str, alike: Sequence[Any], words: Sequence[str], beside: Sequence[str]
) -> Iterator[str]:
    if _MOMENT.match(value):
        yield from (item for item in dict.fromkeys(alike) if item != value)
        yield from _other_moments(value)
        yield from (_FAR_FUTURE, "tomorrow")
        return
    if value.isascii() and value.isdigit():
        yield from (str(int(value) + 1), f"{value}000", f"-{value}")
    if OPAQUE.fullmatch(value):
        yield value[:-1] + ("0" if value[-1] != "0" else "1")
    yield from (item for item in dict.fromkeys(alike) if item != value)
    yield from (word for word in words if word != value)
    spelled = (value.lower(), *([value.upper()] if not _DIGIT.search(value) else []))
    yield from (text for text in (*spelled, *beside, "other", "") if text != value)


def _other_moments(value: str) -> Iterator[str]:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return
    for shift in (-timedelta(hours=1), timedelta(hours=1), timedelta(days=2), -timedelta(days=400)):
        yield (moment + shift).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _other_lists(value: list[Any], words: Sequence[str]) -> Iterator[list[Any]]:
    if not any(isinstance(item, dict) for item in value):
        yield from ([*value, word] for word in words)
    if value:
        yield [*value, value[0]]
        yield value[1:]
        yield value[:-1]
        yield value[::-1]
        yield []
    else:
        yield ["text"]
