"""Our CEL and a library's: the same values, and the same expressions that cannot be evaluated."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import cel as library
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchproof.contract import cel, installed_contracts, load_contract

NOTHING = "cannot be evaluated"
VALUES: dict[str, Any] = {
    "n": None,
    "t": True,
    "f": False,
    "i": 1,
    "z": 0,
    "neg": -7,
    "big": 2**63 - 1,
    "d": 1.0,
    "half": 1.5,
    "s": "abc",
    "e": "",
    "digits": "1",
    "l": [1, 2, "a", None],
    "le": [],
    "m": {"a": 1, "b": None, "n": {"x": 1.0, "y": [True]}},
    "me": {},
    "rows": [{"id": "one", "n": 1}, {"id": "two"}, {"id": "one", "n": None}],
    "at": datetime(2026, 1, 1, tzinfo=UTC),
    "text": "2026-01-01T00:00:00Z",
}
SOURCES = """
i == d; i == t; t == 1; z == f; d == half; i < half; half > i; i == 's'; n == n; n == i; n < i; s < 'abd'; s < i; t < f; l < l
l == [1, 2, 'a', null]; l == [1.0, 2, 'a', null]; m == {'a': 1, 'b': null, 'n': {'x': 1, 'y': [true]}}; me == {}; [] == le
[t] == [1]; [n] == [null]; m.n == {'x': 1, 'y': [1]}; 1 < 2 == true; !t == f
i + i; i + d; d + d; s + 's'; l + [3]; s + i; m + m; n + n; i - d; big + 1; i - big - 3; i * 3; big * 2; i / 0; 7 / 2; neg / 2
neg % 4; 7 % 0; 7 % neg; 2 - 1 - 1; 2 + 3 * 4; -i; -d; -s; -i + 2; - 1; -9223372036854775808
!t; !i; !n; t && i; f && i; i && f; f || m.zz == 1; m.zz == 1 || t; t || m.zz == 1; m.zz == 1 && f; f && m.zz == 1; m.zz == 1 && t
i || t; i || f; t && f || t; unknown == 1 || t; unknown == 1
t ? 1 : m.zz; n ? 1 : 2; t ? f : t ? 1 : 2; i == 1 ? 'a' : 'b'
i in l; 'a' in l; 1.0 in l; t in l; 'a' in m; 1 in m; 'b' in s; n in l; 'x' in n; s in ['abc']; i in [d]; 1 in [true]; i in ['a']; m in ['a']
m.a; m.b; m.zz; m['a']; m['zz']; l[0]; l[9]; l[-1]; l[1.0]; s[0]; n.a; s.a; i.a; l.a; {'a': 1}.a; {'a': 1}['a']; {400: 'Bad'}[400]; {400: 'Bad'}[i]
{'a': 1, 'b': m.zz}['a']; [1, m.zz][0]
has(m.a); has(m.b); has(m.zz); has(n.a); has(s.a); has(m.n.x); has(m.b.x); has(m.zz.x); has(l.a)
size(s); size(l); size(m); size(n); size(i); s.size(); l.size(); m.size(); size(s + 's')
l.all(x, x != 1); l.exists(x, x == 1); l.exists(x, x > 5); [1, 'a'].all(x, x > 5); ['a', 1].all(x, x > 5); [7, 'a'].exists(x, x > 5)
['a', 7].exists(x, x > 5); le.all(x, x); le.exists(x, x); l.exists_one(x, x == 1); [1, 1].exists_one(x, x == 1); ['a', 7].exists_one(x, x > 5)
m.all(k, k != 'z'); m.exists(k, k == 'a'); n.all(x, true); s.all(x, true); i.exists(x, true); l.map(x, x); size(m.map(k, k)); l.filter(x, x == 1)
['a', 7].filter(x, x > 5); [1, 2].all(x, x); m.all(k, m[k] == 1); l.exists(i, i == 2) && i == 1
rows.all(r, has(r.n)); rows.exists(r, has(r.n) && r.n == 1); rows.all(r, rows.exists_one(o, o.id == r.id)); rows.filter(r, r.id == 'one')
s.startsWith('a'); s.endsWith('c'); s.contains('b'); n.startsWith('a'); i.contains(1); l.contains('a'); s.contains(1); s.matches('b'); s.matches('^b')
s.matches('['); 'a\\n'.matches('a$'); 'a$'.matches('[$]$'); '12'.matches('^[0-9]{2}$')
int(digits); int('1.5'); int(half); int(-1.5); int(s); int(t); int(n); int(i); int(1e300); int(' 1'); int('+1'); int('1_0'); int('9223372036854775808')
double(digits); double('1.5'); double(i); double(s); double(t); double(n); double('1e5'); double(' 1'); double('1_0')
type(i); type(i) == type(1); type(i) == type(d); type(s) == type(''); type(n) == type(null); type(m) == type({'a': 1}); type(t) == type(f)
timestamp(text); timestamp('2026-01-01'); timestamp(s); timestamp(i); timestamp(n); timestamp(at); timestamp('2026-01-01T00:00:00.5+01:00')
at + duration('1h'); at - duration('1h30m'); at - at; at - timestamp('2025-01-01T00:00:00Z') > duration('1h'); duration('1.5s'); duration('x')
duration('-1h'); duration('1h') + duration('1h'); duration('2h') - duration('1h'); at < timestamp('2027-01-01T00:00:00Z'); at == at; at > 1; at == 1
at == timestamp(text); at.getHours(); at.getMinutes(); s.getHours()
"a\\"b"; 'a' + "b"; r'\\d'; '\\x41'; '\\u00e9'; 1e3; -1.5; null; true
"""
KNOWN = tuple(source.strip() for line in SOURCES.strip().splitlines() for source in line.split("; "))


def ours(source: str, values: Mapping[str, Any]) -> Any:
    try:
        return cel.meaning_of(cel.parse(source))(dict(values))
    except cel.NotEvaluable:
        return NOTHING


def theirs(source: str, values: Mapping[str, Any]) -> Any:
    try:
        return library.compile(source).execute(library.Context(variables=dict(values)))
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
        return NOTHING


def exact(value: Any) -> Any:
    """A value with its type; the order of properties and the offset of a time say nothing."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    return type(value).__name__, repr(value.astimezone(UTC) if isinstance(value, datetime) else value)


