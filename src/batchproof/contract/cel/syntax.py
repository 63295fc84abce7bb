"""The syntax of CEL: from text to a tree (CEL specification, section Syntax)."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

_LARGEST = 2**63
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n\f]+)
    |(?P<number>[0-9]+(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)?(?![A-Za-z0-9_]))
    |(?P<text>(?:[rR])?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(
    r"\\(?:(?P<plain>[abfnrtv\\?\"'`])|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<U>[0-9a-fA-F]{8})|(?P<octal>[0-3][0-7]{2})|(?P<wrong>.))"
)
_PLAIN = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}
_RELATIONS = ("==", "!=", "<=", ">=", "<", ">", "in")
MACROS = ("all", "exists", "exists_one", "filter", "map")


class Literal(NamedTuple):
    """A constant: null, a boolean, a number or a text."""

    value: Any


class Name(NamedTuple):
    """A variable."""

    name: str


class Select(NamedTuple):
    """The property of an object."""

    of: "Tree"
    field: str


class Has(NamedTuple):
    """Whether an object has a property."""

    of: "Tree"
    field: str


class Index(NamedTuple):
    """An element of a list, or the property of an object."""

    of: "Tree"
    key: "Tree"


class Call(NamedTuple):
    """A function; of one that is called as ``x.f(y)``, the first argument is ``x``."""

    function: str
    arguments: "tuple[Tree, ...]"
    method: bool


class Macro(NamedTuple):
    """What goes through all elements of a list, or all keys of an object."""

    of: "Tree"
    macro: str
    variable: str
    body: "Tree"


class Unary(NamedTuple):
    """``!`` or ``-``."""

    sign: str
    of: "Tree"


class Binary(NamedTuple):
    """Two sides and the sign between them."""

    sign: str
    left: "Tree"
    right: "Tree"


class Conditional(NamedTuple):
    """``condition ? yes : no``."""

    condition: "Tree"
    yes: "Tree"
    no: "Tree"


class Elements(NamedTuple):
    """A list that is written out."""

    items: "tuple[Tree, ...]"


class Members(NamedTuple):
    """An object that is written out; its keys are texts or integers."""

    items: "tuple[tuple[str | int, Tree], ...]"


Tree: TypeAlias = (
    Literal | Name | Select | Has | Index | Call | Macro | Unary | Binary | Conditional | Elements | Members
)


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(source: str) -> Tree:
    """The tree of an expression. Raises ``ValueError``, which names the column, when it is not CEL."""
    parser = _Parser(list(_tokens(source)))
    try:
        tree = parser.expression()
    except RecursionError as error:
        raise ValueError("is nested too deep") from error
    parser.take("end")
    return tree


def _tokens(source: str) -> Iterator[_Token]:
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            raise ValueError(f"column {at + 1}: {source[at]!r} has no place here")
        kind = found.lastgroup or ""
        if kind != "space":
            yield _Token(kind, found.group(), at)
        at = found.end()
    yield _Token("end", "the end", at)


class _Parser:
    """Reads by recursive descent; each method reads what binds at least as strongly as its name says."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def take(self, kind: str, text: str | None = None) -> str:
        """The text of the next token, which is of this kind. Raises ``ValueError`` when it is another."""
        token = self._next
        if token.kind != kind or text not in (None, token.text):
            raise ValueError(f"column {token.at + 1}: {token.text!r} where {text or kind!r} is expected")
        self._at += 1
        return token.text

    def _found(self, *texts: str) -> str | None:
        """The next token, taken, where it is one of these signs or words."""
        token = self._next
        if token.kind in ("sign", "name") and token.text in texts:
            self._at += 1
            return token.text
        return None

    def expression(self) -> Tree:
        condition = self._either()
        if self._found("?") is None:
            return condition
        yes = self._either()
        self.take("sign", ":")
        return Conditional(condition, yes, self.expression())

    def _either(self) -> Tree:
        return self._joined(self._both, "||")

    def _both(self) -> Tree:
        return self._joined(self._relation, "&&")

    def _relation(self) -> Tree:
        return self._joined(self._sum, *_RELATIONS)

    def _sum(self) -> Tree:
        return self._joined(self._product, "+", "-")

    def _product(self) -> Tree:
        return self._joined(self._unary, "*", "/", "%")

    def _joined(self, side: Callable[[], Tree], *signs: str) -> Tree:
        tree = side()
        while (sign := self._found(*signs)) is not None:
            tree = Binary(sign, tree, side())
        return tree

    def _unary(self) -> Tree:
        sign = self._found("!", "-")
        if sign is None:
            return self._member()
        if sign == "-" and self._next.kind == "number":
            return self._after(_number("-" + self.take("number")))
        return Unary(sign, self._unary())

    def _member(self) -> Tree:
        return self._after(self._primary())

    def _after(self, tree: Tree) -> Tree:
        while (sign := self._found(".", "[")) is not None:
            if sign == "[":
                tree = Index(tree, self.expression())
                self.take("sign", "]")
                continue
            name = self.take("name")
            tree = Select(tree, name) if self._found("(") is None else self._called(tree, name)
        return tree

    def _called(self, of: Tree, name: str) -> Tree:
        arguments = self._listed(self.expression, ")")
        if name not in MACROS:
            return Call(name, (of, *arguments), method=True)
        if len(arguments) != 2 or not isinstance(arguments[0], Name):
            raise ValueError(f"{name}() takes a variable and an expression")
        return Macro(of, name, arguments[0].name, arguments[1])

    def _primary(self) -> Tree:
        token = self._next
        if token.kind == "number":
            return _number(self.take("number"))
        if token.kind == "text":
            return Literal(_text(self.take("text")))
        if token.kind == "name":
            return self._named(self.take("name"))
        if self._found("(") is not None:
            tree = self.expression()
            self.take("sign", ")")
            return tree
        if self._found("[") is not None:
            return Elements(tuple(self._listed(self.expression, "]")))
        if self._found("{") is not None:
            return Members(tuple(self._listed(self._entry, "}")))
        raise ValueError(f"column {token.at + 1}: {token.text!r} has no place here")

    def _named(self, name: str) -> Tree:
        if name in _CONSTANTS:
            return Literal(_CONSTANTS[name])
        if name == "in":
            raise ValueError("'in' is no name")
        if self._found("(") is None:
            return Name(name)
        arguments = self._listed(self.expression, ")")
        if name != "has":
            return Call(name, tuple(arguments), method=False)
        if len(arguments) != 1 or not isinstance(arguments[0], Select):
            raise ValueError("has() takes the property of an object, such as has(self.id)")
        return Has(*arguments[0])

    def _entry(self) -> tuple[str | int, Tree]:
        at, key = self._next.at, self._unary()
        if not isinstance(key, Literal) or type(key.value) not in (str, int):
            raise ValueError(f"column {at + 1}: a key is a text or an integer")
        self.take("sign", ":")
        return key.value, self.expression()

    def _listed(self, item: Callable[[], Any], end: str) -> list[Any]:
        """What stands between commas up to ``end``; lists and objects may end with a comma."""
        found: list[Any] = []
        while self._found(end) is None:
            if found:
                self.take("sign", ",")
                if end != ")" and self._found(end) is not None:
                    break
            found.append(item())
        return found


def _number(text: str) -> Literal:
    if not text.lstrip("-").isdigit():
        return Literal(float(text))
    number = int(text)
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError(f"{text} is larger than 64 bits hold")
    return Literal(number)


def _text(token: str) -> str:
    if token[0] in "rR":
        return token[2:-1]
    return _ESCAPE.sub(_unescaped, token[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    text = found[kind]
    if kind == "wrong":
        raise ValueError(f"\\{text} is no escape")
    if kind == "plain":
        return _PLAIN.get(text, text)
    return chr(int(text, 8 if kind == "octal" else 16))
