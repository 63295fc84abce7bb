"""A body that was carried into the newer contract, with what is new there: documented values, until its shape accepts it."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from batchproof.contract import Contract
from batchproof.contract.examples import documented
from batchproof.contract.pointer import join, placed
from batchproof.upgrade.examples import sample
from batchproof.upgrade.fields import ANY, Field, fields
from batchproof.upgrade.todo.carrying import Described
from batchproof.upgrade.todo.places import found

Path = tuple[str | int, ...]
_MOST_STEPS = 60


class Completed(NamedTuple):
    """A body that its shape accepts. ``new`` are the places of which the value is not the program's own."""

    body: Any
    new: list[str]


class Completer:
    """Completes bodies of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._shapes: dict[str, dict[str, Field]] = {}
        self._examples: dict[str, list[Any]] = {}

    def completed(
        self, file: str, body: Any, described: Described, given: dict[str, Any] | None = None
    ) -> Completed | None:
        """``body`` of the schema ``file`` with what an answer has besides; None where that cannot be found.

        ``described`` are the fields that the older contract has, too: where the program had none, its value is null now.
        ``given`` are values of fields, by their pointers at the root, that the rest has to agree with.
        """
        self._read(file)
        roots = {at.removeprefix("/"): value for at, value in (given or {}).items()}
        own = {**body, **roots} if isinstance(body, dict) else body
        growth = _Growth(self._shapes[file], described)
        whole = max(self._examples[file], key=lambda example: _agreement(own, example), default=None)
        made = own if whole is None else growth.overlaid(own, whole, ())
        growth.new += [(name,) for name, value in roots.items() if body.get(name) != value]
        made = self._mended(file, made, growth.new)
        return None if made is None else Completed(made, _places(growth.new))

    def sendable(self, file: str, body: Any) -> Completed | None:
        """``body`` of the schema ``file`` with no more than what a request needs; None where that cannot be found."""
        self._read(file)
        new: list[Path] = []
        made = self._mended(file, body, new)
        return None if made is None else Completed(made, _places(new))

    def _read(self, file: str) -> None:
        if file not in self._shapes:
            self._shapes[file] = fields(self._contract.shapes, file)
            self._examples[file] = documented(self._contract, file)

    def _mended(self, file: str, body: Any, new: list[Path]) -> Any:
        """``body`` with other values where the schema refuses those that stand there; None where no value was found."""
        validator = self._contract.shapes.validator(file)
        errors = list(validator.iter_errors(body))
        for _ in range(_MOST_STEPS):
            if not errors:
                return body
            error = errors[0]
            missing = getattr(error.kind, "property", None)
            at: Path = (*error.instance_path, *([missing] if isinstance(missing, str) else []))
            tried = [placed(body, at, value) for value in self._candidates(file, at, error)]
            left = [(list(validator.iter_errors(one)), one) for one in tried]
            best = min(left, key=lambda one: len(one[0]), default=None)
            if best is None or len(best[0]) >= len(errors) + bool(missing):
                return None
            errors, body = best
            new.append(at)
        return None

    def _candidates(self, file: str, at: Path, error: Any) -> Iterator[Any]:
        """What may stand ``at`` a place: what the schema lists, what examples show there, null, and the plainest value."""
        if error.kind.name == "const":
            yield error.kind.expected_value
        yield from error.kind.options if error.kind.name == "enum" else ()
        place = _place(at)
        for example in self._examples[file]:
            yield from (value for _, value in found(example, place))
        yield None
        if place in self._shapes[file]:
            yield sample(self._shapes[file][place])


class _Growth:
    """What is put into a body, and where."""

    def __init__(self, shape: dict[str, Field], described: Described) -> None:
        self._shape = shape
        self._described = described
        self.new: list[Path] = []

    def overlaid(self, own: Any, example: Any, at: Path) -> Any:
        """``own`` with what else ``example`` shows of described fields, in the order of the latter."""
        if isinstance(own, list) and isinstance(example, list) and example:
            return [self.overlaid(one, example[0], (*at, number)) for number, one in enumerate(own)]
        if (
            not isinstance(own, dict)
            or not isinstance(example, dict)
            or _place(at) in self._described.partial
        ):
            return own
        made = {}
        for name, value in example.items():
            here = (*at, name)
            field = self._shape.get(_place(here))
            if name in own:
                made[name] = self.overlaid(own[name], value, here)
            elif field is not None:
                known = field.pointer in self._described.kept
                made[name] = None if known and field.nullable else copy.deepcopy(value)
                self.new.append(here)
        return {**made, **{name: value for name, value in own.items() if name not in made}}


def _agreement(own: Any, example: Any) -> int:
    """In how many plain values two bodies agree, less those in which they do not."""
    if isinstance(own, dict) and isinstance(example, dict):
        return sum(_agreement(own[name], example[name]) for name in own if name in example)
    if isinstance(own, list) and isinstance(example, list):
        return _agreement(own[0], example[0]) if own and example else 0
    if isinstance(own, dict | list) or isinstance(example, dict | list):
        return -1
    return 1 if own == example else -1


def _place(at: Path) -> str:
    return join([ANY if isinstance(segment, int) else segment for segment in at])


def _places(new: Sequence[Path]) -> list[str]:
    """Each place once, the elements of a list together, and nothing below another one."""
    places = list(dict.fromkeys(map(_place, new)))
    return [one for one in places if not any(one.startswith(f"{other}/") for other in places)]
