"""Values that tell servers apart: hand-picked ones first, then what Hypothesis makes. All of them are valid JSON.

Numbers keep to what every JSON parser can hold exactly (RFC 8259, section 6), so that an echo can be compared.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

import hypothesis
from hypothesis import strategies as st

from batchproof.drive.choosing import choosing

_LARGEST = 2**53 - 1
_MOST_BYTES = 3_000


class Labelled(NamedTuple):
    """A value and what is special about it."""

    about: str
    value: Any


TEXTS: tuple[Labelled, ...] = (
    Labelled("letters beyond ASCII", "Rechnung für Müller, Größe 5 €"),
    Labelled("Chinese and Japanese", "請求書 テスト"),
    Labelled("characters beyond the basic plane", "🧾 𐍈 👩‍👧"),
    Labelled("right to left, with marks", "فاتورة \u202eabc\u202c עברית"),
    Labelled("a combining accent", "e\u0301 is not \u00e9"),
    Labelled("quotes and backslashes", "\"' \\ ` \\u0041 %s {x} ${y}"),
    Labelled("line breaks and tabs", "one\r\ntwo\n\tthree"),
    Labelled("markup", "<b>&amp;</b><!-- -->"),
    Labelled("spaces around", "  two  "),
    Labelled("120 characters", "n" * 116 + ".txt"),
)

_NESTED: Any = "deep"
for _level in range(12):
    _NESTED = {f"level{_level}": _NESTED} if _level % 3 else {f"level{_level}": [_NESTED]}

OBJECTS: tuple[Labelled, ...] = (
    Labelled("a NUL character", {"nul": "a\u0000b"}),
    Labelled("control characters", {"controls": "\u0001\u001f\u007f\u0085\u2028"}),
    Labelled("an empty key", {"": "empty key"}),
    Labelled("keys that need escapes", {"a/b": 1, "a~b": 2, "a.b": 3, "$ref": "#/x", "__proto__": "p"}),
    Labelled("a key beyond ASCII", {"größe": "L", "鍵": "v"}),
    Labelled("large integers", {"int32": 2**31, "int32_min": -(2**31) - 1, "largest": _LARGEST, "smallest": -_LARGEST}),
    Labelled("fractions", {"third": 0.3333333333333333, "tiny": 1.5e-9, "huge": 1.5e300, "minus": -0.25}),
    Labelled("empty values", {"text": "", "list": [], "object": {}, "nothing": None}),
    Labelled("booleans and zero", {"yes": True, "no": False, "zero": 0, "zero_text": "0"}),
    Labelled("numbers as text", {"code": "0042", "price": "1.50", "exponent": "1e5"}),
    Labelled("dates as text", {"day": "2026-02-30", "time": "2026-02-09T25:00:00Z"}),
    Labelled("deep nesting", {"nested": _NESTED}),
    Labelled("a long array", {"list": list(range(100))}),
    Labelled("mixed arrays", {"list": [1, "1", None, True, [1], {"a": [None]}]}),
    Labelled("many keys", {f"key{number}": number for number in range(60)}),
    Labelled("keys that differ in case", {"Key": 1, "key": 2, "KEY": 3}),
    Labelled("a long text", {"text": "x" * 1_000}),
    Labelled("names of the API", {"id": "mine", "object": "mine", "status": "mine", "metadata": {"metadata": 1}}),
    *(Labelled(item.about, {f"text {number}": item.value}) for number, item in enumerate(TEXTS, 1)),
)  # fmt: skip

_TEXT = st.text(max_size=30)
_LEAF = (
    st.none()
    | st.booleans()
    | st.integers(-_LARGEST, _LARGEST)
    | st.floats(-1e300, 1e300, allow_subnormal=False)
    | _TEXT
)


def objects() -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects, small enough for every server."""
    inner = st.recursive(
        _LEAF,
        lambda child: st.lists(child, max_size=4) | st.dictionaries(_TEXT, child, max_size=4),
        max_leaves=12,
    )
    return st.dictionaries(_TEXT, inner, min_size=1, max_size=5).filter(_small)


@cache
def random_objects(count: int, seed: int) -> Sequence[dict[str, Any]]:
    """Up to ``count`` examples of ``objects``: the same for every place that takes some."""
    return examples(objects(), count, seed)


def together(values: Iterable[Labelled], most: int) -> Iterator[Labelled]:
    """Objects as few larger ones, each of up to ``most`` of them that have no key in common."""
    groups: list[list[Labelled]] = []
    for value in values:
        fitting = (group for group in groups if len(group) < most and _small(_merged([*group, value])))
        free = (
            group for group in fitting if not any(value.value.keys() & item.value.keys() for item in group)
        )
        group = next(free, None)
        if group is None:
            groups.append([value])
        else:
            group.append(value)
    for group in groups:
        yield Labelled("; ".join(item.about for item in group), _merged(group))


def _merged(group: Iterable[Labelled]) -> dict[str, Any]:
    return {key: value for item in group for key, value in item.value.items()}


def _small(value: Any) -> bool:
    return len(json.dumps(value)) <= _MOST_BYTES


T = TypeVar("T")


def examples(strategy: st.SearchStrategy[T], count: int, seed: int) -> Sequence[T]:
    """Up to ``count`` examples; the same seed gives the same ones. Nothing is stored, nothing is shrunk."""
    found: list[T] = []

    @hypothesis.seed(seed)
    @choosing(count)
    @hypothesis.given(strategy)
    def collect(value: T) -> None:
        found.append(value)

    collect()
    return found
