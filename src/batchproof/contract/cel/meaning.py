"""What a tree of CEL means: a function of the values of its variables, put together once from those of its parts."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeAlias

from batchproof.contract.cel import syntax, values
from batchproof.contract.cel.functions import METHODS, PLAIN
from batchproof.contract.cel.syntax import Tree
from batchproof.contract.cel.values import NotEvaluable, kind

# macros put their variable in, and take it out again
Environment: TypeAlias = dict[str, Any]
Meaning: TypeAlias = Callable[[Environment], Any]

_ABSENT = object()
_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "==": values.equal,
    "!=": lambda one, other: not values.equal(one, other),
    "<": values.less,
    "<=": values.at_most,
    ">": lambda one, other: values.less(other, one),
    ">=": lambda one, other: values.at_most(other, one),
    "in": values.among,
    "+": values.plus,
    "-": values.minus,
    "*": values.times,
    "/": values.divided,
    "%": values.remainder,
}


def meaning_of(tree: Tree) -> Meaning:
    """The function that evaluates ``tree``, and raises ``NotEvaluable``. Raises ``ValueError`` for an unknown function."""
    match tree:
        case syntax.Literal(value):
            return lambda _: value
        case syntax.Name(name):
            return partial(_name, name)
        case syntax.Select(syntax.Name(name), field):
            return _property(name, field, _select(partial(_name, name), field))
        case syntax.Select(of, field):
            return _select(meaning_of(of), field)
        case syntax.Has(of, field):
            return _has(meaning_of(of), field)
        case syntax.Index(of, key):
            return _index(meaning_of(of), meaning_of(key))
        case syntax.Call():
            return _call(tree)
        case syntax.Macro(of, macro, variable, body):
            return partial(_through, _MACROS[macro], meaning_of(of), variable, meaning_of(body))
        case syntax.Unary("!", of):
            inner = meaning_of(of)
            return lambda environment: not _truth(inner(environment))
        case syntax.Unary(_, of):
            inner = meaning_of(of)
            return lambda environment: values.negative(inner(environment))
        case syntax.Binary("&&", left, right):
            return _joined(meaning_of(left), meaning_of(right), decides=False)
        case syntax.Binary("||", left, right):
            return _joined(meaning_of(left), meaning_of(right), decides=True)
        case syntax.Binary():
            return _binary(tree)
        case syntax.Conditional(condition, yes, no):
            return _conditional(*map(meaning_of, (condition, yes, no)))
        case syntax.Elements(items):
            elements = list(map(meaning_of, items))
            return lambda environment: [element(environment) for element in elements]
        case syntax.Members(items):
            members = {key: meaning_of(item) for key, item in items}
            return lambda environment: {key: member(environment) for key, member in members.items()}


def conjuncts(tree: Tree) -> list[Tree]:
    """The parts that ``&&`` joins at the top of ``tree``: it is true where all of them are, whichever is asked first."""
    if isinstance(tree, syntax.Binary) and tree.sign == "&&":
        return [*conjuncts(tree.left), *conjuncts(tree.right)]
    return [tree]


def free_names(tree: Tree) -> frozenset[str]:
    """The variables that ``tree`` takes from outside."""
    match tree:
        case syntax.Name(name):
            return frozenset({name})
        case syntax.Macro(of, _, variable, body):
            return free_names(of) | (free_names(body) - {variable})
        case syntax.Members(items):
            return _together(item for _, item in items)
        case syntax.Elements(items):
            return _together(items)
        case syntax.Call(_, arguments, _):
            return _together(arguments)
    return _together(part for part in tree if isinstance(part, tuple))


def _together(trees: Iterable[Any]) -> frozenset[str]:
    return frozenset().union(*map(free_names, trees))


def _name(name: str, environment: Environment) -> Any:
    try:
        return environment[name]
    except KeyError:
        raise NotEvaluable(f"there is no {name}") from None


def _select(of: Meaning, field: str) -> Meaning:
    def run(environment: Environment) -> Any:
        try:
            return of(environment)[field]
        except KeyError:
            raise NotEvaluable(repr(field)) from None
        except TypeError:
            raise NotEvaluable(f"{field} of what is no object") from None

    return run


def _property(name: str, field: str, otherwise: Meaning) -> Meaning:
    """The property of a variable, which is most of what invariants ask for; ``otherwise`` says why there is none."""

    def run(environment: Environment) -> Any:
        try:
            return environment[name][field]
        except (KeyError, TypeError):
            return otherwise(environment)

    return run


def _has(of: Meaning, field: str) -> Meaning:
    def run(environment: Environment) -> bool:
        value = of(environment)
        if not isinstance(value, dict):
            raise NotEvaluable(f"{kind(value)} has no properties")
        return field in value

    return run


def _index(of: Meaning, key: Meaning) -> Meaning:
    def run(environment: Environment) -> Any:
        value, at = of(environment), key(environment)
        if isinstance(value, dict) and values.is_key(at) and at in value:
            return value[at]
        if isinstance(value, list) and type(at) is int and 0 <= at < len(value):
            return value[at]
        raise NotEvaluable(f"{kind(value)} has no element {at!r}")

    return run


def _call(tree: syntax.Call) -> Meaning:
    among = METHODS if tree.method else PLAIN
    if tree.function not in among:
        raise ValueError(f"calls {tree.function}(), which is none of: {', '.join(sorted(among))}")
    count, function = among[tree.function]
    if len(tree.arguments) != count:
        raise ValueError(f"calls {tree.function}() with {len(tree.arguments)} arguments instead of {count}")
    one, *others = map(meaning_of, tree.arguments)
    if not others and isinstance(tree.arguments[0], syntax.Literal):
        return _constant(function, tree.arguments[0].value)
    if not others:
        return lambda environment: function(one(environment))
    other = others[0]
    return lambda environment: function(one(environment), other(environment))


def _constant(function: Callable[[Any], Any], argument: Any) -> Meaning:
    """A function of a constant is asked once."""
    try:
        value = function(argument)
    except NotEvaluable:
        return lambda _: function(argument)
    return lambda _: value


def _truth(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise NotEvaluable(f"yields {kind(value)}, not a boolean")


def _joined(left: Meaning, right: Meaning, *, decides: bool) -> Meaning:
    """``&&``, which false ``decides``, or ``||``, which true decides: the other side may then be anything."""

    def run(environment: Environment) -> bool:
        try:
            first: object = left(environment)
        except NotEvaluable:
            other: object = right(environment)
            if other is decides:
                return decides
            raise
        if first is decides:
            return decides
        second: object = right(environment)
        if second is decides:
            return decides
        _truth(first)
        _truth(second)
        return not decides

    return run


def _binary(tree: syntax.Binary) -> Meaning:
    left, right = meaning_of(tree.left), meaning_of(tree.right)
    if tree.sign == "in" and isinstance(tree.right, syntax.Elements):
        texts = [item.value for item in tree.right.items if isinstance(item, syntax.Literal)]
        if len(texts) == len(tree.right.items) and all(isinstance(text, str) for text in texts):
            return _among_texts(left, frozenset(texts))
    if tree.sign in ("==", "!=") and isinstance(tree.right, syntax.Literal):
        return _compared(left, tree.right.value, equal=tree.sign == "==")
    operator = _BINARY[tree.sign]
    return lambda environment: operator(left(environment), right(environment))


def _among_texts(left: Meaning, texts: frozenset[str]) -> Meaning:
    def run(environment: Environment) -> bool:
        value = left(environment)
        return isinstance(value, str) and value in texts

    return run


def _compared(left: Meaning, constant: Any, *, equal: bool) -> Meaning:
    """Most comparisons are with a constant, and cheap."""
    if constant is None or isinstance(constant, bool):
        return (
            (lambda environment: left(environment) is constant)
            if equal
            else (lambda environment: left(environment) is not constant)
        )
    if isinstance(constant, str):
        return (
            (lambda environment: bool(left(environment) == constant))
            if equal
            else (lambda environment: bool(left(environment) != constant))
        )
    return lambda environment: values.equal(left(environment), constant) is equal


def _conditional(condition: Meaning, yes: Meaning, no: Meaning) -> Meaning:
    return lambda environment: (yes if _truth(condition(environment)) else no)(environment)


def _through(
    macro: Callable[[Iterable[tuple[Any, Any]]], Any],
    of: Meaning,
    variable: str,
    body: Meaning,
    environment: Environment,
) -> Any:
    elements = of(environment)
    if not isinstance(elements, list | dict):
        raise NotEvaluable(f"{kind(elements)} has no elements")
    outer = environment.get(variable, _ABSENT)

    def found() -> Iterable[tuple[Any, Any]]:
        for element in elements:
            environment[variable] = element
            yield element, body(environment)

    try:
        return macro(found())
    finally:
        if outer is _ABSENT:
            environment.pop(variable, None)
        else:
            environment[variable] = outer


_MACROS: Mapping[str, Callable[[Iterable[tuple[Any, Any]]], Any]] = {
    "all": lambda found: all(_truth(value) for _, value in found),
    "exists": lambda found: any(_truth(value) for _, value in found),
    "exists_one": lambda found: sum(_truth(value) for _, value in found) == 1,
    "filter": lambda found: [element for element, value in found if _truth(value)],
    "map": lambda found: [value for _, value in found],
}
