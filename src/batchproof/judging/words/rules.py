"""Why a rule does not hold: the part of the expression that decides it, with the values that it looked at."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from batchproof.contract import cel
from batchproof.contract.cel import NotEvaluable, syntax
from batchproof.contract.cel.syntax import Tree
from batchproof.judging.words.places import Place, alone
from batchproof.judging.words.trees import (
    fields_of,
    is_case,
    is_exception,
    is_guard,
    looks_compared,
    places_in,
    sides_of,
    sized_by,
)
from batchproof.judging.words.values import counted, cut, described, listed, place

_ABSENT = object()
_UNNAMED = "what it amounts to"
_READS_THROUGH = frozenset({"int", "double", "moment", "timestamp"})
_FALSE = {"<=": "more than", "<": "not less than", ">=": "less than", ">": "not more than"}
_FALSE_OF_TIMES = {"<=": "later than", "<": "not before", ">=": "earlier than", ">": "not after"}
_OPPOSITE = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}
_TELLING = {
    "startsWith": "begin with",
    "endsWith": "end with",
    "contains": "contain",
    "matches": "match",
}


class Reason(NamedTuple):
    """Why a rule does not hold. ``change`` is a property with its value in the earlier and the later look."""

    text: str
    change: tuple[str, str, str] | None = None


class Explainer:
    """Explains expressions with the values of one case."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        """``variables`` are those of the invariant."""
        self._values = {
            name: list(value) if isinstance(value, tuple) else value for name, value in variables.items()
        }
        self._places: dict[str, Place] = {}

    def why_not(self, tree: Tree) -> Reason:
        """Why ``tree`` is false."""
        change = self._change(tree)
        if change is not None:
            name, before, after = change
            text = f"{name} stayed {after}" if before == after else f"{name} changed from {before} to {after}"
            return Reason(text, change)
        return Reason(self._why(tree, holds=False) or self._leaves(tree))

    def chosen(self, tree: Tree) -> str:
        """The comparisons with constants in a condition that holds."""
        described = [
            self._choice(side)
            for side in cel.conjuncts(tree)
            if isinstance(side, syntax.Binary) and not is_guard(side) and self._value(side) is True
        ]
        return " and ".join([text for text in dict.fromkeys(described) if text][:2])

    def _choice(self, tree: syntax.Binary) -> str:
        if tree.sign == "!=" and cel.free_names(tree.right):
            change = self._change(tree._replace(sign="=="))
            return "" if change is None else "{} changed from {} to {}".format(*change)
        if tree.sign not in ("==", "!=", "in") or cel.free_names(tree.right):
            return ""
        return self._stated(tree.left)

    def _value(self, tree: Tree) -> Any:
        try:
            return cel.meaning_of(tree)(dict(self._values))
        except NotEvaluable:
            return _ABSENT

    def _why(self, tree: Tree, *, holds: bool) -> str:
        """Why ``tree`` is true, or false."""
        match tree:
            case syntax.Unary("!", of):
                return self._why(of, holds=not holds)
            case syntax.Binary("&&" | "||"):
                return self._joined(tree, holds=holds)
            case syntax.Conditional(condition, yes, no):
                return self._why(yes if self._value(condition) is True else no, holds=holds)
            case syntax.Has(of, field):
                at = self._place(syntax.Select(of, field))
                return f"{at} is {'there' if holds else 'missing'}"
            case syntax.Macro():
                return self._through(tree, holds=holds)
            case syntax.Call():
                return self._called(tree, holds=holds)
            case syntax.Binary("in", left, right):
                return self._among(left, right, holds=holds)
            case syntax.Binary():
                return self._compared(tree, holds=holds)
        return f"{self._phrase(tree)} is {described(self._value(tree))}"

    def _joined(self, tree: syntax.Binary, *, holds: bool) -> str:
        sides = [side for side in sides_of(tree, tree.sign) if self._value(side) is holds]
        if (tree.sign == "&&") is not holds:
            # one side is enough
            return self._why(sides[0], holds=holds) if sides else ""
        if not sides:
            return ""
        telling = [side for side in sides if not is_guard(side)] or sides[-1:]
        if holds:
            return " and ".join(dict.fromkeys(self._why(side, holds=True) for side in telling[:2]))
        # what a rule says of some cases only: the case first, and then what is wrong with it
        cases = [side for side in telling if is_case(side)]
        telling = [side for side in telling if side in cases or not is_exception(side)] or telling[:1]
        wrong = next((side for side in telling if side not in cases), None) or cases.pop()
        where = [self._why(side, holds=False) for side in cases[:2]]
        return self._why(wrong, holds=False) + (f" where {' and '.join(where)}" if where else "")

    def _through(self, tree: syntax.Macro, *, holds: bool) -> str:
        for key, item, at in self._elements(tree):
            outer = self._values.get(tree.variable, _ABSENT), self._places.get(tree.variable)
            self._values[tree.variable], self._places[tree.variable] = item, at
            try:
                decides = self._value(tree.body)
                if tree.macro == "all" and not holds and decides is False:
                    return self._why(tree.body, holds=False) or f"{key} is not as it should be"
                if tree.macro == "exists" and holds and decides is True:
                    return self._why(tree.body, holds=True)
            finally:
                self._restore(tree.variable, *outer)
        return self._none_of(tree, holds=holds)

    def _restore(self, variable: str, value: Any, at: "Place | None") -> None:
        self._values.pop(variable, None)
        self._places.pop(variable, None)
        if value is not _ABSENT:
            self._values[variable] = value
        if at is not None:
            self._places[variable] = at

    def _elements(self, tree: syntax.Macro) -> Iterator[tuple[str, Any, Place]]:
        """The elements of a list, or the keys of an object, each with its place."""
        above = self._place(tree.of) or Place("", ())
        values = self._value(tree.of)
        if isinstance(values, dict):
            yield from ((cut(str(key)), key, Place("", (str(key),))) for key in values)
        elif isinstance(values, list):
            for index, value in enumerate(values):
                at = above._replace(segments=(*above.segments, str(index)))
                yield str(at), value, at

    def _none_of(self, tree: syntax.Macro, *, holds: bool) -> str:
        values = self._value(tree.of)
        number = len(values) if isinstance(values, list | dict) else 0
        whole = self._phrase(tree.of)
        wanted = self._wanted(tree)
        if tree.macro == "exists_one":
            fitting = sum(self._with(tree, item) is True for _, item, _ in self._elements(tree))
            return (
                f"{fitting} of the {number} in {whole} {_have(fitting)} {wanted or 'what only one may have'}"
            )
        if tree.macro == "exists" and not holds:
            closest = self._closest(tree)
            if closest:
                return closest
            of = f"none of the {number} in {whole}" if number else f"{whole} is empty, so none"
            return f"{of} has {wanted}" if wanted else f"{of} {self._fits()}"
        return f"all of the {number} in {whole} have {wanted or 'what not all may have'}"

    def _fits(self) -> str:
        at = next((str(at) for at in reversed(self._places.values()) if at.segments and at.root), "")
        return f"fits {at}" if at else "is as it should be"

    def _closest(self, tree: syntax.Macro) -> str:
        """What is wrong with the element that is nearly what a rule looks for; empty where there is none."""
        sides = cel.conjuncts(tree.body)
        best, wrong = 0, ""
        for _, item, at in self._elements(tree):
            outer = self._values.get(tree.variable, _ABSENT), self._places.get(tree.variable)
            self._values[tree.variable], self._places[tree.variable] = item, at
            try:
                right = [side for side in sides if self._value(side) is True]
                if best < len(right) < len(sides):
                    best = len(right)
                    wrong = self._why(next(side for side in sides if side not in right), holds=False)
            finally:
                self._restore(tree.variable, *outer)
        return wrong

    def _with(self, tree: syntax.Macro, item: Any) -> Any:
        outer = self._values.get(tree.variable, _ABSENT), self._places.get(tree.variable)
        self._values[tree.variable] = item
        try:
            return self._value(tree.body)
        finally:
            self._restore(tree.variable, *outer)

    def _wanted(self, tree: syntax.Macro) -> str:
        """What the body of a macro compares with something outside it: ``id ex_1 and status PROCESSED``."""
        parts = []
        either = sides_of(tree.body, "||")
        for side in either if len(either) > 1 else cel.conjuncts(tree.body):
            match side:
                case syntax.Unary("!", syntax.Has(syntax.Name(variable), field)) if variable == tree.variable:
                    parts.append(f"no {field}")
            if not isinstance(side, syntax.Binary) or side.sign not in ("==", "in"):
                continue
            inner, outer = side.left, side.right
            if tree.variable not in cel.free_names(inner):
                inner, outer = outer, inner
            value = self._value(outer)
            if tree.variable in cel.free_names(outer) or value is _ABSENT:
                continue
            name = fields_of(inner, tree.variable)
            if name is not None:
                of = (
                    " or ".join(map(described, value))
                    if side.sign == "in" and isinstance(value, list)
                    else described(value)
                )
                parts.append(f"{name} {of}".strip())
        return (" or " if len(either) > 1 else " and ").join(parts[:2])

    def _called(self, tree: syntax.Call, *, holds: bool) -> str:
        arguments = tree.arguments
        if tree.function == "not_before":
            later, earlier = arguments
            return f"{self._stated(later)}, {'not ' if holds else ''}earlier than {self._other(earlier)}"
        if tree.function == "same_moment":
            return f"{self._stated(arguments[0])}, {'as' if holds else 'not'} {self._other(arguments[1])}"
        if tree.function in _TELLING:
            value = self._value(arguments[1])
            if tree.function == "matches":
                return f"{self._stated(arguments[0])}, which {'has' if holds else 'does not have'} the documented form"
            does = "does" if holds else "does not"
            return f"{self._stated(arguments[0])}, which {does} {_TELLING[tree.function]} {described(value)}"
        return self._leaves(tree)

    def _among(self, left: Tree, right: Tree, *, holds: bool) -> str:
        value, values = self._value(left), self._value(right)
        if isinstance(left, syntax.Literal) or isinstance(values, dict):
            name = (
                cut(str(value)).replace("_", " ")
                if self._phrase(right) == alone("oddities")
                else described(value)
            )
            return f"{self._phrase(right)} has {'' if holds else 'no '}{name}"
        if holds:
            return self._stated(left)
        of = listed(values) if isinstance(values, list) else self._phrase(right)
        return f"{self._stated(left)}, which is none of {of or 'nothing'}"

    def _compared(self, tree: syntax.Binary, *, holds: bool) -> str:
        sign = tree.sign
        left, right = self._value(tree.left), self._value(tree.right)
        if sign in ("==", "!="):
            same = (sign == "==") is holds
            if (
                isinstance(left, bool)
                and isinstance(right, bool)
                and not isinstance(tree.right, syntax.Literal)
            ):
                one, other = self._why(tree.left, holds=left), self._why(tree.right, holds=right)
                return f"{one}, {'and' if same else 'but'} {other}"
            if not same:
                differing = self._difference(tree, left, right)
                if differing:
                    return differing
            if isinstance(tree.right, syntax.Literal):
                alone = same or tree.right.value is None
                return self._stated(tree.left) + ("" if alone else f", not {described(right)}")
            return f"{self._stated(tree.left)}, {'as' if same else 'not'} {self._other(tree.right)}"
        if holds:
            sign = _OPPOSITE[sign]
        words = _FALSE_OF_TIMES if isinstance(left, datetime) else _FALSE
        return f"{self._stated(tree.left)}, {words[sign]} {self._other(tree.right)}"

    def _difference(self, tree: syntax.Binary, left: Any, right: Any) -> str:
        """Where two objects or arrays differ for the first time; empty where that says no more than the whole."""
        if not isinstance(left, dict | list) or type(left) is not type(right):
            return ""
        path, one, other = _first_difference(left, right)
        at = self._place(tree.left)
        if at is None or not path:
            return ""
        name = str(at._replace(segments=(*at.segments, *path)))
        if one is _ABSENT:
            return f"{name} is missing, {self._whose(tree.right)} it is {described(other)}"
        if other is _ABSENT:
            return f"{name} is {described(one)}, {self._whose(tree.right)} it is missing"
        return f"{name} is {described(one)}, {self._whose(tree.right)} {described(other)}"

    def _whose(self, tree: Tree) -> str:
        at = self._place(tree)
        return f"in {at}" if at is not None else "elsewhere"

    def _stated(self, tree: Tree) -> str:
        """A side of a comparison with its value, as a sentence."""
        if isinstance(tree, syntax.Conditional):
            return self._stated(tree.yes if self._value(tree.condition) is True else tree.no)
        value = self._value(tree)
        if value is _ABSENT:
            return f"{self._phrase(tree)} is missing"
        sized = sized_by(tree)
        if sized is not None:
            if isinstance(sized, syntax.Macro):
                return f"{self._filtered(sized, value)}"
            if sized == syntax.Name("rows"):
                return f"the list has {counted(value, 'row')}"
            unit = "character" if isinstance(self._value(sized), str) else "element"
            return f"{self._phrase(sized)} has {counted(value, unit)}"
        if tree == syntax.Name("status"):
            return f"the answer has the status {described(value)}"
        return f"{self._phrase(tree)} is {described(value)}"

    def _other(self, tree: Tree) -> str:
        """The other side of a comparison, with its value."""
        if isinstance(tree, syntax.Conditional):
            return self._other(tree.yes if self._value(tree.condition) is True else tree.no)
        value = self._value(tree)
        if not cel.free_names(tree) or (value is not _ABSENT and self._phrase(tree) == _UNNAMED):
            return described(value)
        if value is _ABSENT:
            return self._phrase(tree)
        sized = sized_by(tree)
        if sized is not None:
            name = (
                self._filtered(sized, value)
                if isinstance(sized, syntax.Macro)
                else f"{value} in {self._phrase(sized)}"
            )
            return f"the {name}"
        return f"{self._phrase(tree)} ({described(value)})"

    def _filtered(self, tree: syntax.Macro, count: int) -> str:
        wanted = self._wanted(tree)
        return f"{count} of {self._phrase(tree.of)}" + (f" with {wanted}" if wanted else "")

    def _phrase(self, tree: Tree) -> str:
        """What an expression is called."""
        match tree:
            case syntax.Name(name) if name in self._places and self._places[name].root == "":
                return described(self._values.get(name))
            case syntax.Call(function, (of,), _) if function in _READS_THROUGH:
                return self._phrase(of)
            case syntax.Call("size", (of,), _):
                return f"the size of {self._phrase(of)}"
            case syntax.Literal(value):
                return described(value)
            case syntax.Binary("+" | "-", left, syntax.Call("duration", (syntax.Literal(time),), _)):
                return f"{time} {'after' if tree.sign == '+' else 'before'} {self._phrase(left)}"
            case syntax.Binary("+" | "-" | "*" | "/", left, right):
                return f"{self._phrase(left)} {tree.sign} {self._phrase(right)}"
        at = self._place(tree)
        return _UNNAMED if at is None else str(at)

    def _place(self, tree: Tree) -> Place | None:
        match tree:
            case syntax.Name(name):
                return self._places.get(name, Place(name, ()))
            case syntax.Select(of, field):
                above = self._place(of)
                return None if above is None else above._replace(segments=(*above.segments, field))
            case syntax.Index(of, key):
                above, value = self._place(of), self._value(key)
                known = above is not None and isinstance(value, str | int)
                return above._replace(segments=(*above.segments, str(value))) if above and known else None
            case syntax.Call(function, (of,), _) if function in _READS_THROUGH:
                return self._place(of)
        return None

    def _change(self, tree: Tree) -> tuple[str, str, str] | None:
        """The property that a rule compares in two looks, where that is what fails, with its value in both."""
        failing = next((side for side in cel.conjuncts(tree) if self._value(side) is False), None)
        if failing is None:
            return None
        sides = looks_compared(failing) or self._gone(failing)
        places = [self._place(side) for side in sides or ()]
        if sides is None or None in places or len({at.segments for at in places if at is not None}) > 1:
            return None
        by_root = {at.root: side for at, side in zip(places, sides, strict=True) if at is not None}
        if by_root.keys() != {"self", "oldSelf"}:
            return None
        old, new = (self._value(by_root[root]) for root in ("oldSelf", "self"))
        path, old, new = _first_difference(old, new)
        segments = places[0].segments if places[0] is not None else ()
        name = place((*segments, *path)) or "the object"
        return name, _or_missing(old), _or_missing(new)

    def _gone(self, tree: Tree) -> tuple[Tree, Tree] | None:
        """The property of the later look that a rule wants to be there, and that of the earlier one, where it was there."""
        match tree:
            case syntax.Has(syntax.Name("self") as of, field):
                now: Tree = syntax.Select(of, field)
            case syntax.Binary("!=", syntax.Select(syntax.Name("self"), field) as now, syntax.Literal(None)):
                pass
            case _:
                return None
        before = syntax.Select(syntax.Name("oldSelf"), field)
        return (before, now) if self._value(before) not in (_ABSENT, None) else None

    def _leaves(self, tree: Tree) -> str:
        """All places that an expression names, with their values."""
        found = dict.fromkeys(places_in(tree))
        parts = [self._stated(leaf) for leaf in found]
        return ", ".join(parts[:3])


def _or_missing(value: Any) -> str:
    return "missing" if value is _ABSENT else described(value)


def _first_difference(one: Any, other: Any) -> tuple[tuple[str, ...], Any, Any]:
    """Where two values differ for the first time, and what stands there on both sides."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(name for name in other if name not in one)]:
            left, right = one.get(name, _ABSENT), other.get(name, _ABSENT)
            if left is _ABSENT or right is _ABSENT:
                return (name,), left, right
            if not cel.equal(left, right):
                path, *found = _first_difference(left, right)
                return (name, *path), found[0], found[1]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            if not cel.equal(left, right):
                path, *found = _first_difference(left, right)
                return (str(index), *path), found[0], found[1]
    return (), one, other


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def why_not(rule: str, variables: Mapping[str, Any]) -> Reason:
    """Why ``rule``, which is false for these ``variables``, does not hold."""
    return Explainer(variables).why_not(cel.parse(rule))


def where(condition: str, variables: Mapping[str, Any]) -> str:
    """The values by which ``condition``, which holds for these ``variables``, chooses its cases; empty where it names none."""
    return Explainer(variables).chosen(cel.parse(condition))
