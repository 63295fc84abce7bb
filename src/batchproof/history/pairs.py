"""Signatures of which name and value stand side by side: ``{"name": …, "value": …}`` and ``[name, value]``."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from batchproof.history.spellings import NOT_AMONG_BACKSLASHES

_NAMES = frozenset({"name", "key", "k", "n", "field", "header", "param", "parameter"})
_VALUES = frozenset({"value", "values", "val", "v", "content"})
# a list of two header names is no name with its value
_SHORTEST_ALONE = 16
_PAIR = 2

Says = Callable[[str], bool]


def patterns(names: str) -> tuple[re.Pattern[str], ...]:
    """What finds in a text the signatures whose names are ``names``, and what stands before each, as group 1.

    A text may be JSON, escaped or not, or a form in HTML.
    """
    quote, removed, alone = r"\\*[\"']", r"(?!\(signature\))", rf"[^\"'\\]{{{_SHORTEST_ALONE},}}"
    name = f"{NOT_AMONG_BACKSLASHES}(?:{quote})?\\b(?:{'|'.join(sorted(_NAMES))})(?:{quote})?"
    value = f"(?:{quote})?\\b(?:{'|'.join(sorted(_VALUES))})(?:{quote})?"
    named = rf"{name}\s*[:=]\s*{quote}(?:{names}){quote}"
    is_, next_ = rf"\s*[:=]\s*(?:\[\s*)?{quote}", r"\s*,?\s*"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"({named}{next_}{value}{is_}){removed}[^\"'\\]+",
            rf"({NOT_AMONG_BACKSLASHES}{value}{is_}){removed}[^\"'\\]+(?={quote}(?:\s*\])?{next_}{named})",
            rf"({NOT_AMONG_BACKSLASHES}{quote}(?:{names}){quote}\s*,\s*{quote}){removed}(?!(?:{names}){quote}){alone}",
        )
    )


def without(value: dict[str, Any], signature: str, says: Says) -> dict[str, Any]:
    """An object that names something and has its value, without that where its name ``says`` that it is a signature."""
    if not any(map(says, _named(value))):
        return value
    return {
        key: _emptied(child, signature) if key.lower() in _VALUES else child for key, child in value.items()
    }


def without_items(items: Sequence[Any], signature: str, of_a_vendor: Says, signed: Says) -> list[Any]:
    """A list of such objects, or of lists of name and value, without signatures.

    Something that is called ``policy``, say, is one only beside those of a vendor.
    """
    pairs = [item for item in items if isinstance(item, list) and len(item) == _PAIR and _are_text(item)]
    named = [*(pair[0] for pair in pairs), *(name for item in items for name in _named(item))]
    if any(map(of_a_vendor, named)):
        return [_without_pair(item, signature, signed) for item in items]
    return [
        signature if at and _follows(items[at - 1], item, of_a_vendor) else item
        for at, item in enumerate(items)
    ]


def _without_pair(item: Any, signature: str, signed: Says) -> Any:
    if isinstance(item, dict):
        return without(item, signature, signed)
    if isinstance(item, list) and len(item) == _PAIR and _are_text(item) and signed(item[0]):
        return [item[0], signature]
    return item


def _follows(name: Any, value: Any, of_a_vendor: Says) -> bool:
    """Whether ``value`` is what the name before it is for: names and values may alternate."""
    return (
        isinstance(name, str)
        and isinstance(value, str)
        and len(value) >= _SHORTEST_ALONE
        and of_a_vendor(name)
        and not of_a_vendor(value)
    )


def _named(item: Any) -> list[str]:
    if not isinstance(item, Mapping):
        return []
    return [child for key, child in item.items() if key.lower() in _NAMES and isinstance(child, str)]


def _emptied(value: Any, signature: str) -> Any:
    if isinstance(value, list):
        return [_emptied(child, signature) for child in value]
    return signature if isinstance(value, str) else value


def _are_text(items: Sequence[Any]) -> bool:
    return all(isinstance(item, str) for item in items)
