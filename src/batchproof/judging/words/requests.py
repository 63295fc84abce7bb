"""Changed requests in words: those of probes, and generated ones."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import UNSET

from batchproof.contract import pointer
from batchproof.contract.model import Change, Probe
from batchproof.contract.placeholders import PLACEHOLDERS, alone
from batchproof.history import Case, Exchange, has_body
from batchproof.judging.attribution import answered_with
from batchproof.judging.words.values import any_of, counted, described, of_kind, place
from batchproof.judging.words.worded import Worded, worded

_CREDENTIALS = {
    "none": "without a token",
    "unknown": "with an unknown token",
    "malformed": "with a malformed token",
    "basic": "with a user and a password instead of a token",
    "second": "with the token of another customer",
    "limited": "with a token whose quota is used up",
    "unpaid": "with a token without credits",
}
_BROKEN = {
    "minLength": "that is too short",
    "maxLength": "that is too long",
    "minItems": "with too few elements",
    "maxItems": "with too many elements",
    "minimum": "that is too small",
    "maximum": "that is too large",
    "exclusiveMinimum": "that is too small",
    "exclusiveMaximum": "that is too large",
    "enum": "that is none of the documented values",
    "const": "that is not the documented value",
    "pattern": "of another form",
    "format": "of another form",
}
_FEW = 2


def of_probe(probe: Probe, exchange: Exchange, right: Sequence[int]) -> Worded:
    """Words for a changed request that is not answered with one of the ``right`` statuses."""
    status = None if exchange.response is None else exchange.response.status
    what = f"a request {changed(probe.change, probe.name)}"
    documented = any_of([str(item) for item in right])
    if status is None or status >= 500:
        done = answered_with(exchange)
    elif probe.refused is not None and status < 300:
        done = f"is accepted ({status})"
    elif probe.refused is None and status >= 400:
        done = f"is refused ({status})"
    else:
        done = f"is answered {status} instead of {documented}"
    return worded(f"{probe.operation}: {what} {done}", answered(exchange), documented)


def answered(exchange: Exchange) -> str:
    """What came: the status, or the failure, with the code of an error where there is one."""
    response = exchange.response
    code = pointer.first(response.body, "/code") if response is not None and has_body(response) else None
    return answered_with(exchange).removeprefix("was answered ") + (
        f" with code {described(code)}" if isinstance(code, str) else ""
    )


def changed(change: Change, name: str) -> str:
    """The one change of a probe: ``without extractor.id``; ``name`` is that of the probe, for what takes more words."""
    if change.auth is not None:
        return _CREDENTIALS[change.auth]
    if change.path is not None:
        return any_of([_set(part, value) for part, value in change.path.items()])
    if change.query is not None:
        return any_of([_in_query(part, value) for part, value in change.query.items()])
    if change.headers is not None:
        return any_of([_header(part, value) for part, value in change.headers.items()])
    if change.inputs is not None:
        return f"with {counted(change.inputs, 'input')}"
    if change.raw is not None:
        return "with a body that is not JSON"
    if change.content_type is not None:
        return f"with a body that is declared as {change.content_type}"
    if change.repeat is not None:
        return "that is sent once more"
    return "without a body" if change.body is UNSET else _of_body(change.body, name)


def _header(name: str, value: str | None) -> str:
    return f"without the header {name}" if value is None else f"with {name}: {described(value)}"


def _in_query(name: str, value: Any) -> str:
    return f"without {name}" if value is None else _set(name, value)


def _of_body(patch: Any, name: str) -> str:
    if not isinstance(patch, dict):
        return f"whose body is {of_kind(patch)}"
    leaves = list(_leaves(patch, ()))
    removed = [place(path) for path, value in leaves if value is None]
    given = [(path, value) for path, value in leaves if value is not None]
    if len(given) > _FEW:
        tops = any_of(list(dict.fromkeys(path[0] for path, _ in given)))
        return f"with other {tops} ({name})"
    added = " and ".join(_set(place(path), value) for path, value in given)
    if not removed:
        return added
    return f"{added} instead of {any_of(removed)}" if added else f"without {any_of(removed)}"


def _set(name: str, value: Any) -> str:
    """A part of a request with the value that it is given; templates are described."""
    found = alone(value)
    placeholder = None if found is None else PLACEHOLDERS.get(found[0])
    if found is not None and placeholder is not None and placeholder.in_words is not None:
        return placeholder.in_words(name, found[1])
    return f"with {name} = {described(value)}"


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    children: Any = ()
    if isinstance(value, dict) and not any(str(name).startswith("$") for name in value):
        children = value.items()
    elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        children = [("0", value[0])]
    if not children:
        yield path, value
    for name, child in children:
        yield from _leaves(child, (*path, name))


def of_case(case: Case, exchange: Exchange) -> Worded:
    """Words for a generated request that is not answered as its mode says."""
    status = answered_with(exchange)
    if case.mode == "valid":
        return worded(
            f"{exchange.operation}: a valid request with {_about(case)} {status}", answered(exchange)
        )
    if exchange.response is not None and exchange.response.status < 300:
        status = f"is accepted ({exchange.response.status})"
    broken = _broken(case, exchange) if case.mode == "invalid" else f"with {_about(case)}"
    return worded(
        f"{exchange.operation}: a request {broken} {status}", f"{answered(exchange)}; sent was {_about(case)}"
    )


def _about(case: Case) -> str:
    return case.about if len(case.about) <= 80 else f"{case.about[:60]}…"


def _broken(case: Case, exchange: Exchange) -> str:
    """What is wrong with an invalid request, by the keyword that it breaks."""
    part, *segments = pointer.parse("/" + (case.place or ""))
    names = _properties(segments)
    keyword = segments[-1] if segments else ""
    if len(segments) > 1 and segments[-2] == "required":
        return f"without {place([*names, keyword])}"
    name = place(names) if names else f"a {part}"
    value = _sent(exchange, part, names)
    if keyword == "type":
        return f"whose {name} is {of_kind(value)}" if names else "with another body than an object"
    if keyword in _BROKEN:
        size = f" ({len(value):,} characters)" if isinstance(value, str) and "Length" in keyword else ""
        return f"with {name} {_BROKEN[keyword]}{size}"
    return f"with {name} of no documented form"


def _properties(segments: Sequence[str]) -> list[str]:
    """The names of the properties on the way to a keyword; the first element stands for all."""
    names: list[str] = []
    parts = iter(segments)
    for part in parts:
        if part == "properties":
            names.append(next(parts, ""))
        elif part == "items":
            names.append("0")
    return names


def _sent(exchange: Exchange, part: str, names: Sequence[str]) -> Any:
    if part == "query":
        return dict(exchange.request.query).get(names[0] if names else "")
    return pointer.first(exchange.request.body, pointer.join(names)) if has_body(exchange.request) else None
