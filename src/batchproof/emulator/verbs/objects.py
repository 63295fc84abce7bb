"""Verbs that change objects of a kind, just after they were built."""

from collections import Counter
from copy import deepcopy
from typing import Any, Literal

from batchproof.emulator.behaviour import ANY, Behaviour, ObjectHook
from batchproof.emulator.exchange import Call, JsonObject

from .base import OneOrMore, Verb, several
from .shown import Shown

_SECOND = 1000
_HOUR = 60 * 60 * _SECOND
_DAY = 24 * _HOUR


class ObjectVerb(Verb, frozen=True, kw_only=True):
    """Changes the objects of some kinds, in the answers of some operations or of all.

    It begins with a certain look at a record (of those that fit); what happens `once` happens to no record again.
    """

    of: OneOrMore
    within: OneOrMore = ANY
    from_look: int = 1
    once: bool = False

    def plant(self, behaviour: Behaviour) -> None:
        """Let every object of the kinds be changed."""
        for kind in several(self.of):
            behaviour.on_object(kind, self._hook(behaviour), several(self.within))

    def change(self, shown: Shown) -> None:
        """Change one object in place."""
        raise NotImplementedError

    def _hook(self, behaviour: Behaviour) -> ObjectHook:
        looks: Counter[str] = Counter()
        done: set[str] = set()

        def hook(body: JsonObject, record: Any, call: Call) -> None:
            shown = Shown(body, record, call, behaviour.timestamp)
            if not self.fits(shown):
                return
            if self.from_look > 1:
                looks[record.id] += 1
                if looks[record.id] < self.from_look:
                    return
            if self.once:
                if record.id in done:
                    return
                done.add(record.id)
            self.change(shown)

        return hook


class Put(ObjectVerb, frozen=True, kw_only=True):
    """Members have these values."""

    values: JsonObject

    def change(self, shown: Shown) -> None:
        """Overwrite them, or add them."""
        for path, value in self.values.items():
            shown.put(path, deepcopy(value))


class Replace(ObjectVerb, frozen=True, kw_only=True):
    """Members that are there have these values, even where they were null."""

    values: JsonObject

    def change(self, shown: Shown) -> None:
        """Overwrite them."""
        shown.body.update(deepcopy({key: value for key, value in self.values.items() if key in shown.body}))


class Fill(ObjectVerb, frozen=True, kw_only=True):
    """Members that are not there have these values."""

    values: JsonObject

    def change(self, shown: Shown) -> None:
        """Add them."""
        shown.body.update(
            deepcopy({key: value for key, value in self.values.items() if key not in shown.body})
        )


class Drop(ObjectVerb, frozen=True, kw_only=True):
    """Members are missing."""

    keys: OneOrMore

    def change(self, shown: Shown) -> None:
        """Take them away."""
        for path in several(self.keys):
            shown.drop(path)


class Merge(ObjectVerb, frozen=True, kw_only=True):
    """The objects at some paths have these members, too, unless they are null; they are copied, since they may be shared."""

    at: OneOrMore
    values: JsonObject

    def change(self, shown: Shown) -> None:
        """Put fuller copies in their places."""
        for path in several(self.at):
            found = shown.at(path)
            if found is not None:
                shown.put(path, found | deepcopy(self.values))


class PutEach(ObjectVerb, frozen=True, kw_only=True):
    """In the map that a member is, every key has this value; where the member is null, the map is empty."""

    key: str
    value: Any

    def change(self, shown: Shown) -> None:
        """Put a map of the same keys in its place, if it is there."""
        if self.key in shown.body:
            shown.put(self.key, {name: deepcopy(self.value) for name in shown.body[self.key] or {}})


class Copy(ObjectVerb, frozen=True, kw_only=True):
    """Members have the values that stand at other paths; of several paths, that of the first that is not null."""

    values: dict[str, OneOrMore]

    def change(self, shown: Shown) -> None:
        """Overwrite them, or add them."""
        for path, sources in self.values.items():
            shown.put(path, shown.first(several(sources)))


class Add(ObjectVerb, frozen=True, kw_only=True):
    """Numbers are larger by so much."""

    values: dict[str, int | float]

    def change(self, shown: Shown) -> None:
        """Overwrite them."""
        for path, more in self.values.items():
            shown.put(path, shown.at(path) + more)


class Multiply(ObjectVerb, frozen=True, kw_only=True):
    """Numbers that are there are so many times as large."""

    values: dict[str, int | float]

    def change(self, shown: Shown) -> None:
        """Overwrite them."""
        for path, factor in self.values.items():
            if shown.at(path) is not None:
                shown.put(path, shown.at(path) * factor)