@pytest.mark.parametrize("source", KNOWN)
def test_an_expression_yields_what_the_library_yields(source: str) -> None:
    assert exact(ours(source, VALUES)) == exact(theirs(source, VALUES))


NAMES = st.sampled_from(["n", "t", "f", "i", "z", "d", "half", "s", "e", "l", "le", "m", "me", "rows", "x"])
LITERALS = st.sampled_from(
    ["null", "true", "false", "0", "1", "-2", "1.5", "'abc'", "''", "[]", "[1, 'a']", "{}"]
)
TEMPLATES = st.sampled_from(
    [
        "({0} == {1})", "({0} != {1})", "({0} < {1})", "({0} >= {1})", "({0} in {1})", "(1 + {0})", "('a' + {0})", "({0} - {1})",
        "({0} && {1})", "({0} || {1})", "(!{0})", "({0} ? {1} : {2})", "has({0}.a)", "{0}.n", "{0}[{1}]", "size({0})",
        "[{0}, {1}]", "{{'a': {0}}}", "{0}.all(x, {1})", "{0}.exists(x, {1})", "{0}.exists_one(x, {1})", "{0}.filter(x, {1})",
        "{0}.startsWith({1})", "int({0})", "double({0})", "type({0})",
    ]
)  # fmt: skip
EXPRESSIONS = st.recursive(
    NAMES | LITERALS,
    lambda inner: st.builds(lambda template, *parts: template.format(*parts), TEMPLATES, inner, inner, inner),
    max_leaves=12,
)


@pytest.mark.slow
@given(EXPRESSIONS)
@settings(max_examples=1500)
def test_any_expression_yields_what_the_library_yields(source: str) -> None:
    assert exact(ours(source, VALUES)) == exact(theirs(source, VALUES))


def test_the_names_of_every_invariant_are_those_that_the_library_finds() -> None:
    for name in installed_contracts():
        for compiled in load_contract(name).invariants:
            for side in (compiled.when, compiled.rule):
                if side is not None:
                    found = set(library.compile(side.source).variables())
                    assert side.variables <= found
                    assert found - side.variables == found & bound(cel.parse(side.source))


def bound(tree: Any) -> set[str]:
    """The variables that macros bring."""
    own = {tree.variable} if isinstance(tree, cel.Macro) else set()
    return own.union(*(bound(part) for part in tree if isinstance(part, tuple)))


@pytest.mark.parametrize(
    ("source", "described"),
    [
        ("self.", "column 6: 'the end' where 'name' is expected"),
        ("a === b", "column 5: '=' has no place here"),
        ("(a", "column 3: 'the end' where ')' is expected"),
        ("a b", "column 3: 'b' where 'end' is expected"),
        ("a == 'b", "column 6: \"'\" has no place here"),
        ("'\\d'", "\\d is no escape"),
        ("9223372036854775808", "9223372036854775808 is larger than 64 bits hold"),
        ("has(a)", "has() takes the property of an object, such as has(self.id)"),
        ("l.all(x)", "all() takes a variable and an expression"),
        ("{a: 1}", "column 2: a key is a text or an integer"),
        ("sizes(a)", "calls sizes(), which is none of: double, duration, int, moment, not_before, same_moment, size, timestamp, type"),
        ("a.starts('b')", "calls starts(), which is none of: contains, endsWith, getHours, getMinutes, matches, size, startsWith"),
        ("size(a, b)", "calls size() with 2 arguments instead of 1"),
        ("(" * 3000, "is nested too deep"),
    ],
)  # fmt: skip
def test_what_is_not_cel_is_refused(source: str, described: str) -> None:
    with pytest.raises(ValueError) as raised:
        cel.meaning_of(cel.parse(source))
    assert str(raised.value) == described


def test_letters_are_counted_and_not_bytes() -> None:
    assert ours("size(s)", {"s": "é€😀"}) == 3


def test_a_macro_leaves_the_variables_as_they_were() -> None:
    values = {"l": [1, 2], "x": "outer"}
    assert cel.meaning_of(cel.parse("l.all(x, x > 0) && x == 'outer'"))(values) is True
    assert cel.meaning_of(cel.parse("l.exists(y, y.a)"))
    assert values == {"l": [1, 2], "x": "outer"}
