"""Forms of expressions: what a part of a rule is for, whatever the values are."""

from collections.abc import Iterator

from batchproof.contract.cel import syntax
from batchproof.contract.cel.syntax import Tree
from batchproof.judging.words.values import place


def sides_of(tree: Tree, sign: str) -> list[Tree]:
    """The parts that ``sign`` joins at the top of ``tree``."""
    if isinstance(tree, syntax.Binary) and tree.sign == sign:
        return [*sides_of(tree.left, sign), *sides_of(tree.right, sign)]
    return [tree]


def is_guard(tree: Tree) -> bool:
    """Whether a side only asks whether there is something to look at."""
    match tree:
        case syntax.Unary("!", of):
            return is_guard(of)
        case syntax.Has():
            return True
        case syntax.Binary("==" | "!=", _, syntax.Literal(None)):
            return True
    return False


def looks_compared(tree: Tree) -> tuple[Tree, Tree] | None:
    """The two sides of what may be a comparison of two looks."""
    match tree:
        case syntax.Binary("<" | "<=", syntax.Binary("-", left, right), syntax.Literal()):
            return left, right
        case syntax.Binary("==" | ">=" | "<=", left, right):
            return left, right
        case syntax.Call("same_moment" | "not_before", (left, right), _):
            return left, right
        case syntax.Unary("!", syntax.Call("same_moment", (left, right), _)):
            return left, right
    return None


def is_case(tree: Tree) -> bool:
    """Whether a side of an alternative excepts cases: it asks for another value than theirs."""
    match tree:
        case syntax.Binary("!=", _, syntax.Literal()):
            return True
        case syntax.Unary("!", syntax.Binary(sign)):
            return sign in ("==", "in")
        case syntax.Unary("!", of):
            return not isinstance(of, syntax.Macro)
    return False


def is_exception(tree: Tree) -> bool:
    """Whether a side of an alternative excepts what takes more words than there is room for."""
    return isinstance(tree, syntax.Unary) and tree.sign == "!" and not is_case(tree)


def sized_by(tree: Tree) -> Tree | None:
    """What ``tree`` is the size of."""
    match tree:
        case syntax.Call("size", (of,), _):
            return of
    return None


def fields_of(tree: Tree, variable: str) -> str | None:
    """The property of the variable of a macro that ``tree`` is; empty for the variable itself."""
    match tree:
        case syntax.Name(name) if name == variable:
            return ""
        case syntax.Select(of, field):
            above = fields_of(of, variable)
            return None if above is None else place([above, field]) if above else field
    return None


def places_in(tree: Tree) -> Iterator[Tree]:
    """All that an expression names, in order."""
    match tree:
        case syntax.Name() | syntax.Select() | syntax.Index():
            yield tree
        case syntax.Call(_, arguments, _):
            for argument in arguments:
                yield from places_in(argument)
        case syntax.Binary(_, left, right):
            yield from places_in(left)
            yield from places_in(right)
        case syntax.Unary(_, of) | syntax.Macro(of):
            yield from places_in(of)