class Respell(ObjectVerb, frozen=True, kw_only=True):
    """Members are texts: what they were, without a prefix, in the place of `%s`, in another case."""

    keys: OneOrMore
    form: str = "%s"
    without: str = ""
    case: Literal["as it is", "lower", "upper"] = "as it is"

    def change(self, shown: Shown) -> None:
        """Overwrite them."""
        for path in several(self.keys):
            text = self.form % str(shown.at(path)).removeprefix(self.without)
            shown.put(path, text if self.case == "as it is" else getattr(text, self.case)())


class Lengthen(ObjectVerb, frozen=True, kw_only=True):
    """A text is longer by so many characters."""

    key: str
    by: int

    def change(self, shown: Shown) -> None:
        """Add them."""
        shown.put(self.key, shown.at(self.key) + "x" * self.by)


class Wrap(ObjectVerb, frozen=True, kw_only=True):
    """A member stands in an array, or in an object `under` a name."""

    key: str
    under: str | None = None

    def change(self, shown: Shown) -> None:
        """Put the array or the object in its place."""
        found = shown.at(self.key)
        shown.put(self.key, [found] if self.under is None else {self.under: found})


class Pluck(ObjectVerb, frozen=True, kw_only=True):
    """In the place of each object of an array stands one of its members."""

    key: str
    member: str

    def change(self, shown: Shown) -> None:
        """Put an array of them in its place."""
        shown.put(self.key, [row[self.member] for row in shown.at(self.key)])


class Rename(ObjectVerb, frozen=True, kw_only=True):
    """Members have other names."""

    names: dict[str, str]

    def change(self, shown: Shown) -> None:
        """Move them."""
        for old, new in self.names.items():
            shown.body[new] = shown.body.pop(old)


class Moment(ObjectVerb, frozen=True, kw_only=True):
    """A member is the moment at a path, or so much later."""

    key: str
    at: str = "call.now"
    days: int = 0
    hours: int = 0
    seconds: int = 0
    ms: int = 0

    def change(self, shown: Shown) -> None:
        """Overwrite it."""
        later = self.days * _DAY + self.hours * _HOUR + self.seconds * _SECOND + self.ms
        shown.put(self.key, shown.timestamp(shown.at(self.at) + later))


class Drift(ObjectVerb, frozen=True, kw_only=True):
    """Each look at a record shows its creation as a moment so much later than the one before, never as one in the future.

    `first` is by how many steps the first look is off.
    """

    key: str
    by_ms: int
    first: int = 0

    def plant(self, behaviour: Behaviour) -> None:
        """Count the looks at each record of the kinds."""
        for kind in several(self.of):
            behaviour.on_object(kind, self._drifting(behaviour), several(self.within))

    def _drifting(self, behaviour: Behaviour) -> ObjectHook:
        looks: Counter[str] = Counter()

        def change(body: JsonObject, record: Any, call: Call) -> None:
            moment = record.created + self.by_ms * (self.first + looks[record.id])
            body[self.key] = behaviour.timestamp(min(call.now, moment))
            looks[record.id] += 1

        return change


class Turn(ObjectVerb, frozen=True, kw_only=True):
    """An array comes in another order: backwards, or with its first row as its last."""

    key: str
    into: Literal["backwards", "first last"]

    def change(self, shown: Shown) -> None:
        """Move its rows."""
        rows = shown.at(self.key)
        rows[:] = rows[::-1] if self.into == "backwards" else [*rows[1:], *rows[:1]]


class Double(ObjectVerb, frozen=True, kw_only=True):
    """The first row of an array stands there twice."""

    key: str

    def change(self, shown: Shown) -> None:
        """Put an array with it in the place of the array."""
        rows = shown.at(self.key)
        shown.put(self.key, [*rows[:1], *rows])


class Cut(ObjectVerb, frozen=True, kw_only=True):
    """An array lacks its last row, or all after so many."""

    key: str
    after: int = -1

    def change(self, shown: Shown) -> None:
        """Take the rows away."""
        del shown.at(self.key)[self.after :]


VERBS = (
    Put,
    Replace,
    Fill,
    Drop,
    Merge,
    PutEach,
    Copy,
    Add,
    Multiply,
    Respell,
    Lengthen,
    Wrap,
    Pluck,
    Rename,
    Moment,
    Drift,
    Turn,
    Double,
    Cut,
)
