"""Smallest requests: whether one whose author forgot one thing is still accepted by the newer contract."""

import copy
from collections.abc import Iterator

from batchproof.contract import Contract
from batchproof.contract.pointer import parse
from batchproof.json_values import Json, JsonObject
from batchproof.upgrade.examples import sample
from batchproof.upgrade.fields import ANY
from batchproof.upgrade.mapping import Map, Pair

_MISSING = object()


class Requests:
    """The requests of one pair of schemas: bodies, or query parameters by name."""

    def __init__(self, mapped: Map, pair: Pair) -> None:
        self._pair = pair
        self._older = mapped.older.shapes.validator(pair.older_file)
        self._newer = mapped.newer.shapes.validator(pair.newer_file)
        self._bodies = [*_bodies(mapped.older, pair), {}]

    def smallest(self, at: str) -> Json | None:
        """A smallest valid request of the older contract that has the field ``at``, or None where none was found."""
        for body in self._bodies:
            whole = copy.deepcopy(body)
            if _get(whole, at) is _MISSING:
                _put(whole, at, self._sample(at))
            if self._older.is_valid(whole):
                return self._shrunk(whole, at)
        return None

    def smallest_without(self, at: str) -> Json | None:
        """A smallest valid request of the older contract that lacks the field ``at``, or None where it always has it."""
        bare = (_without(body, at) for body in self._bodies)
        return next((self._shrunk(body, at) for body in bare if self._older.is_valid(body)), None)

    def _sample(self, at: str) -> Json:
        """A value of the field with all that it has to hold."""
        value = sample(self._pair.older[at])
        if isinstance(value, dict):
            held = (field for field in self._pair.older.values() if field.pointer and field.parent == at)
            return {**value, **{field.name: self._sample(field.pointer) for field in held if field.required}}
        return value

    def accepted_without(self, at: str) -> bool:
        """Whether the newer contract lets pass a request in which everything was changed but the field ``at``."""
        body = self.smallest(at)
        return body is not None and self._newer.is_valid(self.changed(body, leaving=at))

    def accepts(self, body: Json) -> bool:
        """Whether the newer contract lets this request pass."""
        return self._newer.is_valid(body)

    def changed(self, body: Json, *, leaving: str | None = None) -> Json:
        """``body`` as the newer contract wants it, but for the field ``leaving``, which stays as it was."""
        made: JsonObject = {}
        for at, fate in self._pair.fates.items():
            if not at or at == leaving or (leaving is not None and at.startswith(f"{leaving}/")):
                continue
            value = _get(body, at)
            if value is _MISSING or fate.kind != "to":
                continue
            below = [other for other in self._pair.fates if other.startswith(f"{at}/")]
            if isinstance(value, dict) and below:
                value = {name: part for name, part in value.items() if f"{at}/{name}" not in below}
            there = _get(made, fate.text)
            if isinstance(there, dict) and isinstance(value, dict):
                there.update(value)
            else:
                _put(made, fate.text, copy.deepcopy(value))
        if leaving is not None:
            above, _, name = leaving.rpartition("/")
            # what holds it has moved, and the field with it
            _put(made, f"{self._pair.target(above) or above}/{name}", copy.deepcopy(_get(body, leaving)))
        return made

    def _shrunk(self, body: Json, keep: str) -> Json:
        """``body`` with everything taken out that may be missing."""
        for at in list(_places(body, "")):
            if keep == at or keep.startswith(f"{at}/"):
                continue
            smaller = _without(body, at)
            if self._older.is_valid(smaller):
                body = smaller
        return body


def _bodies(contract: Contract, pair: Pair) -> Iterator[Json]:
    """The bodies that the templates of the contract make, one for each way to give an input."""
    for operation in contract.manifest.operations.values():
        request = operation.request
        if request is None or request.schema != pair.older_file or not isinstance(request.body, dict):
            continue
        ways = contract.manifest.inputs.get(str(request.body.get("$input")), [])
        for value in [way.value for way in ways] or [{}]:
            plain = {name: part for name, part in request.body.items() if name != "$input"}
            yield _filled({**plain, **value}, "", pair)


def _filled(node: Json, at: str, pair: Pair) -> Json:
    """A template with plain values in place of what a run fills in."""
    if isinstance(node, dict):
        if any(name.startswith("$") for name in node):
            field = pair.older.get(at)
            return "…" if field is None else sample(field)
        return {name: _filled(part, f"{at}/{name}", pair) for name, part in node.items()}
    return node


def _get(body: Json, at: str) -> Json:
    for segment in parse(at):
        if isinstance(body, list) and segment == ANY and body:
            # the elements of a list are alike: the first one stands for all
            body = body[0]
        elif isinstance(body, dict) and segment in body:
            body = body[segment]
        else:
            return _MISSING
    return body


def _put(body: Json, at: str, value: Json) -> None:
    *above, last = parse(at)
    for segment in above:
        body = _element(body) if isinstance(body, list) else body.setdefault(segment, {})
    if isinstance(body, list):
        body[:1] = [value]
    else:
        body[last] = value


def _element(body: list[Json]) -> Json:
    if not body:
        body.append({})
    return body[0]


def _without(body: Json, at: str) -> Json:
    smaller = copy.deepcopy(body)
    *above, last = parse(at)
    inner = smaller
    for segment in above:
        inner = _element(inner) if isinstance(inner, list) else inner.get(segment, {})
    if isinstance(inner, dict):
        inner.pop(last, None)
    return smaller


def _places(body: Json, at: str) -> Iterator[str]:
    """Every place of a body, the outer ones first."""
    if isinstance(body, dict):
        for name, part in body.items():
            yield f"{at}/{name}"
            yield from _places(part, f"{at}/{name}")
